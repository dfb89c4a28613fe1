import type { MailchimpMember } from "@inchworm/sandbox";
import { makePlan, push, verify } from "@inchworm/sync";
import { afterAll, expect, it } from "vitest";
import { killAgainAndAgain, type Pushers, pushers } from "./support/pushers.js";
import { type ScoredAudience, scoredAudience } from "./support/scored-audience.js";
import { fields, saveScores, type Values } from "./support/scored-portal.js";

const kills = 50;

/** Operations of one batch: small, so that every life submits a few. */
const batch = 10;
const people = { scored: 4000, cleared: 200, bystanders: 300 };
const tags = { probability: "CHURN_P", band: "CHURN" };
let world: ScoredAudience;
let children: Pushers;

afterAll(async () => {
  await children?.end();
  await world?.end();
});

/** All of a member that is not ours. */
function foreign({ mergeFields, changedAt, ...rest }: MailchimpMember) {
  const { CHURN_P, CHURN, ...others } = mergeFields;
  return { ...rest, others };
}

it("50 kills, refusals, failures and lost connections leave in Mailchimp what the plan holds, and nothing else", {
  timeout: 300_000,
}, async () => {
  const count = people.scored + people.cleared + people.bystanders;
  world = await scoredAudience(
    Array.from({ length: count }, (_, index) => ({
      email: `person${index}@example.com`,
      // every hundredth has left, and is skipped
      status: index % 100 === 99 ? "unsubscribed" : "subscribed",
      tags: [`T${index % 7}`],
      mergeFields: { FNAME: `P${index}`, SHOE: index % 46 },
      language: "de",
      signedUpAt: Date.UTC(2025, 0, 1),
    })),
    {
      seed: 7,
      batchMs: [10, 60],
      mergeFields: [
        { tag: "SHOE", type: "number" },
        { tag: "MUST", required: true },
      ],
    },
    {
      directAtMost: 0,
      batchSize: batch,
      mergeTags: { churn_probability: tags.probability, churn_band: tags.band },
      limits: { looks: { requests: 200, perMs: 1_000, concurrency: 2 } },
    },
  );
  const { sandbox, ids, adapter, gate, withStore } = world;
  const [scored, cleared, bystanders] = [
    ids.slice(0, people.scored),
    ids.slice(people.scored, people.scored + people.cleared),
    ids.slice(people.scored + people.cleared),
  ];
  const left = new Set(ids.filter((_, index) => index % 100 === 99));
  const skipped = scored.filter((id) => left.has(id)).length;

  // an earlier push, whose scores some people keep and others lose
  const early: Values = [0.111, "low"];
  const now = Date.now();
  const { scores } = adapter;
  const system = "mailchimp";
  await withStore(async (store) => {
    const first = new Set([...scored.slice(0, 100), ...cleared]);
    await saveScores(store, (id) => (first.has(id) ? early : undefined), system);
    await push(await makePlan(scores, store, fields, { gate, now }), scores, store, { gate });
  });
  const written = cleared.filter((id) => !left.has(id));
  const before = new Map([...sandbox.members()].map((member) => [member.contactId, member]));
  sandbox.writes.length = 0;

  const wanted = new Map<string, Values>(
    scored.map((id, index) => [id, [(index % 997) / 1000, index % 3 === 0 ? "high" : "low"]]),
  );
  const plan = await withStore(async (store) => {
    await saveScores(store, (id) => wanted.get(id), system);
    return makePlan(scores, store, fields, { gate, now: now + 1 });
  });
  expect(plan).toMatchObject({ updates: people.scored, clears: written.length });

  sandbox.setFaults({
    rateLimit: 0.05,
    serverError: 0.02,
    dropped: 0.01,
    operationError: 0.02,
    latencyMs: [5, 15],
  });
  children = await pushers({
    file: world.file,
    platform: "mailchimp",
    options: world.options,
    batch,
    written: () => sandbox.count(/^POST \/batches /),
  });
  const report = await killAgainAndAgain(children, { count: kills, writes: 20, ms: 60 }, () =>
    withStore(async (store) => (await store.planState(plan.id))?.pending ?? 0),
  );
  expect(report).toMatchObject({ resumed: true, failed: 0, unknown: 0 });
  expect(report?.updated).toBeLessThan(people.scored);

  // what stands in Mailchimp is what the plan holds, and all else is as it was
  for (const member of sandbox.members()) {
    const { contactId: id, mergeFields, changedAt } = member;
    const old = before.get(id) as MailchimpMember;
    expect(foreign(member)).toEqual(foreign(old));
    const values = left.has(id) ? undefined : wanted.get(id);
    expect([mergeFields[tags.probability], mergeFields[tags.band]]).toEqual([
      values?.[0],
      values?.[1],
    ]);
    if (bystanders.includes(id) || left.has(id)) expect(changedAt).toBe(old.changedAt);
  }
  // on the wire there was never a value that the plan does not hold
  const planned = new Set([...scored.filter((id) => !left.has(id)), ...written]);
  const strangers = sandbox.writes.filter(({ contactId, tag, value }) => {
    const [probability, band] = wanted.get(contactId) ?? ["", ""];
    const expected = { [tags.probability]: probability, [tags.band]: band }[tag];
    return value !== expected || !planned.has(contactId);
  });
  expect(strangers).toEqual([]);
  expect(Object.keys(sandbox.requests.memberKeysSent)).toEqual(["merge_fields"]);
  expect(sandbox.created).toEqual([]);
  expect(sandbox.tagWrites).toEqual([]);

  sandbox.setFaults({});
  await withStore(async (store) => {
    const verified = await verify(plan, scores, store, { gate });
    expect(verified).toMatchObject({ mismatches: 0, missing: 0 });
    expect(await store.planState(plan.id)).toMatchObject({ pending: 0, failed: 0 });
    // who has left is looked at again, for they may come back
    const next = await makePlan(scores, store, fields, { gate, now: now + 2 });
    expect(next).toMatchObject({ updates: skipped, clears: 0 });
  });
  const { injected, mostUnderWay, refused } = sandbox.requests;
  for (const fault of ["rateLimit", "serverError", "dropped"])
    expect(injected[fault]).toBeGreaterThan(0);
  expect(mostUnderWay).toBeLessThanOrEqual(10);
  expect(refused).toBe(0);
});
