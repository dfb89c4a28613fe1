import type { Destination, Field } from "@inchworm/spec";
import { describe, expect, it } from "vitest";
import { heldOut } from "../holdout/held-out.js";
import { fieldOf } from "../holdout/publish.js";
import { day, proofShop, start } from "./proof-shop.fixture.js";

const weeks = (count: number) => count * 7 * day;

describe("a holdout in a workspace", () => {
  it("is drawn, published as a field, and left out of what is sent", async () => {
    const { shop, order, today } = await proofShop(300);
    await order(start, 56);
    today(start + weeks(8));
    const { holdout, added } = await shop.holdOut();
    expect(added).toBe(300);
    expect(holdout.counts[0]).toBeGreaterThan(15);
    today(start + weeks(8) + 1);
    await shop.holdOut({ name: "Spring Sale", share: 0.5 });
    const [scores] = await shop.store.scoresOf(1);
    expect(Object.keys(scores.values)).toContain("holdout");
    expect(Object.keys(scores.values)).toContain(fieldOf("Spring Sale"));
    expect(fieldOf("Spring Sale")).toMatch(/^holdout_spring_sale_[0-9a-f]{6}$/);
    expect(fieldOf("spring_sale")).toBe("holdout_spring_sale");
    expect(fieldOf("日本")).toMatch(/^holdout_[0-9a-f]{6}$/);
    const fields: Field[] = [];
    const portal = {
      name: "hubspot:scores",
      account: { system: "hubspot", lanes: { all: { requests: 10, perMs: 1, concurrency: 1 } } },
      batchSize: 100,
      lane: "all",
      prepare: async (given: readonly Field[]) => {
        fields.push(...given);
        return { missing: [], present: given.map(({ name }) => name) };
      },
    } as unknown as Destination;
    const plan = await shop.plan(portal);
    expect(plan.updates).toBe(300);
    expect(fields.map(({ name, options }) => [name, options])).toEqual([
      ["holdout", ["holdout", "treated"]],
      [fieldOf("Spring Sale"), ["holdout", "treated"]],
    ]);
    await shop.holdOut();
    expect(await shop.store.stale(plan.id)).toBeUndefined();
    const everything = await heldOut(shop.store, "other");
    const spring = await heldOut(shop.store, "Spring Sale");
    expect(everything.size).toBe(holdout.counts[0]);
    expect(spring.size).toBeGreaterThan(everything.size + 90);
    const again = await shop.holdOut({ name: "Spring Sale" });
    expect(again).toMatchObject({ added: 0, holdout: { version: 1, within: "universal" } });
    await shop.close();
  });
});

describe("an experiment on a shop", () => {
  it("finds what being treated brought, less vaguely by what was to be expected", async () => {
    // one seed here; how often intervals hold is counted over many by the benchmark
    const { shop, order, today } = await proofShop(3000, 5);
    await order(start, 84);
    const from = start + weeks(12);
    today(from);
    await shop.holdOut({ name: "spring", share: 0.4 });
    await expect(shop.experiment({ holdout: "spring" })).rejects.toMatchObject({
      code: "insufficient-data",
    });
    const held = await heldOut(shop.store, "spring");
    await order(from, 42, (contact) => (held.has(contact) ? 0 : 0.1));
    today(from + weeks(6));
    const ask = (adjust: false | "history" | "model") =>
      shop.experiment({ holdout: "spring", outcome: "orders", days: 42, adjust });
    const [plain, history, model] = [await ask(false), await ask("history"), await ask("model")];
    for (const { verdict, effects } of [plain, history, model]) {
      expect(verdict).toBe("brought");
      // six weeks of 0.1 more
      expect(effects[0].effect.low).toBeLessThan(0.6);
      expect(effects[0].effect.high).toBeGreaterThan(0.6);
    }
    expect(history.effects[0].varianceCut).toBeGreaterThan(0.1);
    expect(model.effects[0].varianceCut).toBeGreaterThan(0.1);
    expect(plain.effects[0].varianceCut).toBeUndefined();
    expect(history).toMatchObject({ from, until: from + weeks(6), people: 3000, kind: "amount" });
    await expect(shop.experiment({ holdout: "none" })).rejects.toThrow(/no holdout "none"/);
    await expect(shop.experiment({ outcome: "luck" as never })).rejects.toThrow(
      /no outcome "luck"/,
    );
    await expect(shop.experiment({ holdout: "spring", days: 0 })).rejects.toThrow(/"days"/);
    await shop.close();
  });
});

