import type { SalesforceFaults, SalesforceRecord } from "@inchworm/sandbox";
import { makePlan, push, verify } from "@inchworm/sync";
import { afterEach, expect, it } from "vitest";
import { killAgainAndAgain, type Pushers, pushers } from "./support/pushers.js";
import { type ScoredOrganization, scoredOrganization } from "./support/scored-organization.js";
import { fields, saveScores, type Values } from "./support/scored-portal.js";

const ours = { probability: "inchworm_churn_probability__c", band: "inchworm_churn_band__c" };
/** The last so many of each are nobody's scores. */
const bystanders = 150;
const clearedOfEach = 100;
const faults = {
  rateLimit: 0.05,
  serverError: 0.02,
  dropped: 0.01,
  cut: 0.01,
  sessionEnds: 0.02,
} satisfies Partial<SalesforceFaults>;

let world: ScoredOrganization;
let children: Pushers;
afterEach(async () => {
  await children?.end();
  await world?.end();
});

const standing = (): SalesforceRecord[] => [
  ...world.sandbox.records("Contact"),
  ...world.sandbox.records("Lead"),
];

/** All of a record that is not ours. */
function foreign({ fields: values, id, createdAt, deleted }: SalesforceRecord) {
  const { [ours.probability]: probability, [ours.band]: band, ...others } = values;
  return { id, createdAt, deleted, others };
}

it.each([
  {
    how: "collections",
    people: { contacts: 4000, leads: 1500 },
    kills: 50,
    batch: 10,
    options: {},
    written: /PATCH composite\/sobjects /,
    each: { writes: 25, ms: 30 },
  },
  {
    how: "bulk jobs",
    people: { contacts: 9000, leads: 3000 },
    kills: 50,
    batch: 201,
    options: { writing: "bulk", jobRows: 201, limits: { poll: { perMs: 20 } } },
    // making the job, uploading, closing, looking and reading: a kill can come between any two
    written: /jobs\/ingest|jobs\/\{kind\}/,
    each: { writes: 26, ms: 40 },
  },
] as const)(
  "$kills kills, refusals, failures, ended sessions and lost connections leave in Salesforce what the plan holds, by $how",
  { timeout: 300_000 },
  async ({ people, kills, batch, options, written, each }) => {
    world = await scoredOrganization(
      people,
      { seed: 7, daily: 10_000_000, jobMs: 20 },
      {
        ...options,
        limits: {
          rest: { requests: 1000, perMs: 1000 },
          bulk: { requests: 1000, perMs: 1000 },
          login: { requests: 1000, perMs: 1000 },
          ...("limits" in options ? options.limits : {}),
        },
      },
    );
    const { sandbox, adapter, gate, withStore } = world;
    const { scores } = adapter;
    const ids = (object: string) => [...sandbox.records(object)].map(({ id }) => id);
    const parts = [ids("Contact"), ids("Lead")];
    const untouched = new Set(parts.flatMap((part) => part.slice(-bystanders)));
    const cleared = parts.flatMap((part) => part.slice(-bystanders - clearedOfEach, -bystanders));
    const scored = parts.flatMap((part) => part.slice(0, -bystanders - clearedOfEach));

    // an earlier push, whose scores some people keep and others lose
    const system = "salesforce";
    const early: Values = [0.111, "low"];
    const now = Date.now();
    await withStore(async (store) => {
      const first = new Set([...scored.slice(0, 100), ...cleared]);
      await saveScores(store, (id) => (first.has(id) ? early : undefined), system);
      await push(await makePlan(scores, store, fields, { gate, now }), scores, store, { gate });
    });
    const before = new Map(standing().map((record) => [record.id, record]));
    const wanted = new Map<string, Values>(
      scored.map((id, index) => [id, [(index % 997) / 1000, index % 3 === 0 ? "high" : "low"]]),
    );
    const plan = await withStore(async (store) => {
      await saveScores(store, (id) => wanted.get(id), system);
      return makePlan(scores, store, fields, { gate, now: now + 1 });
    });
    expect(plan).toMatchObject({ updates: scored.length, clears: cleared.length });
    const earlierWrites = sandbox.writes.length;

    sandbox.setFaults({ ...faults, latencyMs: [5, 15] });
    children = await pushers({
      file: world.file,
      platform: "salesforce",
      options: world.options,
      batch,
      written: () => sandbox.count(written),
    });
    const report = await killAgainAndAgain(children, { count: kills, ...each }, () =>
      withStore(async (store) => (await store.planState(plan.id))?.pending ?? 0),
    );
    expect(report).toMatchObject({ resumed: true, skipped: 0, failed: 0, unknown: 0 });
    expect(report?.updated).toBeLessThan(scored.length);

    // what stands in Salesforce is what the plan holds, and all else is as it was
    for (const record of standing()) {
      const old = before.get(record.id) as SalesforceRecord;
      expect(foreign(record)).toEqual(foreign(old));
      const values = wanted.get(record.id);
      expect([record.fields[ours.probability], record.fields[ours.band]]).toEqual([
        values?.[0],
        values?.[1],
      ]);
      if (untouched.has(record.id)) expect(record.modifiedAt).toBe(old.modifiedAt);
    }
    // on the wire there was never a value that the plan does not hold
    const planned = new Set([...scored, ...cleared]);
    const strangers = sandbox.writes.slice(earlierWrites).filter(({ id, name, value }) => {
      const [probability, band] = wanted.get(id) ?? ["", ""];
      const expected = { [ours.probability]: probability, [ours.band]: band }[name];
      return value !== expected || !planned.has(id);
    });
    expect(strangers).toEqual([]);
    expect(sandbox.created).toEqual([]);

    sandbox.setFaults({});
    await withStore(async (store) => {
      const verified = await verify(plan, scores, store, { gate });
      expect(verified).toMatchObject({ mismatches: 0, missing: 0 });
      expect(await store.planState(plan.id)).toMatchObject({ pending: 0, failed: 0 });
      const next = await makePlan(scores, store, fields, { gate, now: now + 2 });
      expect(next).toMatchObject({ updates: 0, clears: 0 });
    });
    const { injected } = sandbox.requests;
    for (const fault of Object.keys(faults)) expect(injected[fault], fault).toBeGreaterThan(0);
  },
);
