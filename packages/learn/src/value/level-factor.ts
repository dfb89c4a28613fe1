import { LearnError } from "../error.js";
import { checkLevel } from "./check.js";

/** A factor further from 1 than this, as a standard deviation of its logarithm, would surprise. */
const usual = 0.3;

/**
 * What to multiply forecasts of a quantile by, so that their pinball loss on a past outcome would have been least: the median's
 * (`level` .5) absolute error. Quantile regression through the origin on one regressor (Koenker & Bassett 1978), whose answer is a
 * quantile of outcome ÷ forecast, each weighed by its forecast: large amounts, of which losses are made, count for most. Drawn
 * towards 1 by how uncertain it is, that is much where few forecasts make up most of the sum. Forecasts of 0 say nothing, and stay; 1
 * too where nothing at all would have been best.
 *
 * @param forecast at one level, ≥ 0, one per outcome
 * @throws LearnError "input" when lengths differ, or the level is not between 0 and 1
 */
export function levelFactor(forecast: Float64Array, outcome: Float64Array, level: number): number {
  checkLevel("level factor", level);
  if (forecast.length !== outcome.length)
    throw new LearnError(
      "input",
      `level factor: ${forecast.length} forecasts for ${outcome.length} outcomes.`,
    );
  const rows = Int32Array.from(forecast.keys()).filter((row) => forecast[row] > 0);
  if (rows.length === 0) return 1;
  const ratio = Float64Array.from(rows, (row) => outcome[row] / forecast[row]);
  const order = Int32Array.from(rows.keys()).sort((one, other) => ratio[one] - ratio[other]);
  let sum = 0;
  let squares = 0;
  for (const row of rows) {
    sum += forecast[row];
    squares += forecast[row] ** 2;
  }
  const at = (share: number): number => {
    let below = 0;
    for (const place of order) {
      below += forecast[rows[place]];
      if (below >= share * sum) return ratio[place];
    }
    return ratio[order[order.length - 1]];
  };
  const found = at(level);
  if (!(found > 0)) return 1;
  // of n equal weights, the quantile of the sample lies this far from the true one; unequal ones are worth (Σw)² / Σw² of them
  const reach = Math.sqrt((level * (1 - level) * squares) / (sum * sum));
  const [low, high] = [at(Math.max(0, level - reach)), at(Math.min(1, level + reach))];
  const error = Math.max(
    Math.sqrt(squares) / sum,
    low > 0 ? Math.log(high / low) / 2 : Math.log(high / found),
  );
  return found ** (usual ** 2 / (usual ** 2 + error ** 2));
}
