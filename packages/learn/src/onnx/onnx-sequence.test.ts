import { describe, expect, it } from "vitest";
import { LearnError } from "../error.js";
import { random } from "../random.js";
import { blend } from "../recommend/blend.js";
import { itemKnn } from "../recommend/item-knn.js";
import { popularity } from "../recommend/popularity.js";
import { fitRace, raceRecommenders } from "../recommend/race.js";
import type { Interactions } from "../recommend/types.js";
import { onnxGraph, type Shape, type TensorType } from "./graph.js";
import { onnxSequence } from "./onnx-sequence.js";
import { toOnnx } from "./to-onnx.js";

const itemCount = 40;
/** What comes after an item, as the numbers of a model whose 0 is padding. */
const after = (number: number, items = itemCount): number => ((number * 7) % items) + 1;

interface Made {
  readonly items?: number;
  readonly shape?: Shape;
  readonly type?: TensorType;
  readonly steps?: "last" | "every";
  readonly width?: number;
  readonly padded?: "before" | "after";
}

/** A file that knows what comes after each item: a row of the transitions is gathered for the last number, or for every one. */
function transitions(made: Made = {}): Uint8Array {
  const { items = itemCount, shape = ["rows", "items"], type = "int64", steps = "last" } = made;
  const { width = items + 1 } = made;
  const graph = onnxGraph();
  const input = graph.tensor("sequence", type, shape);
  const cells = new Float32Array((items + 1) * width).fill(-5);
  for (let number = 1; number <= items; number++)
    if (after(number, items) < width) cells[number * width + after(number, items)] = 5;
  const matrix = graph.floats(cells, [items + 1, width]);
  const numbers = type === "int64" ? input : graph.cast(input, "int64");
  const last = graph.node("Gather", [numbers, graph.integers([-1], [])], { axis: { integer: 1 } });
  const scores = graph.node("Gather", [matrix, steps === "last" ? last : numbers]);
  graph.output(scores, "scores", "float", "numbers");
  return graph.finish("Transitions.");
}

/** People who go from item to item as the model says, from different beginnings. */
function walks(people: number, length: number, count = itemCount): Interactions {
  const { below } = random(2);
  const users: number[] = [];
  const items: number[] = [];
  const times: number[] = [];
  for (let user = 0; user < people; user++) {
    let number = 1 + below(count);
    for (let at = 0; at < length; at++) {
      users.push(user);
      items.push(number - 1);
      times.push(at + user / people);
      number = after(number, count);
    }
  }
  return {
    userCount: people,
    itemCount: count,
    users: Int32Array.from(users),
    items: Int32Array.from(items),
    times: Float64Array.from(times),
  };
}

const data = walks(30, 6);
const lastOf = (user: number): number => data.items[user * 6 + 5] + 1;

describe("an imported sequence model", () => {
  it.each<[string, Made, { length?: number; padded?: "before" | "after" }]>([
    ["of any number of rows and items", {}, { length: 3 }],
    ["of a fixed length", { shape: ["rows", 4] }, {}],
    ["of one row at a time", { shape: [1, 4] }, {}],
    ["of 32-bit numbers", { type: "int32" }, { length: 20 }],
    ["that scores after every item", { steps: "every" }, { length: 6 }],
    ["that is padded behind", { steps: "every" }, { length: 9, padded: "after" }],
  ])("%s lists what it says comes next", async (_, made, options) => {
    const model = await onnxSequence({ model: transitions(made), ...options }).fit(data);
    const { items, popular } = await model.recommend([0, 7, 29], { k: 1, keepSeen: true });
    expect(Array.from(items)).toEqual([0, 7, 29].map((user) => after(lastOf(user)) - 1));
    expect(Array.from(popular)).toEqual([0, 0, 0]);
    const folded = await model.foldIn({ items: [3, 11], times: [2, 1] }, { k: 1 });
    expect(folded.items[0]).toBe(after(4) - 1);
    expect((await model.similarItems([11], 1)).items[0]).toBe(after(12) - 1);
  });

  it("knows items by numbers of its own, and leaves out those it does not know", async () => {
    // our item 0 is its number 5, our item 1 its 35, our item 2 it does not know
    const numbers = [5, after(5), -1];
    const three: Interactions = {
      userCount: 3,
      itemCount: 3,
      users: Int32Array.of(0, 0, 1),
      items: Int32Array.of(2, 0, 2),
      times: Float64Array.of(1, 0, 0),
    };
    const model = await onnxSequence({ model: transitions(), numbers }).fit(three);
    const { items, popular } = await model.recommend([0, 1, 2], { k: 2 });
    // the first had what it knows, and then what it does not; of the others nothing is known to it
    expect(items[0]).toBe(1);
    expect(popular[0]).toBe(0);
    expect(Array.from(popular.subarray(1))).toEqual([2, 2]);
  });

  it("is blended with the others, and saved and loaded with its file", async () => {
    const imported = onnxSequence({ model: transitions(), length: 4 });
    const models = [itemKnn(), imported, popularity()];
    const estimator = blend({ seed: 1, models, weights: [1, 2, 1] });
    const model = await estimator.fit(data);
    const saved = JSON.parse(JSON.stringify(model.save()));
    const empty = blend({
      seed: 1,
      models: [itemKnn(), onnxSequence({ model: new Uint8Array(0) }), popularity()],
    });
    const users = [0, 1, 2, 3];
    expect(await empty.load(saved, data).recommend(users)).toEqual(await model.recommend(users));
    expect(() => toOnnx(model)).toThrow(/imported is not written again/);
  });

  it("is better than the popular where order is all there is", async () => {
    const truth = Array.from({ length: 30 }, (_, user) => after(lastOf(user)) - 1);
    const hits = async (estimator: ReturnType<typeof popularity>) => {
      const { items } = await (await estimator.fit(data)).recommend([...truth.keys()], {
        k: 3,
        keepSeen: true,
      });
      return truth.filter((item, user) => items.subarray(3 * user, 3 * user + 3).includes(item))
        .length;
    };
    expect(await hits(onnxSequence({ model: transitions() }))).toBe(30);
    expect(await hits(popularity())).toBeLessThan(15);
  });
});

