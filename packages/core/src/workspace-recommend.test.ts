import type { Item } from "@inchworm/spec";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { boughtTogether } from "./bought-together.js";
import { recommend } from "./scorers/recommend.js";
import { plantedShop, source, until } from "./scorers/recommend-shop.fixture.js";
import { openWorkspace, type Workspace } from "./workspace.js";

const planted = plantedShop();
const catalogue = planted.item ?? [];
const categoryOf = new Map(catalogue.map(({ id, category }) => [id, category]));
/** Likes the garden, and lives in France. */
const gardener = "shop:1";

describe("a workspace recommends", () => {
  let shop: Workspace;
  beforeAll(async () => {
    shop = await openWorkspace(":memory:", { now: () => until });
    await shop.store.ingest(source, { records: planted, cursor: {} });
    await shop.train([recommend({ restDays: 0 })]);
  });
  afterAll(() => shop.close());
  const change = (item: readonly Item[]) =>
    shop.store.ingest(source, { records: { item: [...item] }, cursor: {} });
  const idsOf = async (rules: Parameters<Workspace["recommend"]>[1]) => {
    const [{ items }] = await shop.recommend([gardener], rules);
    return items.map(({ id }) => id);
  };

  it("to people and to visitors, in the order they were named", async () => {
    const [person, visitor, nobody, stranger] = await shop.recommend(
      [gardener, [{ item: "toys-02", type: "cart" }], [], "nobody@example.com"],
      { k: 4 },
    );
    expect(person.basis).toBe("personal");
    expect(person.items).toHaveLength(4);
    expect(person.items.filter(({ id }) => categoryOf.get(id) === "garden").length).toBeGreaterThan(
      1,
    );
    expect(visitor.basis).toBe("personal");
    expect(visitor.items.filter(({ id }) => categoryOf.get(id) === "toys").length).toBeGreaterThan(
      1,
    );
    expect(nobody.basis).toBe("popular");
    expect(stranger).toEqual(nobody);
  });

  it("nothing that is excluded, of another category, filtered, or sold out since", async () => {
    const all = await idsOf({ k: 10 });
    const rules = { k: 10, exclude: [all[0]], categories: ["garden", "books"] };
    const some = await idsOf({
      ...rules,
      filter: ({ id, price }) => price === 10 && !id.endsWith("3"),
    });
    expect(some.length).toBeGreaterThan(0);
    for (const id of some) {
      expect(id).not.toBe(all[0]);
      expect(["garden", "books"]).toContain(categoryOf.get(id));
      expect(id.endsWith("3")).toBe(false);
    }
    const gone = catalogue.filter(({ id }) => id === all[1]);
    await change(gone.map((item) => ({ ...item, available: false })));
    expect(await idsOf({ k: 10 })).not.toContain(all[1]);
    await change(gone.map((item) => ({ ...item, available: true })));
    expect(await idsOf({ k: 10 })).toContain(all[1]);
  });

  it("what can be had where a person lives, or where one says", async () => {
    const [first] = await idsOf({ k: 3 });
    const [item] = catalogue.filter(({ id }) => id === first);
    await change([{ ...item, region: "FR" }]);
    expect(await idsOf({ k: 3 })).toContain(first);
    expect(await idsOf({ k: 3, region: "DE" })).not.toContain(first);
    const visit = [{ item: "garden-01" }] as const;
    const [anywhere, france] = [
      await shop.recommend([visit], { k: 50 }),
      await shop.recommend([visit], { k: 50, region: "fr" }),
    ].map(([{ items }]) => items.map(({ id }) => id));
    expect(anywhere).not.toContain(first);
    expect(france).toContain(first);
    await change([{ ...item, region: "" }]);
  });

  it("what is bought again and again, but not within so many days", async () => {
    const coffee = new Map<string, number>();
    for (const { contact = "", item, at } of planted.orderLine ?? [])
      if (item === "coffee") coffee.set(contact, Math.max(at, coffee.get(contact) ?? 0));
    const day = 86_400_000;
    const lately = [...coffee]
      .filter(([, at]) => until - at < 20 * day)
      .map(([id]) => `shop:${id}`);
    const count = async (restDays: number) =>
      (await shop.recommend(lately.slice(0, 40), { k: 10, restDays })).filter(({ items }) =>
        items.some(({ id }) => id === "coffee"),
      ).length;
    expect(await count(0)).toBeGreaterThan(20);
    expect(await count(30)).toBe(0);
  });

  it("nothing personal to who has opted out", async () => {
    await shop.store.ingest(source, {
      records: { consent: [{ contact: "9", purpose: "profiling", status: "denied", at: until }] },
      cursor: {},
    });
    const [person, nobody] = await shop.recommend(["shop:9", []]);
    expect(person).toEqual(nobody);
  });

  it("what is like an item, and what goes with what", async () => {
    const similar = await shop.similarItems("toys-01", { k: 3 });
    expect(similar).toHaveLength(3);
    expect(similar.filter(({ id }) => categoryOf.get(id) === "toys").length).toBeGreaterThan(1);
    expect(await shop.similarItems("nothing of ours")).toEqual([]);
    const pairs = await shop.boughtTogether({ falseShare: 1 });
    expect(pairs.length).toBeGreaterThan(0);
    expect(pairs).toEqual(await boughtTogether(shop.store, { asOf: until, falseShare: 1 }));
  });

  it("by the latest training, and says when there is none or a rule is none", async () => {
    await expect(shop.recommend([gardener], { kind: "content" })).rejects.toThrow(
      /not trained yet/,
    );
    await expect(shop.recommend([gardener], { restDays: 0.5 })).rejects.toThrow(/"restDays"/);
    await expect(shop.recommend([gardener], { k: 0 })).rejects.toThrow(/"k"/);
    const { items } = (await shop.recommend([gardener]))[0];
    expect(items).toHaveLength(5);
    await shop.train([recommend({ k: 7 })]);
    expect((await shop.recommend([gardener]))[0].items).toHaveLength(7);
  });
});
