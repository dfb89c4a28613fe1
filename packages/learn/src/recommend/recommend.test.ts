import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { blend } from "./blend.js";
import { ease } from "./ease.js";
import { evaluateRecommendations } from "./evaluate.js";
import { ials } from "./ials.js";
import { itemKnn } from "./item-knn.js";
import { plantedTastes } from "./planted.fixture.js";
import { popularity } from "./popularity.js";
import { fitRace, raceRecommenders } from "./race.js";
import { rp3beta } from "./rp3beta.js";
import { sequence } from "./sequence.js";
import { spectral } from "./spectral.js";
import { splitInteractions } from "./split.js";
import type { Interactions, RecommenderEstimator } from "./types.js";

const single: RecommenderEstimator[] = [
  itemKnn({ shrinkage: 2 }),
  rp3beta(),
  ease({ ridge: 20 }),
  ials({ seed: 1, factors: 16, epochs: 6 }),
  spectral({ seed: 1, factors: 8, rounds: 8 }),
  sequence(),
];
const estimators: RecommenderEstimator[] = [
  popularity(),
  ...single,
  blend({
    seed: 1,
    models: [itemKnn(), ials({ seed: 1, factors: 8, epochs: 4 })],
    weights: [1, 2],
  }),
];
const data = plantedTastes(200, 48, 1);
const everybody = Int32Array.from({ length: data.userCount }, (_, user) => user);

const listOf = (items: Int32Array, k: number, row: number): number[] =>
  [...items.subarray(row * k, (row + 1) * k)].filter((item) => item >= 0);

function hadBy({ users, items }: Interactions, user: number): Set<number> {
  const had = new Set<number>();
  users.forEach((one, row) => {
    if (one === user) had.add(items[row]);
  });
  return had;
}

