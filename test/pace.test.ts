import type { Gate } from "@inchworm/spec";
import { makePlan, push } from "@inchworm/sync";
import { afterAll, beforeAll, expect, it } from "vitest";
import { scoredAudience } from "./support/scored-audience.js";
import { fields, type ScoredPortal, saveScores, scoredPortal } from "./support/scored-portal.js";

/** A Professional account's requests in ten seconds, by HubSpot's documentation. */
const perWindow = 190;
const windowMs = 10_000;
/** Nearly three windows: what finds no place in the third would only wait for a fourth. */
const people = (3 * perWindow - 20) * 100;
let world: ScoredPortal;

beforeAll(async () => {
  world = await scoredPortal(people);
});
afterAll(() => world?.end());

it("a push at the documented rate uses 95 % of the allowed requests and is never refused", {
  timeout: 120_000,
}, async () => {
  const { sandbox, portal, gate, withStore } = world;
  sandbox.record({ bodies: false, writes: false });
  await withStore(async (store) => {
    await saveScores(store, (id) => [(Number(id) % 1000) / 1000, "low"]);
    const plan = await makePlan(portal.scores, store, fields, { gate, now: Date.now() });
    expect(plan.updates).toBe(people);

    sandbox.setFaults({ latencyMs: [150, 300] });
    const report = await push(plan, portal.scores, store, { gate });
    expect(report).toMatchObject({ updated: plan.updates, failed: 0, unknown: 0 });

    const { allowed, refused, maxInWindow } = sandbox.requests;
    expect(allowed).toMatchObject({ perWindow, windowMs });
    expect(refused).toEqual({ tenSecondly: 0, secondly: 0, daily: 0 });
    expect(maxInWindow).toBeLessThanOrEqual(perWindow);

    // warm: with the first window full, each request frees the place of one that came 190 places before it
    const arrivals = sandbox.log.map(({ at }) => at);
    const cycles = arrivals
      .slice(2 * perWindow)
      .map((at, place) => at - arrivals[place + perWindow]);
    const mean = cycles.reduce((sum, cycle) => sum + cycle, 0) / cycles.length;
    expect(cycles.length).toBeGreaterThan(150);
    expect(windowMs / mean).toBeGreaterThanOrEqual(0.95);
  });
});

/** Requests under way at one time, over all keys of a user, by Mailchimp's documentation. */
const connections = 10;

it("reading from Mailchimp fills 95 % of the allowed connections and is never refused", {
  timeout: 120_000,
}, async () => {
  const members = 400;
  const audience = await scoredAudience(
    Array.from({ length: members }, (_, index) => ({ email: `person${index}@example.com` })),
    { connections },
    {
      directAtMost: members,
      limits: {
        standard: { requests: 1_000, perMs: 1_000, concurrency: connections },
        looks: { requests: 100, perMs: 1_000 },
      },
    },
  );
  try {
    const { sandbox, adapter, gate, ids } = audience;
    await adapter.scores.prepare(fields, { gate });
    sandbox.setFaults({ latencyMs: 200 });
    // how many are under way, from the first that finds all places taken to the last that waits for one
    let flying = 0;
    let started = 0;
    let taken = 0;
    let since = 0;
    let changedAt = 0;
    const note = (step: number) => {
      const now = performance.now();
      if (since > 0 && started < members) taken += flying * (now - changedAt);
      if (since > 0 && started < members) since += now - changedAt;
      flying += step;
      changedAt = now;
      if (flying === connections && since === 0) since = Number.MIN_VALUE;
    };
    const watching: Gate = {
      request: (request, call) =>
        gate.request(request, async (signal) => {
          note(1);
          started++;
          return call(signal).finally(() => note(-1));
        }),
      observe: (lane, allowance) => gate.observe(lane, allowance),
    };
    const read = await adapter.scores.read(ids, fields, { gate: watching });
    expect(read.filter((row) => row !== undefined)).toHaveLength(members);
    const { refused, mostUnderWay } = sandbox.requests;
    expect({ refused, mostUnderWay }).toEqual({ refused: 0, mostUnderWay: connections });
    expect(taken / since / connections).toBeGreaterThanOrEqual(0.95);
  } finally {
    await audience.end();
  }
});
