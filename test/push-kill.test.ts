import { hubspot } from "@inchworm/hubspot";
import { accountGate, makePlan, push, verify } from "@inchworm/sync";
import { afterAll, expect, it } from "vitest";
import { killAgainAndAgain, type Pushers, pushers } from "./support/pushers.js";
import {
  fields,
  type ScoredPortal,
  saveScores,
  scoredPortal,
  type Values,
} from "./support/scored-portal.js";

const kills = 50;
/** Rows of one request: small, so that every life sends a few. */
const batch = 10;
const people = { scored: 8000, cleared: 200, bystanders: 300 };

let world: ScoredPortal;
let children: Pushers;

afterAll(async () => {
  await children?.end();
  await world?.end();
});

it("50 kills, refusals, failures, lost connections and answers, and tokens that end leave what the plan holds, and nothing else", {
  timeout: 240_000,
}, async () => {
  world = await scoredPortal(people.scored + people.cleared + people.bystanders, {
    seed: 7,
    // a raised tier with a short window, so that a refusal costs a tenth of a second and not ten
    perWindow: 20,
    windowMs: 100,
    daily: 10_000_000,
  });
  const { sandbox, ids, portal, gate, withStore } = world;
  const [scored, cleared, bystanders] = [
    ids.slice(0, people.scored),
    ids.slice(people.scored, people.scored + people.cleared),
    ids.slice(people.scored + people.cleared),
  ];

  // an earlier push, whose scores some people keep and others lose
  const early: Values = [0.111, "low"];
  const scores = { ...portal.scores, batchSize: batch };
  const now = Date.now();
  await withStore(async (store) => {
    const first = new Set([...scored.slice(0, 100), ...cleared]);
    await saveScores(store, (id) => (first.has(id) ? early : undefined));
    await push(await makePlan(scores, store, fields, { gate, now }), scores, store, { gate });
  });
  const touched = new Map(bystanders.map((id) => [id, sandbox.contact(id)]));
  sandbox.writes.clear();

  const wanted = new Map<string, Values>(
    scored.map((id, index) => [id, [(index % 997) / 1000, index % 3 === 0 ? "high" : "low"]]),
  );
  const plan = await withStore(async (store) => {
    await saveScores(store, (id) => wanted.get(id));
    return makePlan(scores, store, fields, { gate, now: now + 1 });
  });
  expect(plan).toMatchObject({ updates: people.scored, clears: people.cleared });

  sandbox.setFaults({
    rateLimit: 0.05,
    serverError: 0.02,
    dropped: 0.01,
    cut: 0.01,
    latencyMs: [10, 30],
  });
  let until = 100;
  children = await pushers({
    file: world.file,
    platform: "hubspot",
    options: { baseUrl: sandbox.url, oauth: sandbox.oauth },
    batch,
    written() {
      const count = sandbox.count("/batch/update ");
      // in the middle of a push, every token that was given ends
      if (count > until) {
        sandbox.expireToken();
        until += 200;
      }
      return count;
    },
  });
  const report = await killAgainAndAgain(children, { count: kills, writes: 30, ms: 30 }, () =>
    withStore(async (store) => (await store.planState(plan.id))?.pending ?? 0),
  );
  expect(report).toMatchObject({ resumed: true, skipped: 0, failed: 0, unknown: 0 });
  expect(report?.updated).toBeLessThan(people.scored);

  // what stands in HubSpot is what the plan holds
  const text = (values: Values | undefined) => ({
    inchworm_churn_probability: values ? String(values[0]) : undefined,
    inchworm_churn_band: values?.[1],
  });
  for (const id of [...scored, ...cleared]) {
    const properties = sandbox.contact(id)?.properties ?? {};
    expect({
      inchworm_churn_probability: properties.inchworm_churn_probability,
      inchworm_churn_band: properties.inchworm_churn_band,
      lifecyclestage: properties.lifecyclestage,
    }).toEqual({ ...text(wanted.get(id)), lifecyclestage: "customer" });
  }
  // on the wire there was never a value that the plan does not hold
  const plannedIds = new Set([...scored, ...cleared]);
  const strangers = [...sandbox.writes].filter(({ id, name, value }) => {
    const expected = text(wanted.get(id)) as Record<string, string | undefined>;
    return !(name in expected) || value !== (expected[name] ?? "") || !plannedIds.has(id);
  });
  expect(strangers).toEqual([]);
  // nobody else was touched, not even in their modified date, and nobody was created
  for (const id of bystanders) expect(sandbox.contact(id)).toEqual(touched.get(id));
  expect(sandbox.created).toEqual([]);

  sandbox.setFaults({});
  expect(sandbox.count(/batch\/update 401$/)).toBeGreaterThan(0);
  await withStore(async (store) => {
    const renewed = hubspot({ accessToken: sandbox.token, baseUrl: sandbox.url });
    const { scores } = renewed;
    const gate = accountGate(renewed.account);
    const verified = await verify(plan, scores, store, { gate });
    expect(verified).toMatchObject({ mismatches: 0, missing: 0 });
    expect(await store.planState(plan.id)).toMatchObject({
      pending: 0,
      failed: 0,
      done: people.scored + people.cleared,
    });
    const next = await makePlan(scores, store, fields, { gate, now: now + 2 });
    expect(next).toMatchObject({ updates: 0, clears: 0 });
  });
  const { injected } = sandbox.requests;
  for (const fault of ["rateLimit", "serverError", "dropped", "cut"])
    expect(injected[fault]).toBeGreaterThan(0);
});
