import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { madeUpShop, type Shop } from "@inchworm/sandbox";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { churn } from "./scorers/churn.js";
import { segments } from "./scorers/segments.js";
import { openWorkspace, type Workspace } from "./workspace.js";

const folder = mkdtempSync(join(tmpdir(), "inchworm-core-"));
const shop: Shop = madeUpShop({ contacts: 900, seed: 3 });
let workspace: Workspace;

beforeAll(async () => {
  workspace = await openWorkspace(join(folder, "shop.duckdb"));
  let page = 0;
  for (const records of shop.history())
    await workspace.store.ingest(
      { name: "shop", system: "customer" },
      { records, cursor: { page: page++ } },
    );
});
afterAll(async () => {
  await workspace.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("a workspace on the made-up shop", () => {
  it("publishes churn that beats recency, and the same card for the same data and seed", async () => {
    const {
      cards: [first],
    } = await workspace.train([churn({ horizonDays: 90 })]);
    expect(first.verdict).toBe("published");
    if (first.kind !== "probability") throw new Error("churn gives a probability");
    expect(first.metrics.auc.low).toBeGreaterThan(first.rule.auc.value);
    const {
      cards: [second],
    } = await workspace.train([churn({ horizonDays: 90 })]);
    expect(JSON.stringify(second)).toBe(JSON.stringify(first));
  });

  it("scores whom it can, says why not of the others, and is calibrated against what really came", async () => {
    await workspace.train([segments()]);
    const summaries = await workspace.score();
    expect(summaries.map(({ scorer }) => scorer)).toEqual(["churn", "segments"]);
    const ordered = new Set<string>();
    for (const { order } of shop.future(90))
      for (const { contact, total } of order ?? []) if (contact && total > 0) ordered.add(contact);
    const seen = { rows: 0, predicted: 0, lapsed: 0 };
    const bands: Record<string, { rows: number; lapsed: number }> = {};
    for await (const batch of workspace.store.contacts())
      for (const { contact, identities } of batch) {
        const customer = identities.find(({ system }) => system === "customer")?.id ?? "";
        const score = (await workspace.store.scoresOf(contact)).find(
          ({ scorer }) => scorer === "churn",
        );
        if (!score) continue;
        const probability = score.values.churn_probability;
        if (score.abstained !== undefined) {
          expect(score.abstained).toMatch(/^no order (yet|in the last 180 days)$/);
          expect(probability).toBeNull();
          continue;
        }
        expect(score.reasons.length).toBeGreaterThan(0);
        expect(score.reasons.length).toBeLessThanOrEqual(3);
        const lapsed = ordered.has(customer) ? 0 : 1;
        seen.rows++;
        seen.predicted += Number(probability);
        seen.lapsed += lapsed;
        const name = String(score.values.churn_band);
        bands[name] ??= { rows: 0, lapsed: 0 };
        bands[name].rows++;
        bands[name].lapsed += lapsed;
      }
    expect(seen.rows).toBeGreaterThan(400);
    expect(Math.abs(seen.predicted - seen.lapsed) / seen.rows).toBeLessThan(0.08);
    expect(bands.high.rows / seen.rows).toBeCloseTo(0.2, 1);
    expect(bands.low.rows / seen.rows).toBeCloseTo(0.5, 1);
    const rate = (name: string) => bands[name].lapsed / bands[name].rows;
    expect(rate("high")).toBeGreaterThan(rate("medium") + 0.1);
    expect(rate("medium")).toBeGreaterThan(rate("low") + 0.1);
  });

  it("refuses to plan with scores of an earlier model", async () => {
    const nowhere = { name: "nowhere", account: { system: "x", lanes: {} } } as never;
    await workspace.train([segments({ newcomerDays: 30 })]);
    await expect(workspace.plan(nowhere)).rejects.toThrow(
      "segments was trained again since it scored.",
    );
    const { withheld } = await workspace.explain("customer:C000001");
    expect(withheld).toEqual([
      { scorer: "segments", because: expect.stringMatching(/score again/) },
    ]);
    await workspace.train([segments()]);
  });

  it("neither trains on nor scores people who refuse profiling", async () => {
    const denied: string[] = [];
    for (const batch of shop.contacts())
      for (const { customer, profilingDenied } of batch) if (profilingDenied) denied.push(customer);
    expect(denied.length).toBeGreaterThan(3);
    await workspace.score();
    for (const customer of denied) {
      const found = await workspace.store.find(`customer:${customer}`);
      if (!found) continue;
      expect(found.profiling).toBe("denied");
      expect(await workspace.store.scoresOf(found.contact)).toEqual([]);
    }
  });

  it("explains a person and forgets one for good", async () => {
    const yearAgo = shop.until - 400 * 86_400_000;
    const regulars = [...shop.truth()]
      .flat()
      .filter(
        ({ stage, firstOrderAt }) =>
          stage === "active" && firstOrderAt !== undefined && firstOrderAt < yearAgo,
      );
    const person = `customer:${regulars[0].customer}`;
    const explained = await workspace.explain(person);
    expect(explained.scores.map(({ scorer }) => scorer)).toEqual(["churn", "segments"]);
    expect(explained.scores[0].question).toMatch(/90 days/);
    const { removed, models } = await workspace.forget(person);
    expect(removed.scores).toBe(2);
    expect(models.map(({ scorer }) => scorer)).toEqual(
      expect.arrayContaining(["churn", "segments"]),
    );
    await expect(workspace.explain(person)).rejects.toThrow(/Nobody here/);
  });
});

describe("a workspace without enough history", () => {
  it("says what is missing", async () => {
    const empty = await openWorkspace(":memory:");
    await expect(empty.train([churn()])).rejects.toMatchObject({ code: "insufficient-data" });
    await expect(empty.score()).rejects.toMatchObject({ code: "insufficient-data" });
    const order = (id: string, at: number) => ({ id, contact: "a", at, total: 10 });
    const now = Date.UTC(2026, 0, 1);
    await empty.store.ingest(
      { name: "s", system: "customer" },
      { records: { order: [order("1", now - 86_400_000), order("2", now)] }, cursor: {} },
    );
    await expect(empty.train([churn({ horizonDays: 30 })])).rejects.toThrow(
      /120 days of history, and there are \d: 11\d are missing/,
    );
    await empty.close();
  });

  it("trains what it can, and says why not the rest", async () => {
    const small = await openWorkspace(":memory:");
    const end = Date.UTC(2026, 0, 1);
    // everybody buys every week: nothing to tell apart for churn, and nothing for segments
    const order = Array.from({ length: 60 * 60 }, (_, index) => ({
      id: String(index),
      contact: `c${index % 60}`,
      at: end - (1 + Math.floor(index / 60)) * 7 * 86_400_000,
      total: 10,
    }));
    const page = { records: { order }, cursor: {} };
    await small.store.ingest({ name: "s", system: "customer" }, page);
    await expect(small.train([segments()])).rejects.toThrow(
      /^segments: of 60 customers 60 ordered again/,
    );
    await expect(small.train([segments(), churn()])).rejects.toMatchObject({
      code: "insufficient-data",
    });
    await small.close();
  });

  it("does not let a line from the future move the day of the scores", async () => {
    const odd = await openWorkspace(":memory:", { now: () => Date.UTC(2026, 5, 1) });
    await odd.store.ingest(
      { name: "a", system: "customer" },
      {
        records: {
          order: [{ id: "late", contact: "C000001", at: Date.UTC(2099, 0, 1), total: 5 }],
        },
        cursor: {},
      },
    );
    await expect(odd.train([segments()])).rejects.toThrow(/no history yet/);
    await odd.close();
  });

  it("refuses options that make no sense", () => {
    expect(() => churn({ horizonDays: 0 })).toThrow(
      'churn: "horizonDays" must be an integer ≥ 1, got 0.',
    );
    expect(() => churn({ activeDays: 1.5 })).toThrow('"activeDays"');
  });
});
