import type { Plan, PlanRow } from "@inchworm/spec";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStore } from "../store.js";
import type { FiguresOptions } from "../types/figures.js";
import type { Store } from "../types/store.js";

const day = 86_400_000;
const asOf = Date.UTC(2026, 0, 11);
let store: Store;
beforeEach(async () => {
  store = await openStore(":memory:");
});
afterEach(() => store.close());

const churn = { scorer: "churn", field: "churn_probability", probability: true };
const ask = (options: Partial<FiguresOptions> = {}) =>
  store.figures({ asOf, numbers: [churn], groups: [], ...options });

async function score(
  scorer: string,
  fields: Readonly<Record<string, readonly (string | number | null)[]>>,
): Promise<void> {
  const values = Object.values(fields)[0];
  await store.saveScores({
    scorer,
    modelId: `${scorer}-1`,
    asOf,
    contacts: Int32Array.from(values, (_, index) => index + 1),
    fields,
    reasons: values.map(() => []),
    abstained: values.map((value) => (value === null ? "no order yet" : undefined)),
  });
}

describe("figures", () => {
  it("are empty where nothing was scored", async () => {
    expect(await ask({ groups: [{ scorer: "segments", field: "segment" }] })).toEqual({
      spreads: [],
      moves: [],
      groups: [],
      ranks: [],
      hours: [],
      deliveries: [],
    });
  });

  it("count every number once, edges with the bin above and 1 with the last", async () => {
    // 0.15 and 0.3 are no multiples of 0.05 in doubles
    const values = [0, 0.05, 0.1, 0.15, 0.3, 0.6, 0.95, 1, null];
    await score("churn", { churn_probability: values });
    const [spread] = (await ask()).spreads;
    expect(spread).toMatchObject({ contacts: 8, least: 0, most: 1, mean: 3.15 / 8 });
    expect(spread.bins.flatMap(({ contacts }, bin) => Array(contacts).fill(bin))).toEqual([
      0, 1, 2, 3, 6, 12, 19, 19,
    ]);
    expect(spread.bins[3]).toMatchObject({ from: 0.15, to: 0.2 });
    expect(spread.hundredths).toEqual(
      [1, 0.95, 0.6, 0.3, 0.15, 0.1, 0.05, 0].map((sum) => ({ contacts: 1, sum })),
    );
  });

  it("cut hundredths that differ by no more than one person, the highest first", async () => {
    await score("churn", { churn_probability: Array.from({ length: 250 }, (_, at) => at / 1000) });
    const [{ hundredths }] = (await ask()).spreads;
    expect(hundredths).toHaveLength(100);
    expect(new Set(hundredths.map(({ contacts }) => contacts))).toEqual(new Set([2, 3]));
    expect(hundredths.reduce((sum, { contacts }) => sum + contacts, 0)).toBe(250);
    expect(hundredths[0].sum).toBeCloseTo(0.249 + 0.248, 9);
  });

  it("give one bin to numbers that are all alike, and put what is far out in the last", async () => {
    const value = { scorer: "value", field: 'odd"field', probability: false };
    await score("value", { 'odd"field': [7, 7, 7] });
    const [alike] = (await ask({ numbers: [value] })).spreads;
    expect(alike.bins.reduce((sum, { contacts }) => sum + contacts, 0)).toBe(3);
    await score("value", { 'odd"field': [...Array(199).keys(), 1e9] });
    const [far] = (await ask({ numbers: [value] })).spreads;
    expect(far.most).toBe(1e9);
    expect(far.bins[19]).toMatchObject({ to: 197 });
    expect(far.bins.reduce((sum, { contacts }) => sum + contacts, 0)).toBe(200);
    expect(far.bins[19].contacts).toBe(
      [...Array(199).keys()].filter((each) => each >= 187.15).length + 1,
    );
  });

  it("part people into groups with what they ordered before that day", async () => {
    const order = (id: string, contact: string, at: number, total: number) => ({
      id,
      contact,
      at,
      total,
      currency: "EUR",
    });
    await store.ingest({ name: "shop", system: "customer" }, {
      records: {
        contact: ["a", "b", "c"].map((id) => ({ id, identities: [] })),
        order: [
          order("1", "a", asOf - 10 * day, 20),
          order("2", "a", asOf - 4 * day, 30),
          order("3", "a", asOf + day, 999),
          order("4", "b", asOf - 2 * day, -5),
        ],
      },
      cursor: {},
    } as never);
    await score("segments", {
      segment: ["loyal", "loyal", "new"],
      rfm: ["5-4-3", "5-4-1", "1-1-1"],
    });
    await score("churn", { churn_probability: [0.2, 0.4, null] });
    const { groups, ranks } = await ask({ groups: [{ scorer: "segments", field: "segment" }] });
    const common = { scorer: "segments", field: "segment" };
    expect(groups).toEqual([
      {
        ...common,
        name: "loyal",
        contacts: 2,
        orders: 1,
        spend: 25,
        daysSinceOrder: 4,
        means: { churn: expect.closeTo(0.3, 12) },
      },
      { ...common, name: "new", contacts: 1, orders: 0, spend: 0, means: {} },
    ]);
    expect(ranks).toEqual([
      { recency: 1, frequency: 1, contacts: 1, monetary: 1 },
      { recency: 5, frequency: 4, contacts: 2, monetary: 2 },
    ]);
  });

  it("tell who rose and fell since an earlier day, and who came and went", async () => {
    await score("churn", { churn_probability: [0.3, 0.5, 0.9, 0.1, null] });
    const kept = (at: number, values: readonly number[], contacts: readonly number[]) =>
      store.keepScores({
        scorer: "churn",
        modelId: "churn-0",
        asOf: at,
        until: at + 90 * day,
        contacts: Int32Array.from(contacts),
        values: Float64Array.from(values),
      });
    await kept(asOf, [0.3, 0.5, 0.9, 0.1], [1, 2, 3, 4]);
    expect((await ask()).moves).toEqual([]);
    await kept(asOf - 20 * day, [0.2, 0.6, 0.85, 0.7], [1, 2, 3, 5]);
    expect((await ask()).moves).toEqual([
      {
        scorer: "churn",
        field: "churn_probability",
        since: asOf - 20 * day,
        now: asOf,
        contacts: 3,
        meanThen: expect.closeTo(0.55, 12),
        meanNow: expect.closeTo(1.7 / 3, 12),
        step: 0.1,
        rose: 1,
        fell: 1,
        newcomers: 1,
        gone: 1,
      },
    ]);
  });

  it("tell hours of the week, and nothing of hours that are none", async () => {
    await score("send-time", {
      send_weekday: ["Monday", "Sunday", "Sunday", "Someday"],
      send_hour: [0, 23, 23, 5],
    });
    expect((await ask()).hours).toEqual([
      { hour: 0, contacts: 1 },
      { hour: 167, contacts: 2 },
    ]);
  });

  it("tell what became of the latest plan, and how many records hold our values", async () => {
    const rows: PlanRow[] = [1, 2, 3, 4].map((contact) => ({
      contact,
      action: "update",
      recordId: `r${contact}`,
      values: { segment: "loyal" },
    }));
    const plan = (id: string): Plan => ({
      id,
      destination: "hubspot:scores",
      createdAt: asOf,
      fields: [],
      missingFields: [],
      updates: 4,
      clears: 0,
      skips: 6,
      skipReasons: { unchanged: 6 },
      requests: 1,
      minutes: 0,
      digest: "",
    });
    const save = (id: string, kept: readonly PlanRow[]) =>
      store.savePlan(
        id,
        "hubspot:scores",
        (async function* () {
          yield kept;
        })(),
        () => plan(id),
      );
    await save("p1", rows);
    await store.begin("p1");
    await store.settle("p1", rows.slice(0, 3), [
      { outcome: "updated" },
      { outcome: "skipped", code: "gone", message: "It is gone." },
      { outcome: "failed", code: "server", message: "It failed.", retryable: true },
    ] as never);
    const told = {
      destination: "hubspot:scores",
      createdAt: asOf,
      cleared: 0,
      skipReasons: { unchanged: 6 },
    };
    expect((await ask()).deliveries).toEqual([
      {
        ...told,
        begun: true,
        updated: 1,
        skipped: 7,
        failed: 1,
        pending: 1,
        records: 1,
        writtenAt: expect.any(Number),
      },
    ]);
    // what failed may hold a value; it does not count
    const next: PlanRow[] = [{ ...rows[0], action: "clear", values: { segment: null } }, rows[3]];
    await save("p2", next);
    const open = { updated: 0, skipped: 6, failed: 0, pending: 2, records: 1 };
    expect(await ask()).toMatchObject({ deliveries: [{ ...told, begun: false, ...open }] });
    await store.begin("p2");
    await store.settle("p2", next, [{ outcome: "updated" }, { outcome: "updated" }] as never);
    // the first is empty now, the fourth holds something
    const done = { updated: 1, cleared: 1, pending: 0, records: 1 };
    expect(await ask()).toMatchObject({ deliveries: [{ begun: true, ...done }] });
    await save("p3", []);
    expect(await ask()).toMatchObject({ deliveries: [{ updated: 0, cleared: 0, records: 1 }] });
  });

  it("list what one contact did, the latest first", async () => {
    await store.ingest({ name: "shop", system: "customer" }, {
      records: {
        contact: [{ id: "a", identities: [] }],
        order: [{ id: "1", contact: "a", at: asOf, total: 12.5, currency: "EUR" }],
        engagement: [{ contact: "a", type: "visit", at: asOf - day }],
      },
      cursor: {},
    } as never);
    expect(await store.timeline(1)).toEqual([
      { at: asOf, kind: "order", total: 12.5, currency: "EUR" },
      { at: asOf - day, kind: "visit" },
    ]);
    expect(await store.timeline(1, 1)).toHaveLength(1);
    expect(await store.timeline(99)).toEqual([]);
  });
});
