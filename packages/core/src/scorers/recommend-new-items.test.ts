import { random } from "@inchworm/learn";
import type { Item, RecordBatch } from "@inchworm/spec";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openWorkspace, type Workspace } from "../workspace.js";
import { recommend } from "./recommend.js";
import { featuresOf, priceBands } from "./recommend-features.js";

const day = 86_400_000;
const opened = Date.UTC(2025, 0, 1);
const until = opened + 180 * day;
const source = { name: "shop:events", system: "shop" };
const categories = ["kitchen", "garden", "books", "toys"];
const each = 40;
const people = 240;
const tasteOf = (person: number): string => categories[person % 4];
const likesDear = (person: number): boolean => Math.floor(person / 4) % 2 === 1;
/** Every other thing is dear. */
const priceOf = (at: number): number => (at % 2 === 0 ? 5 : 200) + at;

/** Each person buys nine times in ten of one category, and nine times in ten what is cheap, or what is dear. */
function shopOfPrices(): RecordBatch {
  const { below, uniform } = random(7);
  const orderLine: Required<RecordBatch>["orderLine"][number][] = [];
  for (let person = 0; person < people; person++)
    for (let order = 0; order < 5; order++) {
      const at = opened + 180 * day * uniform();
      for (let line = 0; line < 2; line++) {
        const category = uniform() < 0.9 ? tasteOf(person) : categories[below(4)];
        const any = below(each);
        const own = any - (any % 2) + Number(likesDear(person));
        const item = uniform() < 0.9 ? own : any;
        orderLine.push({
          order: `${person}-${order}`,
          contact: `${person}`,
          at,
          item: `${category}-${item}`,
          quantity: 1,
          unitPrice: priceOf(item),
        });
      }
    }
  const item: Item[] = categories.flatMap((category) =>
    Array.from({ length: each }, (_, at) => ({
      id: `${category}-${at}`,
      category,
      price: priceOf(at),
    })),
  );
  return {
    contact: Array.from({ length: people }, (_, person) => ({
      id: `${person}`,
      createdAt: opened,
    })),
    item,
    orderLine,
  };
}

/** A cheap one and a dear one of each category, that nobody has had. */
const fresh: Item[] = categories.flatMap((category) => [
  { id: `${category}-new-cheap`, category, price: priceOf(20) },
  { id: `${category}-new-dear`, category, price: priceOf(21) },
]);

describe("items on their first day", () => {
  let shop: Workspace;
  beforeAll(async () => {
    shop = await openWorkspace(":memory:", { now: () => until });
    await shop.store.ingest(source, { records: shopOfPrices(), cursor: {} });
  });
  afterAll(() => shop.close());

  const given = async () => {
    await shop.score();
    const counts = { own: 0, sameCategory: 0, other: 0 };
    for await (const batch of shop.store.contacts())
      for (const { contact, identities } of batch) {
        const [{ values }] = await shop.store.scoresOf(contact);
        const person = Number(identities[0].id);
        for (const id of String(values.recommend_product_ids).split(";")) {
          if (!id.includes("-new-")) continue;
          const isOwn = id.startsWith(tasteOf(person));
          if (isOwn && id.endsWith("dear") === likesDear(person)) counts.own++;
          else counts[isOwn ? "sameCategory" : "other"]++;
        }
      }
    return counts;
  };

  it("go to those who like their category and their price, though they came after the training", async () => {
    const { cards } = await shop.train([recommend()]);
    expect(cards[0].verdict).toBe("published");
    expect(await given()).toEqual({ own: 0, sameCategory: 0, other: 0 });
    await shop.store.ingest(source, { records: { item: fresh }, cursor: {} });
    const { own, sameCategory, other } = await given();
    // the popular list holds what many had, and a new item never; by chance one in eight would be right
    expect(own).toBeGreaterThan(0.9 * people);
    expect(own / (own + sameCategory + other)).toBeGreaterThan(0.9);
  });

  it("go to the same when they are there at the training", async () => {
    await shop.train([recommend()]);
    expect((await given()).own).toBeGreaterThan(0.9 * people);
  });
});

describe("what items are like", () => {
  const unknown = (count: number) => new Array<undefined>(count).fill(undefined);
  const prices = (...values: number[]) => Float64Array.from(values);

  it("is their brand, too", () => {
    const { itemFeatures } = featuresOf({
      categories: unknown(4),
      brands: ["x", "y", "x", undefined],
      prices: prices(1, 1, 1, 1),
    });
    expect(itemFeatures).toEqual({ size: 1, values: Float32Array.of(1, 0, 1, 0) });
  });

  it("is their category and the band of their price", () => {
    const { itemFeatures } = featuresOf({
      categories: ["a", "b", "a", undefined, "b", "a", "only one"],
      brands: unknown(7),
      prices: prices(1, 2, 3, 4, 5, Number.NaN, 0),
    });
    const rows = Array.from({ length: 7 }, (_, item) =>
      Array.from(itemFeatures?.values.subarray(7 * item, 7 * item + 7) ?? []).join(""),
    );
    expect(rows).toEqual([
      "1010000",
      "0101000",
      "1000100",
      "0000010",
      "0100001",
      "1000000",
      "0000000",
    ]);
  });

  it("is nothing where all are alike, or nothing is known", () => {
    const none = prices(Number.NaN, Number.NaN);
    expect(featuresOf({ categories: unknown(2), brands: unknown(2), prices: none })).toEqual({});
    expect(
      featuresOf({ categories: ["a", "a"], brands: ["b", "b"], prices: prices(3, 3) }),
    ).toEqual({});
    expect(featuresOf({ categories: [], brands: [], prices: prices() })).toEqual({});
    expect(priceBands(prices(1, 1, 1, 1, 9)).count).toBe(2);
    expect([...priceBands(prices(1, 1, 1, 1, 9)).bands]).toEqual([0, 0, 0, 0, 1]);
  });
});
