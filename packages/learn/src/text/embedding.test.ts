import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { onnxGraph } from "../onnx/graph.js";
import { account, vocabulary } from "./lines/account.fixture.js";
import { subjectLines } from "./lines/subject-lines.js";
import { readabilityOf } from "./readability.js";
import { type SentenceEmbedding, sentenceEmbedding } from "./sentence-embedding.js";
import { textClassifier } from "./text-classifier.js";

afterEach(() => {
  vi.doUnmock("onnxruntime-node");
});

/** Words of two meanings, none of which is ever seen twice. */
const good = (text: string) => /^a/.test(text);
const texts = Array.from({ length: 60 }, (_, at) => `${at % 2 ? "a" : "z"}${(at * 7919) % 99991}`);
const labels = texts.map((text) => (good(text) ? "good" : "bad"));
const meaning = { dimensions: 2, of: (text: string) => (good(text) ? [3, 0.1] : [0.1, 3]) };

describe("an embedding of the user's own", () => {
  it("lets a classifier tell words that it has never seen", async () => {
    const bare = await textClassifier().fit(texts, labels);
    const model = await textClassifier({ embedding: meaning }).fit(texts, labels);
    expect(model.proven().accuracy).toBe(1);
    expect(bare.proven().accuracy).toBeLessThan(1);
    const { likeliest } = model.predict(["a!!", "zürich"]);
    expect([...likeliest].map((at) => model.labels[at])).toEqual(["good", "bad"]);
    const saved = JSON.parse(JSON.stringify(model.save()));
    const back = textClassifier({ embedding: meaning }).load(saved);
    expect(back.predict(texts)).toEqual(model.predict(texts));
    expect(back.reasons(texts[0], "bad")).toEqual(model.reasons(texts[0], "bad"));
    expect(() => textClassifier().load(saved)).toThrow("an embedding of 2 numbers");
    expect(() => textClassifier({ embedding: meaning }).load(bare.save())).toThrow("no embedding");
  });

  it("says when vectors are not what they should be", async () => {
    const fit = (of: () => number[]) =>
      textClassifier({ embedding: { dimensions: 2, of } }).fit(texts, labels);
    await expect(fit(() => [1])).rejects.toThrow("a vector of 2 numbers is needed, got 1");
    await expect(fit(() => [1, Number.NaN])).rejects.toThrow("not all finite");
    await expect(fit(() => [0, 0])).resolves.toBeDefined();
  });

  it("is a part of lines too, told as their meaning", async () => {
    const up = new Set(vocabulary.filter((_, at) => at % 3 === 0));
    const effects = Object.fromEntries([...up].map((word) => [word, 0.12]));
    const embedding = {
      dimensions: 2,
      of: (text: string) => {
        const words = text.split(" ");
        return [words.filter((word) => up.has(word)).length, words.length];
      },
    };
    const trials = account({ campaigns: 60, effects, spread: 0.05, seed: 3 });
    const model = await subjectLines({ folds: 2, embedding }).fit(trials);
    const line = [...up].slice(0, 4).join(" ");
    expect(model.reasons(line).some(({ word }) => word === "meaning")).toBe(true);
    const saved = JSON.parse(JSON.stringify(model.save()));
    expect(subjectLines({ embedding }).load(saved).score([line])).toEqual(model.score([line]));
    expect(() => subjectLines().load(saved)).toThrow("an embedding of 2 numbers");
  });
});

describe("sentenceEmbedding", () => {
  /** A table of vectors, one for each token. */
  function tokenModel(input = "input_ids"): Uint8Array {
    const graph = onnxGraph();
    const ids = graph.tensor(input, "int64", ["texts", "tokens"]);
    const table = graph.floats([0, 0, 1, 0, 0, 1, 5, 5], [4, 2]);
    graph.output(
      graph.node("ReduceMean", [graph.node("Gather", [table, ids])], {
        axes: { integers: [1] },
        keepdims: { integer: 0 },
      }),
      "vectors",
      "float",
      2,
    );
    return graph.finish("vectors of texts");
  }
  const tokenize = (text: string) =>
    Array.from(text, (one) => (one === "a" ? 1 : one === "b" ? 2 : 3));
  let embedding: SentenceEmbedding;
  beforeAll(async () => {
    embedding = await sentenceEmbedding({ model: tokenModel(), tokenize, length: 4 });
  });

  it("gives each prepared text its vector, the same whatever it is prepared with", async () => {
    expect(embedding.dimensions).toBe(2);
    await embedding.prepare(["a", "b"]);
    await embedding.prepare(["bbb", "ab", "b", "aaab"]);
    const of = (text: string) => Array.from(embedding.of(text));
    expect(of("a")).toEqual([1, 0]);
    expect(of("b")).toEqual([0, 1]);
    expect(of("ab")).toEqual([0.5, 0.5]);
    expect(of("bbb")).toEqual([0, 1]);
    expect(of("aaab")).toEqual([0.75, 0.25]);
    expect(() => embedding.of("aa")).toThrow("has not been prepared");
    const stop = AbortSignal.abort();
    await expect(embedding.prepare(["aab"], { signal: stop })).rejects.toMatchObject({
      code: "aborted",
    });
  });

  it("says what does not fit", async () => {
    await expect(sentenceEmbedding({ model: tokenModel("words"), tokenize })).rejects.toThrow(
      "do not fit",
    );
    await expect(sentenceEmbedding({ model: new Uint8Array(9), tokenize })).rejects.toMatchObject({
      code: "artifact",
    });
    await expect(sentenceEmbedding({ model: tokenModel(), tokenize: () => [-1] })).rejects.toThrow(
      "no number of a token",
    );
    await expect(sentenceEmbedding({ model: tokenModel(), tokenize, length: 0 })).rejects.toThrow(
      '"length"',
    );
  });
});

describe("readabilityOf", () => {
  const easy = "The cat sat on the mat. It was a big red cat. We like it. Do you? ".repeat(3);
  const hard = `${"Notwithstanding considerable organisational complications, international administrators consistently underestimate interdepartmental responsibilities and ".repeat(3)}so on.`;
  it("tells easy texts from hard ones, in any language of letters", () => {
    const told = readabilityOf(easy);
    expect(told).toMatchObject({ words: 51, sentences: 12 });
    expect(told?.lix).toBeCloseTo(51 / 12, 9);
    expect(readabilityOf(hard)?.lix).toBeGreaterThan(60);
    expect(readabilityOf("Кот сидит на ковре. ".repeat(10))?.lix).toBeLessThan(10);
  });
  it("says nothing of short texts and of scripts without blanks", () => {
    for (const text of ["", "Too short.", "今日はとても良い天気です。".repeat(20), "🎉".repeat(50)])
      expect(readabilityOf(text)).toBeUndefined();
  });
});
