import type { ModelCard, RankingCard } from "@inchworm/spec";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cardMarkdown } from "../markdown.js";
import type { Answers } from "../scorer.js";
import { openWorkspace, type Workspace } from "../workspace.js";
import { recommend } from "./recommend.js";
import { joinAnswers } from "./recommend-answers.js";
import { settingsOf } from "./recommend-options.js";
import { scoreRecommend } from "./recommend-score.js";
import { categories, plantedShop, source, until } from "./recommend-shop.fixture.js";
import { openRecommender } from "./recommender.js";

const day = 86_400_000;
const planted = plantedShop();
const ownedBy = new Map<string, Map<string, number>>();
for (const { contact = "", item, at } of planted.orderLine ?? []) {
  const owned = ownedBy.get(contact) ?? new Map<string, number>();
  ownedBy.set(contact, owned.set(item, Math.max(at, owned.get(item) ?? 0)));
}
const categoryOf = new Map(planted.item?.map(({ id, category }) => [id, category]));

const open: Workspace[] = [];
async function shopOf(records = planted): Promise<Workspace> {
  const shop = await openWorkspace(":memory:", { now: () => until });
  open.push(shop);
  await shop.store.ingest(source, { records, cursor: {} });
  return shop;
}
afterAll(async () => {
  for (const shop of open) await shop.close();
});

const ranking = (card: ModelCard | undefined): RankingCard => {
  if (card?.kind !== "ranking") throw new Error("recommend gives lists");
  return card;
};

async function namesOf(shop: Workspace): Promise<Map<number, string>> {
  const names = new Map<number, string>();
  for await (const batch of shop.store.contacts())
    for (const { contact, identities } of batch) names.set(contact, identities[0].id);
  return names;
}

async function listsOf(shop: Workspace) {
  const lists = new Map<string, { ids: string[]; basis: unknown; reasons: readonly string[] }>();
  for (const [contact, name] of await namesOf(shop)) {
    const [{ values, reasons }] = await shop.store.scoresOf(contact);
    const ids = String(values.recommend_product_ids ?? "").split(";");
    expect(values.recommend_product_first).toBe(ids[0]);
    lists.set(name, { ids, basis: values.recommend_product_basis, reasons });
  }
  return lists;
}

