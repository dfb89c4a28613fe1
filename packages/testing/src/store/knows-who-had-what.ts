import type { RecordBatch } from "@inchworm/spec";
import { expect, it } from "vitest";
import { type Bench, day, shop } from "./bench.js";
import type { StoreBaskets, StorePairs } from "./tested-store.js";

const weights = { order: 4, cart: 2, view: 1 };

/** Three people and some who said nothing of themselves: orders, a return, views of a machine and of a person. */
const goods: RecordBatch = {
  contact: [{ id: "1" }, { id: "2" }, { id: "3", identities: [{ system: "card", id: "33" }] }],
  item: [
    { id: "mug", name: "A mug", category: "kitchen", price: 4.25, available: false },
    { id: "bag", region: "NO", margin: 2, brand: "Ours" },
    { id: "guide", kind: "content" },
    { id: "tenth", kind: "offer", cost: 0.5 },
  ],
  orderLine: [
    { order: "a", line: "1", contact: "1", at: day(5), item: "mug", quantity: 2, unitPrice: 4 },
    { order: "a", line: "2", contact: "1", at: day(5), item: "bag", quantity: 1, unitPrice: 9 },
    { order: "b", line: "1", contact: "1", at: day(9), item: "mug", quantity: 1, unitPrice: 4 },
    // bought and sent back
    { order: "c", line: "1", contact: "2", at: day(6), item: "mug", quantity: 1, unitPrice: 4 },
    { order: "d", line: "1", contact: "2", at: day(8), item: "mug", quantity: -1, unitPrice: 4 },
    { order: "e", line: "1", contact: "3", at: day(7), item: "mug", quantity: 1, unitPrice: 4 },
    { order: "e", line: "2", contact: "3", at: day(7), item: "bag", quantity: 1, unitPrice: 9 },
    { order: "f", line: "1", at: day(7), item: "mug", quantity: 1, unitPrice: 4 },
    { order: "f", line: "2", at: day(7), item: "bag", quantity: 1, unitPrice: 9 },
    { order: "f", line: "3", at: day(7), item: "hat", quantity: 1, unitPrice: 7 },
    // came back within the order
    { order: "g", line: "1", at: day(8), item: "mug", quantity: 1, unitPrice: 4 },
    { order: "g", line: "2", at: day(8), item: "hat", quantity: 1, unitPrice: 7 },
    { order: "g", line: "3", at: day(8), item: "hat", quantity: -1, unitPrice: 7 },
  ],
  engagement: [
    { id: "v1", contact: "2", type: "view", at: day(10), item: "hat" },
    { id: "v2", contact: "2", type: "view", at: day(11), item: "hat" },
    { id: "v3", contact: "3", type: "view", at: day(10), item: "hat", machine: true },
    { id: "v4", contact: "3", type: "view", at: day(12), item: "guide" },
    { id: "v5", contact: "3", type: "sent", at: day(12), item: "hat" },
  ],
};