describe("the proof", () => {
  it("tells campaign by campaign and per scorer, and the same again later", async () => {
    const { shop, order, rates, today } = await proofShop(4000);
    await order(start, 84);
    const from = start + weeks(12);
    today(from);
    await shop.holdOut({ share: 0.5 });
    const held = await heldOut(shop.store, "any");
    await expect(shop.decide({ campaign: "first", scorer: "churn" })).rejects.toThrow(/no model/);
    const half = Int32Array.from({ length: 2000 }, (_, row) => row + 1);
    const decided = await shop.decide({ campaign: "first", contacts: half, cost: 0.5 });
    expect(decided.treat.length + decided.without.length).toBe(2000);
    expect(decided.without.every((contact) => held.has(contact))).toBe(true);
    await order(from, 28, (contact) => (held.has(contact) || contact > 2000 ? 0 : 0.15));
    today(from + weeks(4));
    await shop.decide({ campaign: "second", cost: 0.5 });
    await order(from + weeks(4), 28);
    today(from + weeks(8));

    const report = await shop.proof({ days: 28 });
    const [first, second] = report.campaigns;
    expect(first).toMatchObject({ campaign: "first", verdict: "brought", people: 2000 });
    expect(first.cost).toBeCloseTo(0.5 * first.treated, 6);
    // the chance of an order in four weeks, with and without 0.15 more a week
    const truth = Array.from(decided.treat, (contact) => {
      const rate = rates[contact - 1];
      return (1 - rate) ** 4 - (1 - rate - 0.15) ** 4;
    }).reduce((sum, one) => sum + one, 0);
    expect(first.incremental?.low).toBeLessThan(truth);
    expect(first.incremental?.high).toBeGreaterThan(truth);
    expect(first.costPerIncremental?.value).toBeCloseTo(
      first.cost / (first.incremental?.value ?? 0),
      6,
    );
    expect(first.costPerIncremental?.low).toBeLessThan(first.cost / truth);
    expect(second.verdict).not.toBe("brought");
    expect(second.costPerIncremental).toBeUndefined();
    expect(report.scorers).toHaveLength(1);
    expect(report.scorers[0]).toMatchObject({ campaigns: 2, verdict: "cannot tell", alarms: [] });
    expect(report.universal?.result.verdict).toBeDefined();

    const early = await shop.proof({ asOf: from + weeks(4), days: 28 });
    expect(early.campaigns.map(({ campaign }) => campaign)).toEqual(["first"]);
    await order(from + weeks(8), 28, () => 0.3);
    today(from + weeks(12));
    await shop.decide({ campaign: "third" });
    expect(await shop.proof({ asOf: from + weeks(4), days: 28 })).toEqual(early);
    expect(await shop.proof({ asOf: from + weeks(8), days: 28 })).toEqual(report);
    await shop.close();
  });

  it("of nothing says so", async () => {
    const { shop, order } = await proofShop(20);
    await order(start - weeks(2), 7);
    const report = await shop.proof();
    expect(report).toMatchObject({ campaigns: [], scorers: [] });
    expect(report.notes[0]).toMatch(/No decision had been logged by 2024-12-/);
    await expect(shop.proof({ days: -1 })).rejects.toThrow(/"days"/);
    await shop.close();
  });
});
