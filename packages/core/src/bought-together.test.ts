import { random } from "@inchworm/learn";
import { openStore } from "@inchworm/store";
import { describe, expect, it } from "vitest";
import { atLeast, boughtTogether, liftOf } from "./bought-together.js";

const asOf = Date.UTC(2025, 5, 15);

async function storeOf(orders: readonly (readonly string[])[]) {
  const store = await openStore(":memory:");
  const orderLine = orders.flatMap((items, order) =>
    items.map((item) => ({ order: `${order}`, at: asOf - 1000, item, quantity: 1, unitPrice: 5 })),
  );
  await store.ingest(
    { name: "shop", system: "shop" },
    { records: { item: [{ id: "tea", name: "Green tea" }], orderLine }, cursor: {} },
  );
  return store;
}

/** Thirty products, each in a tenth of the orders, whatever else is in them. */
const byChance = (orders: number, seed: number) => {
  const { uniform } = random(seed);
  const items = Array.from({ length: 30 }, (_, at) => `p${at}`);
  return Array.from({ length: orders }, () => items.filter(() => uniform() < 0.1));
};

describe("boughtTogether", () => {
  it("finds the pair that was planted, with its names, lift and shares", async () => {
    const { uniform } = random(2);
    const orders = byChance(2000, 1).map((items) => [
      ...items,
      ...(uniform() < 0.1 ? ["tea", ...(uniform() < 0.6 ? ["cup"] : [])] : []),
      ...(uniform() < 0.04 ? ["cup"] : []),
    ]);
    const store = await storeOf(orders);
    const [best, ...rest] = await boughtTogether(store, { asOf });
    await store.close();
    expect(best.items).toEqual(["cup", "tea"]);
    expect(best.names).toEqual(["cup", "Green tea"]);
    const both = orders.filter((items) => items.includes("cup") && items.includes("tea")).length;
    expect(best.together).toBe(both);
    const of = (item: string) => orders.filter((items) => items.includes(item)).length;
    expect(best.shares).toEqual([both / of("cup"), both / of("tea")]);
    expect(best.lift.low).toBeGreaterThan(3);
    expect(best.lift.high).toBeLessThan(both / best.expected + 3);
    expect(rest.length).toBeLessThanOrEqual(1);
  });

  it("tells of nothing where there is only chance", async () => {
    for (const seed of [3, 4, 5]) {
      const store = await storeOf(byChance(1500, seed));
      expect(await boughtTogether(store, { asOf })).toEqual([]);
      await store.close();
    }
  });
});

describe("the numbers of a pair", () => {
  it("are those of the Poisson and the gamma distribution", () => {
    // one less the sums of the Poisson tables for a mean of 4
    expect(atLeast(10, 4)).toBeCloseTo(0.00813224, 7);
    expect(atLeast(3, 4)).toBeCloseTo(0.7618967, 6);
    expect(atLeast(300, 200)).toBeLessThan(1e-10);
    expect(atLeast(0, 4)).toBe(1);
    // half the quantiles of chi-squared with 30 degrees of freedom
    const { value, low, high } = liftOf(10, 4);
    expect(value).toBeCloseTo(15 / 9, 12);
    expect(low).toBeCloseTo(8.3954 / 9, 2);
    expect(high).toBeCloseTo(23.4896 / 9, 2);
  });
});
