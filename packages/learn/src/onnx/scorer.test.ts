import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { LearnError } from "../error.js";
import { category, furthest, number } from "./columns.fixture.js";
import { onnxScorer } from "./scorer.js";

const fixture = (name: string) => readFileSync(new URL(`__fixtures__/${name}`, import.meta.url));

describe("onnxScorer with the peers' models", () => {
  const expected = JSON.parse(fixture("expected.json").toString()) as Record<string, number[]> & {
    plan: never;
  };
  const numbers = [number("age", expected.age), number("spend", expected.spend)];
  const plan = category("plan", expected.plan);

  it("runs a scikit-learn pipeline by column names", async () => {
    const scorer = await onnxScorer(fixture("sklearn.onnx"));
    expect(scorer.output).toBe("probabilities");
    const columns = [plan, number("not asked for", [1, 2, 3, 4, 5]), ...numbers];
    const found = await scorer.predict({ rows: 5, columns });
    expect(furthest(found, Float64Array.from(expected.sklearn))).toBeLessThan(1e-6);
    const other = await onnxScorer(fixture("sklearn.onnx"), { outputColumn: 0 });
    expect((await other.predict({ rows: 5, columns }))[0]).toBeCloseTo(1 - expected.sklearn[0], 6);
  });

  it("runs a LightGBM model on its one matrix", async () => {
    const scorer = await onnxScorer(fixture("lightgbm.onnx"));
    const found = await scorer.predict({ rows: 5, columns: numbers });
    expect(furthest(found, Float64Array.from(expected.lightgbm))).toBeLessThan(1e-6);
    const label = await onnxScorer(fixture("lightgbm.onnx"), { output: "label" });
    const classes = await label.predict({ rows: 5, columns: numbers });
    expect([...classes]).toEqual(
      expected.lightgbm.map((probability) => (probability > 0.5 ? 1 : 0)),
    );
  });

  it("says what to do about maps, names and shapes that do not fit", async () => {
    await expect(onnxScorer(fixture("sklearn-zipmap.onnx"))).rejects.toMatchObject({
      code: "input",
      hint: expect.stringContaining("zipmap"),
    });
    await expect(onnxScorer(fixture("sklearn.onnx"), { output: "score" })).rejects.toMatchObject({
      hint: 'Its outputs are "label", "probabilities".',
    });
    const scorer = await onnxScorer(fixture("sklearn.onnx"));
    await expect(scorer.predict({ rows: 5, columns: numbers })).rejects.toThrow(
      'no column for the model\'s input "plan"',
    );
    const wrong = [...numbers, number("plan", [1, 2, 3, 4, 5])];
    await expect(scorer.predict({ rows: 5, columns: wrong })).rejects.toThrow(
      'wants text, column "plan" holds numbers',
    );
    const lightgbm = await onnxScorer(fixture("lightgbm.onnx"));
    await expect(lightgbm.predict({ rows: 5, columns: [...numbers, plan] })).rejects.toThrow(
      "takes 2 columns, not 3",
    );
    await expect(lightgbm.predict({ rows: 5, columns: [numbers[0], plan] })).rejects.toThrow(
      "wants numbers",
    );
    const outside = await onnxScorer(fixture("lightgbm.onnx"), { outputColumn: 2 });
    await expect(outside.predict({ rows: 5, columns: numbers })).rejects.toThrow(
      "holds no column 2",
    );
  });

  it("refuses bytes that are no model", async () => {
    for (const bytes of [
      new Uint8Array(0),
      Uint8Array.of(1, 2, 3),
      fixture("sklearn.onnx").subarray(0, 500),
    ])
      await expect(onnxScorer(bytes)).rejects.toSatisfy((error) =>
        LearnError.is(error, "artifact"),
      );
  });
});
