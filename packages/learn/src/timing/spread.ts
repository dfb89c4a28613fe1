import { logGamma } from "../special/gamma.js";
import type { Evidence } from "./gather.js";

/** The shape of the gamma of levels with the largest marginal likelihood, everyone's rhythm taken for all. */
export function fitSpread(
  { offsets, bins, exposure, answers }: Evidence,
  rates: Float64Array,
): number {
  const rows = answers.length;
  const expected = new Float64Array(rows);
  for (let row = 0; row < rows; row++)
    for (let index = offsets[row]; index < offsets[row + 1]; index++)
      expected[row] += exposure[index] * rates[bins[index]];
  const likelihood = (logSpread: number): number => {
    const spread = Math.exp(logSpread);
    const constant = spread * logSpread - logGamma(spread);
    let sum = -0.5 * (logSpread - 1) ** 2; // where nothing is known, levels differ by some 60 %
    for (let row = 0; row < rows; row++) {
      if (expected[row] === 0) continue;
      const power = spread + answers[row];
      sum += constant + logGamma(power) - power * Math.log(spread + expected[row]);
    }
    return sum;
  };
  // golden section: the likelihood has one peak
  const golden = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [-2, 4];
  for (let step = 0; step < 20; step++) {
    const [one, two] = [high - golden * (high - low), low + golden * (high - low)];
    if (likelihood(one) > likelihood(two)) high = two;
    else low = one;
  }
  return Math.exp((low + high) / 2);
}