/** Who had which items, what was in one order, and the catalogue. */
export function knowsWhoHadWhat(bench: Bench): void {
  const give = (records: RecordBatch) => bench.give(records, shop);
  const named = async ({ ids, contacts, offsets, rows, items, ...values }: StorePairs) => {
    const names = new Map<number, string>();
    for (const person of ["1", "2", "3", "4"]) {
      const found = await bench.store.find(`shop:${person}`);
      if (found) names.set(found.contact, person);
    }
    expect([...ids]).toEqual([...ids].sort());
    expect(Array.from(rows, (row) => contacts[row])).toEqual(
      Array.from(rows, (row) => contacts[row]).sort((one, other) => one - other),
    );
    expect(offsets).toHaveLength(contacts.length + 1);
    return Array.from(rows, (row, at) => {
      expect(at).toBeGreaterThanOrEqual(offsets[row]);
      expect(at).toBeLessThan(offsets[row + 1]);
      return [
        `${names.get(contacts[row])} ${ids[items[at]]}`,
        values.weights[at],
        values.times[at],
        values.bought[at],
      ] as const;
    }).sort(([one], [other]) => (one < other ? -1 : 1));
  };
  const had = async (asOf = day(20), kind: "product" | "content" = "product", since?: number) =>
    named(
      await bench.store.interactions({
        asOf,
        kind,
        weights,
        ...(since !== undefined && { since }),
      }),
    );
  const twice = 1 + Math.log(2);

  it("tells who had what: not what was sent back, looked at by a machine or merely sent", async () => {
    await give(goods);
    const pairs = await had();
    expect(pairs.map(([name, , time, bought]) => [name, time, bought])).toEqual([
      ["1 bag", day(5), 1],
      ["1 mug", day(9), 2],
      ["2 hat", day(11), 0],
      ["3 bag", day(7), 1],
      ["3 mug", day(7), 1],
    ]);
    const expected = [4, 4 * twice, twice, 4, 4];
    pairs.forEach(([, weight], at) => {
      expect(weight).toBeCloseTo(expected[at], 5);
    });
    expect((await had(day(20), "content")).map(([name]) => name)).toEqual(["3 guide"]);
  });

  it("tells it as it was on a day, and from a day on", async () => {
    await give(goods);
    expect((await had(day(6))).map(([name]) => name)).toEqual(["1 bag", "1 mug"]);
    // not yet sent back
    expect((await had(day(8))).map(([name]) => name)).toContain("2 mug");
    expect((await had(day(20), "product", day(9))).map(([name]) => name)).toEqual([
      "1 mug",
      "2 hat",
    ]);
  });

  it("tells the same in parts, people ascending", async () => {
    await give(goods);
    const options = { asOf: day(20), kind: "product", weights } as const;
    const pairs = [];
    let last = -1;
    for await (const part of bench.store.interactionParts({ ...options, atATime: 1 })) {
      for (const contact of part.contacts) {
        expect(contact).toBeGreaterThan(last);
        last = contact;
      }
      pairs.push(...(await named(part)));
    }
    expect(pairs).toEqual(await had());
  });

  it("tells nothing of people who refuse profiling or are forgotten, and all of a person under both names", async () => {
    await give(goods);
    await give({ contact: [{ id: "4", identities: [{ system: "card", id: "33" }] }] });
    await give({
      orderLine: [{ order: "h", contact: "4", at: day(9), item: "mug", quantity: 1, unitPrice: 4 }],
      consent: [{ contact: "1", purpose: "profiling", status: "denied", at: day(15) }],
    });
    const both = await had();
    expect(both.filter(([name]) => /^[34] mug/.test(name)).map(([, , , bought]) => bought)).toEqual(
      [2],
    );
    expect(both.some(([name]) => name.startsWith("1 "))).toBe(false);
    const contact = (await bench.store.find("shop:2"))?.contact ?? -1;
    await bench.store.forget(contact);
    await give(goods);
    expect((await had()).map(([name]) => name.slice(2))).toEqual(["bag", "mug"]);
  });

  it("tells which products were in one order, of anonymous buyers too", async () => {
    await give(goods);
    const together = async (asOf: number, least = 1) => {
      const found = await bench.store.baskets({ asOf, least });
      return { baskets: found.baskets, counts: countsOf(found), pairs: pairsOf(found) };
    };
    expect(await together(day(20))).toEqual({
      baskets: 6,
      counts: { bag: 3, hat: 1, mug: 6 },
      pairs: { "bag mug": 3, "bag hat": 1, "hat mug": 1 },
    });
    expect((await together(day(20), 2)).pairs).toEqual({ "bag mug": 3 });
    expect((await together(day(6))).pairs).toEqual({ "bag mug": 1 });
    await give({
      consent: [{ contact: "1", purpose: "profiling", status: "denied", at: day(15) }],
    });
    const without = await together(day(20));
    expect(without.baskets).toBe(4);
    expect(without.pairs["bag mug"]).toBe(2);
  });

  it("knows the catalogue as it stands, and what it does not say", async () => {
    await give(goods);
    await give({ item: [{ id: "mug", name: "The mug", price: 5, available: true }] });
    await bench.reopen();
    const { ids, names, kinds, categories, brands, regions, prices, margins, costs, available } =
      await bench.store.items();
    expect(ids).toEqual(["bag", "guide", "mug", "tenth"]);
    expect(names).toEqual(["bag", "guide", "The mug", "tenth"]);
    expect(kinds).toEqual(["product", "content", "product", "offer"]);
    expect(categories).toEqual([undefined, undefined, "kitchen", undefined]);
    expect(brands).toEqual(["Ours", undefined, undefined, undefined]);
    expect(regions).toEqual(["NO", undefined, undefined, undefined]);
    expect([...prices]).toEqual([Number.NaN, Number.NaN, 5, Number.NaN]);
    expect([...margins]).toEqual([2, Number.NaN, Number.NaN, Number.NaN]);
    expect([...costs]).toEqual([Number.NaN, Number.NaN, Number.NaN, 0.5]);
    expect([...available]).toEqual([1, 1, 1, 1]);
  });
}

const countsOf = ({ ids, counts }: StoreBaskets) =>
  Object.fromEntries(ids.map((id, at) => [id, counts[at]]));

const pairsOf = ({ ids, first, second, together }: StoreBaskets) =>
  Object.fromEntries(
    Array.from(together, (count, at) => [`${ids[first[at]]} ${ids[second[at]]}`, count]),
  );
