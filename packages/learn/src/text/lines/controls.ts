import { factor } from "../../optimise/solve.js";
import { spreadOf } from "./spread.js";
import { contestsOf, type LineTrials } from "./trials.js";

/** Standard deviation of the prior of an effect. */
const deviation = 0.3;

/**
 * What is to be taken off each line for what it was sent with, such as its hour: effects of `features` (row-major, lines × features) on
 * log-odds within campaigns, drawn towards none. Where words and features always go together, the features get the credit.
 *
 * @throws LearnError "input" when trials cannot be used
 */
export function controls(trials: LineTrials, features: ArrayLike<number>): Float64Array {
  const lines = trials.texts.length;
  const size = lines === 0 ? 0 : features.length / lines;
  const offsets = new Float64Array(lines);
  if (size === 0) return offsets;
  // each line stands for itself: contests may merge and reorder what says the same
  const named = { ...trials, texts: trials.texts.map((_, line) => String(line)) };
  const contests = contestsOf(named);
  const { starts, logits, variances, texts } = contests;
  const spread = spreadOf(contests);
  const hessian = new Float64Array(size * size);
  const right = new Float64Array(size);
  for (let one = 0; one < size; one++) hessian[one * size + one] = 1 / deviation ** 2;
  for (let contest = 0; contest + 1 < starts.length; contest++) {
    const mean = new Float64Array(size);
    let weights = 0;
    let level = 0;
    for (let line = starts[contest]; line < starts[contest + 1]; line++) {
      const weight = 1 / (variances[line] + spread);
      weights += weight;
      level += weight * logits[line];
      for (let one = 0; one < size; one++)
        mean[one] += weight * features[Number(texts[line]) * size + one];
    }
    for (let line = starts[contest]; line < starts[contest + 1]; line++) {
      const weight = 1 / (variances[line] + spread);
      for (let one = 0; one < size; one++) {
        const x = features[Number(texts[line]) * size + one] - mean[one] / weights;
        right[one] += weight * x * (logits[line] - level / weights);
        for (let other = 0; other <= one; other++)
          hessian[one * size + other] +=
            weight * x * (features[Number(texts[line]) * size + other] - mean[other] / weights);
      }
    }
  }
  const effects = factor(hessian, size)(right);
  for (let line = 0; line < lines; line++)
    for (let one = 0; one < size; one++)
      offsets[line] += effects[one] * features[line * size + one];
  return offsets;
}
