import { LearnError } from "../error.js";
import type { Purchases, Spending } from "./types.js";

/** How far rounding may carry a recency past its age. */
const slack = 1e-9;

/** @throws LearnError "input" that names the row */
export function checkPurchases(who: string, purchases: Purchases, whole = false): void {
  const { rows, frequency, recency, age, weights } = purchases;
  checkLengths(who, rows, { frequency, recency, age, ...(weights && { weights }) });
  for (let row = 0; row < rows; row++) {
    const x = frequency[row];
    const last = recency[row];
    const end = age[row];
    const right =
      x >= 0 &&
      x <= Number.MAX_SAFE_INTEGER &&
      Math.floor(x) === x &&
      last >= 0 &&
      end < Infinity &&
      last <= end + slack * (1 + end) &&
      (x > 0 || last === 0);
    if (!right) throw bad(`${who}: row ${row} ${whatIsWrong(x, last, end)}`);
    if (whole && !(Number.isSafeInteger(last) && Number.isSafeInteger(end) && x <= last))
      throw bad(
        `${who}: row ${row} counts opportunities, so its recency ${last} and age ${end} must be whole, and its frequency ${x} at most recency.`,
      );
  }
  if (weights) checkWeights(who, weights);
}

function whatIsWrong(x: number, last: number, end: number): string {
  if (!(Number.isSafeInteger(x) && x >= 0))
    return `has frequency ${x}, which must be a whole number ≥ 0.`;
  if (!(Number.isFinite(end) && end >= 0)) return `has age ${end}, which must be a number ≥ 0.`;
  if (x === 0 && last > 0)
    return `has no purchase after the first, so its recency is 0 instead of ${last}.`;
  return `has recency ${last}, which must lie between 0 and its age ${end}.`;
}

/** @throws LearnError "input" that names the row */
export function checkSpending(who: string, spending: Spending): void {
  const { rows, frequency, monetary, weights } = spending;
  checkLengths(who, rows, { frequency, monetary, ...(weights && { weights }) });
  for (let row = 0; row < rows; row++) {
    if (!(Number.isFinite(frequency[row]) && frequency[row] >= 0))
      throw bad(`${who}: row ${row} has frequency ${frequency[row]}, which must be a number ≥ 0.`);
    // where nothing was bought there is no mean: it may be NaN
    if (frequency[row] > 0 && !Number.isFinite(monetary[row]))
      throw bad(`${who}: row ${row} has mean spend ${monetary[row]}, which must be a number.`);
  }
  if (weights) checkWeights(who, weights);
}

export function checkHorizon(who: string, horizon: number, whole = false): void {
  if (!(Number.isFinite(horizon) && horizon >= 0 && (!whole || Number.isSafeInteger(horizon))))
    throw bad(
      `${who}: "horizon" must be ${whole ? "an integer" : "a number"} ≥ 0, got ${horizon}.`,
    );
}

export function checkLevel(who: string, level: number): void {
  if (!(level > 0 && level < 1))
    throw bad(`${who}: a level must lie between 0 and 1, got ${level}.`);
}

function checkLengths(who: string, rows: number, lists: Record<string, Float64Array>): void {
  if (!(Number.isSafeInteger(rows) && rows >= 0))
    throw bad(`${who}: "rows" must be an integer ≥ 0, got ${rows}.`);
  for (const [name, list] of Object.entries(lists))
    if (list?.length !== rows)
      throw bad(`${who}: "${name}" has ${list?.length ?? "no"} entries for ${rows} rows.`);
}

function checkWeights(who: string, weights: Float64Array): void {
  for (let row = 0; row < weights.length; row++)
    if (!(Number.isFinite(weights[row]) && weights[row] >= 0))
      throw bad(`${who}: row ${row} has weight ${weights[row]}, which must be a number ≥ 0.`);
}

function bad(message: string): LearnError {
  return new LearnError("input", message);
}