describe.each(estimators.map((estimator) => [estimator.kind, estimator] as const))(
  "%s",
  (kind, estimator) => {
    const fitted = estimator.fit(data);

    it("never gives what is filtered, excluded, refused or already had, over random rules", async () => {
      const model = await fitted;
      await fc.assert(
        fc.asyncProperty(
          fc.uniqueArray(fc.nat(47), { maxLength: 47 }),
          fc.array(fc.uniqueArray(fc.nat(47), { maxLength: 40 }), { minLength: 1, maxLength: 5 }),
          fc.integer({ min: 1, max: 60 }),
          fc.integer({ min: 2, max: 5 }),
          fc.option(fc.nat(4)),
          fc.constantFrom(0, 0.5),
          async (closed, excluded, k, share, kept, diversity) => {
            const users = [0, 3, 7, 50, 51, 52, 53, 54, 55, 199, 3];
            const isKept = (item: number) => kept !== null && item % 5 === kept;
            const { items } = await model.recommend(users, {
              k,
              diversity,
              filter: (item) => !closed.includes(item),
              exclude: (user) => excluded[user % excluded.length],
              allow: (item, user) => (item + user) % share !== 0,
              keepSeen: isKept,
            });
            users.forEach((user, row) => {
              const list = listOf(items, k, row);
              const had = hadBy(data, user);
              const isFit = (item: number) =>
                !closed.includes(item) &&
                !excluded[user % excluded.length].includes(item) &&
                (item + user) % share !== 0 &&
                (!had.has(item) || isKept(item));
              expect(list.filter((item) => !isFit(item))).toEqual([]);
              expect(new Set(list).size).toBe(list.length);
              // nothing that may be given is left out of a list that is short
              const possible = Array.from({ length: 48 }, (_, item) => item).filter(isFit);
              expect(list).toHaveLength(Math.min(k, possible.length));
            });
          },
        ),
        { numRuns: 15, seed: 1 },
      );
    });

    it("gives the same lists for the same seed, on any number of threads and in any company", async () => {
      const model = await fitted;
      const { items } = await model.recommend(everybody, { k: 7, threads: 1 });
      const again = await (await estimator.fit(data)).recommend(everybody, { k: 7, threads: 3 });
      expect(again.items).toEqual(items);
      const few = await model.recommend([5, 100], { k: 7 });
      expect(listOf(few.items, 7, 0)).toEqual(listOf(items, 7, 5));
      expect(listOf(few.items, 7, 1)).toEqual(listOf(items, 7, 100));
    });

    it("is the same after saving and loading, and holds nobody's history", async () => {
      const model = await fitted;
      const artifact = JSON.parse(JSON.stringify(model.save()));
      const loaded = estimator.kind === "blend" ? blendLoader : estimator;
      const other = loaded.load(artifact, data);
      expect((await other.recommend(everybody, { k: 5 })).items).toEqual(
        (await model.recommend(everybody, { k: 5 })).items,
      );
      expect(() => loaded.load({ ...artifact, kind: "other" }, data)).toThrow(/kind "other"/);
      expect(() => loaded.load({ ...artifact, data: {} }, data)).toThrow(/artifact/);
      expect(() => loaded.load(artifact, { ...data, itemCount: 49 })).toThrow(/48 items/);
    });

    it("folds in a history as it does that of a known user", async () => {
      const model = await fitted;
      const rows = [...data.users.keys()].filter((row) => data.users[row] === 9);
      const history = {
        items: rows.map((row) => data.items[row]),
        weights: rows.map((row) => data.weights?.[row] ?? 1),
        times: rows.map((row) => data.times?.[row] ?? 0),
        segment: 1,
      };
      const [own, folded] = [
        await model.recommend([9], { k: 6 }),
        await model.foldIn(history, { k: 6 }),
      ];
      expect(folded.items).toEqual(own.items);
      const nothing = await model.foldIn({ items: [], segment: 2 }, { k: 5 });
      if (kind !== "popularity") expect(nothing.popular[0]).toBe(5);
      // what a segment of its own taste has most is of that taste
      expect(listOf(nothing.items, 5, 0).filter((item) => item % 4 === 2).length).toBe(5);
    });

    it("gives the same lists once it is ready to answer at once, to many who ask together", async () => {
      const model = await estimator.fit(data);
      const asked = Array.from({ length: 12 }, (_, item) => ({
        items: [item, 40 - item],
        times: [0, 1],
      }));
      const before = await Promise.all(asked.map((history) => model.foldIn(history, { k: 6 })));
      await model.prepare();
      const after = await Promise.all(asked.map((history) => model.foldIn(history, { k: 6 })));
      expect(after).toEqual(before);
    });

    it("refuses what is no user, item or number", async () => {
      const model = await fitted;
      await expect(model.recommend([200])).rejects.toThrow(/user 200 is none of the 200/);
      await expect(model.recommend([0], { k: 0 })).rejects.toThrow(/"k" must be an integer ≥ 1/);
      await expect(model.recommend([0], { diversity: 2 })).rejects.toThrow(/"diversity"/);
      await expect(model.recommend([0], { exclude: () => [48] })).rejects.toThrow(/item 48/);
      await expect(model.similarItems([-1])).rejects.toThrow(/item -1/);
      for (const wrong of [
        { ...data, items: data.items.slice(1) },
        { ...data, userCount: 10 },
        { ...data, weights: new Float32Array(data.users.length) },
        { ...data, times: new Float64Array(data.users.length).fill(Number.NaN) },
        { ...data, users: new Int32Array(0), items: new Int32Array(0) },
      ]) {
        const { weights: _, times: __, ...plain } = wrong;
        await expect(estimator.fit(wrong.users.length === 0 ? plain : wrong)).rejects.toThrow(
          /must be|entries|is none|not known|no interactions/,
        );
      }
    });
  },
);

const blendLoader = blend({
  seed: 1,
  models: [itemKnn(), ials({ seed: 1, factors: 8, epochs: 4 })],
});

describe("planted tastes", () => {
  const { train, test } = splitInteractions(plantedTastes(400, 80, 2), { seed: 1 });
  it.each(single.map((estimator) => [estimator.kind, estimator] as const))(
    "are found by %s, and similar items share them",
    async (kind, estimator) => {
      const model = await estimator.fit(train);
      const own = await evaluateRecommendations(model, train, test, { seed: 1, k: 10 });
      const plain = await (
        await popularity().fit({ ...train, segments: new Int32Array(400).fill(-1) })
      ).recommend([0], { k: 10 });
      expect(plain.items).toHaveLength(10);
      const rule = await evaluateRecommendations(
        await popularity().fit({ ...train, segments: new Int32Array(400).fill(-1) }),
        train,
        test,
        { seed: 1, k: 10 },
      );
      expect(own.recall.value).toBeGreaterThan(1.5 * rule.recall.value);
      expect(own.recall.low).toBeLessThan(own.recall.value);
      expect(own.coverage).toBeGreaterThan(rule.coverage);
      const similar = await model.similarItems([0, 1, 2], 5);
      const right = [0, 1, 2].flatMap((item) =>
        listOf(similar.items, 5, item).filter((one) => one % 4 === item),
      );
      expect(right.length).toBeGreaterThanOrEqual(kind === "sequence" ? 10 : 13);
    },
  );

  it("win the race over popularity, and the blend is as good as its best part", async () => {
    const race = await raceRecommenders(train, { seed: 1, k: 10 });
    const again = await raceRecommenders(train, { seed: 1, k: 10, threads: 1 });
    expect(again.weights).toEqual(race.weights);
    const named = new Map(race.models.map((one) => [one.name, one]));
    expect(race.models.at(-1)?.name).toBe("blend");
    const popular = named.get("popularity")?.recall ?? 1;
    expect(named.get(race.chosen)?.recall).toBeGreaterThanOrEqual(popular);
    const fitted = await fitRace(race, train);
    expect(fitted.map(({ name }) => name)).toEqual(race.models.map(({ name }) => name));
  });
});

