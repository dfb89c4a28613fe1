import { describe, expect, it } from "vitest";
import { blend } from "../recommend/blend.js";
import { ease } from "../recommend/ease.js";
import { ials } from "../recommend/ials.js";
import { itemKnn } from "../recommend/item-knn.js";
import { plantedTastes } from "../recommend/planted.fixture.js";
import { popularity } from "../recommend/popularity.js";
import { rp3beta } from "../recommend/rp3beta.js";
import { sequence } from "../recommend/sequence.js";
import { spectral } from "../recommend/spectral.js";
import type {
  History,
  Interactions,
  RecommenderEstimator,
  RecommenderModel,
} from "../recommend/types.js";
import { recommenderInputs } from "./recommender-inputs.js";
import { loadRuntime } from "./runtime.js";
import { toOnnx } from "./to-onnx.js";

const seed = 1;
const data = plantedTastes(250, 60, 3);
const everybody = Int32Array.from({ length: data.userCount }, (_, user) => user);

/** Runs the file as any user of onnxruntime would. */
async function lists(
  file: Uint8Array,
  model: RecommenderModel,
  who: ArrayLike<number> | History,
  options: Parameters<typeof recommenderInputs>[2],
) {
  const { InferenceSession, Tensor } = await loadRuntime();
  const session = await InferenceSession.create(file, { logSeverityLevel: 3 });
  const inputs = await recommenderInputs(model, who, options);
  expect(Object.keys(inputs).sort()).toEqual([...session.inputNames].sort());
  const feeds = Object.fromEntries(
    Object.entries(inputs).map(([name, { type, data, dims }]) => [
      name,
      new Tensor(type, data, dims),
    ]),
  );
  const { items, scores } = await session.run(feeds, ["items", "scores"]);
  await session.release();
  return {
    k: items.dims[1],
    items: Array.from(items.data, Number),
    scores: Array.from(scores.data, Number),
  };
}

/** That a file gives what the model itself gives, but for popular items behind a short list. */
async function expectAlike(
  model: RecommenderModel,
  who: ArrayLike<number> | History,
  options: Parameters<typeof recommenderInputs>[2] & { readonly k: number },
): Promise<number> {
  const found = await lists(toOnnx(model, options), model, who, options);
  const own = await ("items" in who ? model.foldIn(who, options) : model.recommend(who, options));
  expect(found.k).toBe(Math.min(options.k, model.itemCount));
  let furthest = 0;
  let compared = 0;
  own.popular.forEach((popular, row) => {
    const list = [...own.items.subarray(row * own.k, (row + 1) * own.k)];
    const end = list.indexOf(-1);
    const count = (end < 0 ? own.k : end) - popular;
    const theirs = found.items.slice(row * found.k, (row + 1) * found.k);
    expect(theirs).toEqual([
      ...list.slice(0, count),
      ...new Array<number>(found.k - count).fill(-1),
    ]);
    for (let rank = 0; rank < count; rank++) {
      const [one, other] = [own.scores[row * own.k + rank], found.scores[row * found.k + rank]];
      furthest = Math.max(furthest, Math.abs(one - other));
    }
    compared += count;
  });
  expect(furthest).toBeLessThan(1e-5);
  return compared;
}

const parts = () => [
  itemKnn(),
  sequence(),
  ials({ seed, factors: 8, epochs: 4 }),
  popularity(),
  spectral({ seed, factors: 8 }),
];
const estimators: readonly RecommenderEstimator[] = [
  ials({ seed, factors: 16, epochs: 6 }),
  spectral({ seed, factors: 8 }),
  ease({ ridge: 20 }),
  ease({ ridge: 5, neighbours: 9 }),
  itemKnn({ neighbours: 12 }),
  rp3beta({ neighbours: 15 }),
  sequence({ neighbours: 10 }),
  popularity(),
  blend({ seed, models: parts(), weights: [3, 1, 2, 1, 2] }),
];

describe.each(estimators.map((estimator) => [estimator.kind, estimator] as const))(
  "toOnnx of %s",
  (kind, estimator) => {
    const fitted = estimator.fit(data);

    it("gives the same lists for everybody, in the same order", async () => {
      const model = await fitted;
      expect(await expectAlike(model, everybody, { k: 10 })).toBeGreaterThan(2000);
      expect(await expectAlike(model, [3, 3, 0], { k: 200 })).toBeGreaterThan(
        kind === "sequence" ? 30 : 60,
      );
    });

    it("gives nothing that is banned, and keeps what may be given again", async () => {
      const model = await fitted;
      const exclude = (user: number) => [user % 60, (user + 7) % 60];
      const options = { k: 5, exclude, filter: (item: number) => item % 3 !== 0 };
      await expectAlike(model, everybody, options);
      await expectAlike(model, everybody, { ...options, keepSeen: (item) => item % 2 === 0 });
      await expectAlike(model, everybody, { k: 5, filter: () => false });
    });

    it("serves a history of somebody new, and of nobody known", async () => {
      const model = await fitted;
      const history = { items: [4, 8, 12], weights: [1, 3, 2], times: [1, 2, 2], segment: 1 };
      await expectAlike(model, history, { k: 10 });
      await expectAlike(model, { items: [], segment: 9 }, { k: 10 });
    });

    it("stands alone where factors are found inside the file", async () => {
      const model = await fitted;
      const options = { k: 10, foldIn: true };
      expect(await expectAlike(model, everybody, options)).toBeGreaterThan(2000);
      await expectAlike(model, { items: [4, 8, 12], times: [1, 2, 2] }, options);
      await expectAlike(model, { items: [] }, options);
      const names = Object.keys(await recommenderInputs(model, [0], options));
      expect(names.some((name) => name.startsWith("factors"))).toBe(false);
    });

    it("is the same file for the same model", async () => {
      expect(toOnnx(await fitted)).toEqual(toOnnx(await estimator.fit(data)));
    });
  },
);

describe("toOnnx of recommenders", () => {
  it("knows blends of blends, and single models of one item", async () => {
    const inner = blend({ seed, models: [ease({ ridge: 20 }), itemKnn()], weights: [1, 1] });
    const whole = blend({ seed, models: [inner, rp3beta(), itemKnn()], weights: [2, 1, 1] });
    await expectAlike(await whole.fit(data), everybody, { k: 10 });
    const one: Interactions = {
      userCount: 2,
      itemCount: 1,
      users: Int32Array.of(0),
      items: Int32Array.of(0),
    };
    for (const estimator of [ials({ seed, factors: 8, epochs: 1 }), itemKnn()])
      await expectAlike(await estimator.fit(one), [0, 1], { k: 3, keepSeen: true });
  });

  it("asks for no segments where there are none", async () => {
    const { segments: _, ...plain } = data;
    const model = await blend({ seed, models: [popularity(), itemKnn()], weights: [1, 1] }).fit(
      plain,
    );
    await expectAlike(model, everybody, { k: 10 });
    const alone = await popularity().fit(plain);
    expect(Object.keys(await recommenderInputs(alone, [0])).sort()).toEqual(["banned", "k"]);
    await expectAlike(alone, everybody, { k: 10 });
  });

  it("says what is too large for the format, before it takes the memory", async () => {
    const wide = { ...data, itemCount: 30_000 };
    const model = await itemKnn().fit(wide);
    expect(() => toOnnx(model)).toThrow(/30000 items would be a file of 3\.4 GB/);
  });

  it("refuses users that are none", async () => {
    const model = await itemKnn().fit(data);
    await expect(recommenderInputs(model, [250])).rejects.toThrow(/user 250 is none of the 250/);
  });
});