describe("recommendations in a shop with planted tastes", () => {
  let shop: Workspace;
  let card: RankingCard;
  let lists: Awaited<ReturnType<typeof listsOf>>;
  beforeAll(async () => {
    shop = await shopOf();
    card = ranking((await shop.train([recommend()])).cards[0]);
    await shop.score();
    lists = await listsOf(shop);
  });

  it("beat the popular list on later days, and say by how much", () => {
    expect(card.verdict).toBe("published");
    expect(card.gain.ndcg.low).toBeGreaterThan(0.1);
    expect(card.metrics.recall.value).toBeGreaterThan(1.3 * card.rule.recall.value);
    expect(card.metrics.coverage).toBeGreaterThan(card.rule.coverage);
    expect(card.beside.map(({ name }) => name)).toEqual(["item-knn"]);
    expect(card.candidates?.[0].name).toBe(card.model);
    expect(card.fallbackShare).toBeCloseTo(1 / 301, 6);
    const markdown = cardMarkdown(card);
    for (const said of ["recall of 5", "popular list", "item-knn", "have no history"])
      expect(markdown).toContain(said);
  });

  it("are of what each person likes, and say from what they follow", () => {
    let liked = 0;
    let listed = 0;
    for (const [name, { ids, basis, reasons }] of lists) {
      if (name === "300") continue;
      expect(basis).toBe("personal");
      expect(ids).toHaveLength(5);
      expect(reasons.length).toBeGreaterThan(0);
      for (const id of ids.filter((one) => one !== "coffee")) {
        listed++;
        if (categoryOf.get(id) === categories[Number(name) % 4]) liked++;
      }
    }
    expect(liked / listed).toBeGreaterThan(0.8);
    expect(lists.get("0")?.reasons[0]).toMatch(/: because they (bought|looked at) /);
  });

  it("hold nothing that is owned but what buyers come back for, and that after a rest", () => {
    let again = 0;
    for (const [name, { ids }] of lists)
      for (const id of ids) {
        const bought = ownedBy.get(name)?.get(id);
        if (bought === undefined) continue;
        expect(id).toBe("coffee");
        expect(Math.floor(until / day) - Math.floor(bought / day)).toBeGreaterThanOrEqual(14);
        again++;
      }
    expect(again).toBeGreaterThan(50);
  });

  it("are the favourites of the country for somebody with nothing, and say so", () => {
    const { ids, basis, reasons } = lists.get("300") ?? { ids: [] };
    expect(ids).toHaveLength(5);
    expect(basis).toBe("segment favourites");
    expect(reasons).toEqual(["nothing known of their taste yet: the favourites of DE"]);
  });

  it("are the same for the same data and seed", async () => {
    const again = await shopOf();
    const { cards } = await again.train([recommend()]);
    expect(JSON.stringify(cards[0])).toBe(JSON.stringify(card));
    await again.score();
    expect([...(await listsOf(again))]).toEqual([...lists]);
  });

  it("hold nothing that was filtered, out of stock or owned, whatever the rules", async () => {
    const model = await shop.store.model("recommend-product");
    const names = await namesOf(shop);
    const catalogue = await shop.store.items();
    const rules = fc.record({
      k: fc.integer({ min: 1, max: 12 }),
      keepSeen: fc.constantFrom<boolean | "repeat">(true, false, "repeat"),
      restDays: fc.constantFrom(0, 14, 60),
      include: fc.subarray([...categories, "food"]),
      exclude: fc.subarray([...categories]),
      diversity: fc.constantFrom(0, 0.5),
      gone: fc.subarray([...catalogue.ids]),
      foreign: fc.subarray([...catalogue.ids], { maxLength: 20 }),
    });
    await fc.assert(
      fc.asyncProperty(rules, async ({ gone, foreign, ...options }) => {
        const isGone = new Set(gone);
        const isForeign = new Set(foreign);
        const items = async () => ({
          ...catalogue,
          available: Uint8Array.from(catalogue.ids, (id) => (isGone.has(id) ? 0 : 1)),
          regions: catalogue.ids.map((id) => (isForeign.has(id) ? "FR" : undefined)),
        });
        const answers = await recommend({ ...options, newItems: 0 }).score(
          { ...shop.store, items },
          model?.artifact,
          { asOf: until },
        );
        // gathered first: so many calls of `expect` would take most of the time
        const wrong: string[] = [];
        answers.contacts.forEach((contact, row) => {
          const name = names.get(contact) ?? "";
          const ids = String(answers.fields.recommend_product_ids[row] ?? "")
            .split(";")
            .filter((id) => id !== "");
          const fault = (what: string, isFault: boolean) => {
            if (isFault) wrong.push(`${name}: ${what}`);
          };
          fault(
            "neither a list nor why not",
            (answers.abstained[row] === undefined) !== ids.length > 0,
          );
          fault("one twice", new Set(ids).size !== ids.length);
          fault("too long", ids.length > options.k);
          for (const id of ids) {
            fault(`${id} is gone`, isGone.has(id));
            fault(`${id} of another region`, isForeign.has(id) && Number(name) % 2 !== 1);
            const category = categoryOf.get(id) ?? "";
            const isIn = options.include.length === 0 || options.include.includes(category);
            fault(`${id} is not let in`, !isIn);
            fault(
              `${id} is kept out`,
              options.exclude.some((one) => one === category),
            );
            const bought = ownedBy.get(name)?.get(id);
            if (bought === undefined) continue;
            const days = Math.floor(until / day) - Math.floor(bought / day);
            const isKept =
              options.keepSeen === true || (options.keepSeen === "repeat" && id === "coffee");
            fault(`${id} is owned`, !isKept || days < options.restDays);
          }
        });
        expect(wrong).toEqual([]);
        expect(answers.contacts).toHaveLength(names.size);
      }),
      { numRuns: 10 },
    );
  });

  it("are there for a newcomer of one event, without training again", async () => {
    const live = await openRecommender(shop.store);
    const { basis, items } = await live.forEvents([{ item: "garden-02", type: "order" }]);
    expect(basis).toBe("personal");
    expect(items).toHaveLength(5);
    expect(items.map(({ id }) => id)).not.toContain("garden-02");
    const garden = items.filter(({ id }) => categoryOf.get(id) === "garden");
    expect(garden.length).toBeGreaterThanOrEqual(3);
    expect(garden[0].reason).toBe(`${garden[0].name}: because they bought garden 02`);
    expect((await live.forEvents([], { k: 3 })).basis).toBe("popular");
    expect((await live.forEvents([{ item: "nothing of ours" }])).basis).toBe("popular");
    expect((await live.forEvents([], { k: 3 })).items).toHaveLength(3);
    const own = await live.forPerson("shop:8", { asOf: until });
    const listed = lists.get("8")?.ids.slice(0, 4);
    expect(own.items.map(({ id }) => id).slice(0, 4)).toEqual(listed);
    // everybody has coffee
    const similar = live.similar("toys-01", 4).filter(({ id }) => id !== "coffee");
    expect(similar.slice(0, 3).map(({ id }) => categoryOf.get(id))).toEqual([
      "toys",
      "toys",
      "toys",
    ]);
    expect(live.similar("nothing of ours")).toEqual([]);
    await expect(live.forPerson("shop:9999", { asOf: until })).rejects.toThrow(/Nobody/);
    await expect(openRecommender(shop.store, "content")).rejects.toThrow(/not trained yet/);
  });

  it("give their last place to a new item of the favourite category", async () => {
    const item = { id: "garden-new", name: "garden new", category: "garden" };
    await shop.store.ingest(source, { records: { item: [item] }, cursor: {} });
    await shop.score();
    let given = 0;
    for (const [name, { ids, reasons }] of await listsOf(shop)) {
      if (!ids.includes("garden-new")) continue;
      given++;
      expect(ids.indexOf("garden-new")).toBe(4);
      expect(categories[Number(name) % 4]).toBe("garden");
      expect(reasons.at(-1)).toBe("garden new: new in garden, which they like");
    }
    expect(given).toBeGreaterThan(60);
  });

  it("are the same a few people at a time", async () => {
    const { artifact } = (await shop.store.model("recommend-product")) ?? {};
    const whole = await recommend().score(shop.store, artifact, { asOf: until });
    const parts: Answers[] = [];
    const steps = new Set<string>();
    for await (const part of scoreRecommend(shop.store, artifact, settingsOf({}), {
      asOf: until,
      peopleAtATime: 37,
      onProgress: ({ step }) => steps.add(step),
    }))
      parts.push(part);
    expect(parts).toHaveLength(Math.ceil(301 / 37));
    expect(joinAnswers(parts)).toEqual(whole);
    expect([...steps]).toEqual([
      "recommend-product: reading what people had",
      "recommend-product: making lists",
    ]);
  });

  it("stop when they are told to, and tell how far they are until then", async () => {
    const controller = new AbortController();
    const shares: number[] = [];
    const training = recommend().train(shop.store, {
      asOf: until,
      seed: 1,
      signal: controller.signal,
      onProgress: ({ step, done }) => {
        shares.push(done);
        if (step.endsWith("models race") && done > 20) controller.abort();
      },
    });
    await expect(training).rejects.toMatchObject({ code: "aborted" });
    expect(shares).toEqual([...shares].sort((one, other) => one - other));
    expect(shares.at(-1)).toBeGreaterThan(20);
  });

  it("forget a person, and name the model that had seen them", async () => {
    const contact = (await shop.store.find("shop:7"))?.contact ?? -1;
    expect((await shop.forget("shop:7")).models.map(({ scorer }) => scorer)).toContain(
      "recommend-product",
    );
    await shop.score();
    expect(await shop.store.scoresOf(contact)).toEqual([]);
  });
});

describe("recommendations where there is nothing to find", () => {
  it("are withheld when everybody likes the same", async () => {
    const shop = await shopOf(plantedShop({ hasTastes: false, seed: 5 }));
    const { cards } = await shop.train([recommend()]);
    expect(cards[0].verdict).toBe("withheld");
    expect(cards[0].because).toMatch(/did not beat the popular list/);
  });

  it("say what is missing", async () => {
    const shop = await shopOf(plantedShop({ people: 20 }));
    await expect(shop.train([recommend()])).rejects.toThrow(
      /needs 50 people with a history.*20: 30 are missing/,
    );
    await expect(shop.train([recommend({ kind: "content" })])).rejects.toThrow(/needs 50 people/);
  });
});