describe("sequence", () => {
  it("gives what came next, not what came before", async () => {
    const chain = [0, 1, 2, 3, 4, 5];
    const users = 30;
    const rows = Array.from({ length: users }, (_, user) =>
      chain.map((item) => [user, item]),
    ).flat();
    const model = await sequence().fit({
      userCount: users,
      itemCount: 6,
      users: Int32Array.from(rows, ([user]) => user),
      items: Int32Array.from(rows, ([, item]) => item),
      times: Float64Array.from(rows, ([, item]) => item),
    });
    const { items } = await model.foldIn({ items: [1, 2], times: [0, 1] }, { k: 2 });
    expect([...items]).toEqual([3, 4]);
    await expect(
      sequence().fit({
        userCount: 1,
        itemCount: 1,
        users: Int32Array.of(0),
        items: Int32Array.of(0),
      }),
    ).rejects.toThrow(/no times/);
  });
});

describe("popularity", () => {
  it("decays, and knows segments", async () => {
    const interactions: Interactions = {
      userCount: 4,
      itemCount: 3,
      users: Int32Array.of(0, 1, 2, 3),
      items: Int32Array.of(0, 0, 1, 2),
      times: Float64Array.of(0, 0, 10, 9),
      segments: Int32Array.of(-1, -1, -1, 0),
    };
    const first = async (halfLife: number, segment = -1) => {
      const model = await popularity({ halfLife, shrinkage: 1 }).fit(interactions);
      return (await model.foldIn({ items: [], segment }, { k: 3 })).items;
    };
    expect([...(await first(Infinity))]).toEqual([0, 1, 2]);
    expect([...(await first(2))]).toEqual([1, 2, 0]);
    expect((await first(Infinity, 0))[0]).toBe(2);
    expect(() => popularity({ halfLife: 0 })).toThrow(/"halfLife" must be a number > 0/);
  });
});

describe("cold start", () => {
  it("places an item nobody had by its features", async () => {
    const known = plantedTastes(300, 44, 3);
    const values = new Float32Array(48 * 4);
    for (let item = 0; item < 48; item++) values[item * 4 + (item % 4)] = 1;
    const itemFeatures = { size: 4, values };
    const model = await ials({ seed: 1, factors: 16 }).fit({
      ...known,
      itemCount: 48,
      itemFeatures,
    });
    // items 44 … 47 were never had, and each is of one taste
    for (const taste of [0, 1, 2, 3]) {
      const { items } = await model.recommend([taste, taste + 40], {
        k: 1,
        filter: (item) => item >= 44,
      });
      expect([...items]).toEqual([44 + taste, 44 + taste]);
    }
  });
});

describe("diversity", () => {
  it("brings other tastes into a list", async () => {
    const model = await ials({ seed: 1, factors: 16, epochs: 8 }).fit(data);
    const tastes = async (diversity: number) => {
      const { items } = await model.recommend(everybody, { k: 5, diversity });
      return everybody.reduce(
        (sum, user) => sum + new Set(listOf(items, 5, user).map((item) => item % 4)).size,
        0,
      );
    };
    expect(await tastes(0.8)).toBeGreaterThan(await tastes(0));
  });
});

describe("a split", () => {
  it("keeps back the latest, or a share of each user's, and nothing that is known", () => {
    const byTime = splitInteractions(data, { seed: 1, share: 0.3 });
    const latest = byTime.train.times?.reduce((most, time) => Math.max(most, time), 0) ?? 0;
    expect(byTime.test.times?.every((time) => time > latest)).toBe(true);
    const { times: _, ...timeless } = data;
    const { train, test } = splitInteractions(timeless, { seed: 1 });
    expect(test.users.length / data.users.length).toBeGreaterThan(0.12);
    expect(test.users.length / data.users.length).toBeLessThan(0.21);
    for (const user of [0, 7, 100]) {
      expect(hadBy(train, user).size).toBeGreaterThan(0);
      for (const item of hadBy(test, user)) expect(hadBy(train, user).has(item)).toBe(false);
    }
    expect(splitInteractions(timeless, { seed: 1 })).toEqual({ train, test });
  });
});
