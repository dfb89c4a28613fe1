import { makePlan, push } from "@inchworm/sync";
import { afterAll, beforeAll, expect, it } from "vitest";
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