describe("an imported sequence model that does not fit", () => {
  const fit = (model: Uint8Array, options: object = {}, interactions = data) =>
    onnxSequence({ model, ...options }).fit(interactions);
  it.each<[string, Uint8Array, object, RegExp]>([
    ["fewer scores than numbers", transitions({ width: 30 }), {}, /scores 30 numbers.*is 40/],
    [
      "numbers beyond its own",
      transitions(),
      { numbers: Array.from({ length: 40 }, (_, at) => at * 2) },
      /scores 41 numbers.*is 78/,
    ],
    [
      "padding beyond its own",
      transitions({ steps: "every" }),
      { padding: 99 },
      /failed on numbers of items up to 40/,
    ],
    ["too few numbers", transitions(), { numbers: [1, 2] }, /2 entries, and there are 40 items/],
    [
      "a number twice",
      transitions(),
      { numbers: new Array(40).fill(3) },
      /two items have the number 3/,
    ],
    [
      "a number that is none",
      transitions(),
      { numbers: new Array(40).fill(0.5) },
      /item 0 has the number 0.5/,
    ],
    [
      "no number at all",
      transitions(),
      { numbers: new Array(40).fill(-1) },
      /knows none of the items/,
    ],
    [
      "another length",
      transitions({ shape: ["rows", 4] }),
      { length: 5 },
      /sequences of 4 items, not of 5/,
    ],
    ["another name", transitions(), { input: "ids" }, /no input "ids"/],
    ["another output", transitions(), { output: "logits" }, /no output "logits"/],
    ["three axes", transitions({ shape: ["rows", 4, 1] }), {}, /\[sequences, items\]/],
  ])("says so: %s", async (_, model, options, message) => {
    await expect(fit(model, options)).rejects.toThrow(message);
  });

  it("says so: floats for items, a file that is none, no times", async () => {
    const graph = onnxGraph();
    graph.output(graph.tensor("sequence", "float", ["rows", "items"]), "scores", "float", "items");
    const floats = graph.finish("What goes in comes out.");
    await expect(fit(floats)).rejects.toThrow(/takes float32 .* not whole numbers/);
    await expect(fit(Uint8Array.of(1, 2, 3))).rejects.toSatisfy((error) =>
      LearnError.is(error, "artifact"),
    );
    const { times: _, ...timeless } = data;
    await expect(fit(transitions(), {}, timeless)).rejects.toThrow(/have no times/);
    expect(() => onnxSequence({ model: transitions(), length: 0 })).toThrow(/"length"/);
  });
});

it("races beside the other kinds, and leads where it knows what the history here cannot tell", async () => {
  // hardly any step is seen twice
  const count = 500;
  const few = walks(150, 4, count);
  const model = onnxSequence({ model: transitions({ items: count }), length: 4 });
  const further = [{ name: "my model", estimator: model }];
  const race = await raceRecommenders(few, { seed: 1, k: 3, further });
  const [mine] = race.models.filter(({ name }) => name === "my model");
  const others = race.models.filter(({ name }) => name !== "my model" && name !== "blend");
  expect(mine.recall).toBeCloseTo(1, 9);
  for (const other of others) expect(other.recall).toBeLessThan(0.7);
  expect(race.weights[race.models.indexOf(mine)]).toBe(Math.max(...race.weights));
  expect((await fitRace(race, few)).map(({ name }) => name)).toContain("my model");
});
