import { logisticRegression } from "../linear/logistic-regression.js";
import { takeRows } from "../table.js";
import { rowsOf, trialFolds } from "./folds.js";
import { clip, type Sample, takeSample } from "./sample.js";
import type { UpliftTrial } from "./types.js";

const folds = 5;

/** The people of one arm and of the control, with each one's chance to be of the arm rather than of the control. */
export async function sampleOf(
  { table, arm, arms, outcome, propensities }: UpliftTrial,
  wanted: number,
  { seed, signal }: { readonly seed: number; readonly signal?: AbortSignal | undefined },
): Promise<Sample> {
  const rows = Int32Array.from(arm.keys()).filter((row) => arm[row] === 0 || arm[row] === wanted);
  const treated = Uint8Array.from(rows, (row) => (arm[row] === wanted ? 1 : 0));
  const own = Float64Array.from(rows, (row) => outcome[row]);
  const share = treated.reduce((sum, one) => sum + one, 0) / treated.length;
  const sample: Sample = {
    table: takeRows(table, rows),
    treated,
    outcome: own,
    propensity: new Float64Array(rows.length).fill(clip(share)),
    binary: own.every((value) => value === 0 || value === 1),
  };
  if (propensities === undefined) return sample;
  if (propensities === "estimated")
    return { ...sample, propensity: await estimated(sample, seed, signal) };
  const propensity = Float64Array.from(rows, (row) => {
    const [control, those] = [0, wanted].map((place) => propensities[row * arms.length + place]);
    return clip(those / (control + those));
  });
  return { ...sample, propensity };
}

/** By logistic regression on rows that it had not seen. */
async function estimated(
  sample: Sample,
  seed: number,
  signal: AbortSignal | undefined,
): Promise<Float64Array> {
  const { treated } = sample;
  const labels = Float64Array.from(treated);
  const fold = trialFolds(treated, labels, folds, seed);
  const propensity = new Float64Array(treated.length);
  for (let left = 0; left < folds; left++) {
    const others = takeSample(sample, rowsOf(fold, left, false));
    const own = rowsOf(fold, left, true);
    const model = await logisticRegression().fit(
      others.table,
      Float64Array.from(others.treated),
      signal ? { signal } : {},
    );
    const predicted = model.predict(takeRows(sample.table, own));
    for (const [place, row] of own.entries()) propensity[row] = clip(predicted[place]);
  }
  return propensity;
}

/** What makes the arms comparable where people's chances differed; 1 for all where they did not. */
export function comparable({ treated, propensity }: Sample): Float64Array | undefined {
  if (propensity.every((value) => value === propensity[0])) return undefined;
  const share = treated.reduce((sum, one) => sum + one, 0) / treated.length;
  return propensity.map((value, row) =>
    treated[row] === 1 ? share / value : (1 - share) / (1 - value),
  );
}
