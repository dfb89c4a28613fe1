import type { Spending } from "./types.js";

/** Spending above 0 by number of purchases, in units of the mean. */
export interface SpendCells {
  readonly frequencies: Float64Array;
  readonly starts: Int32Array;
  readonly monetary: Float64Array;
  readonly weights: Float64Array;
  /** Σ weight · ln monetary, and Σ weight, by number of purchases. */
  readonly logs: Float64Array;
  readonly counts: Float64Array;
  readonly customers: number;
  readonly dropped: number;
  readonly unit: number;
  readonly correlation: number;
}

export function spendCells(spending: Spending): SpendCells {
  const { rows, frequency, monetary, weights } = spending;
  const weightOf = (row: number) => weights?.[row] ?? 1;
  let dropped = 0;
  const kept: number[] = [];
  for (let row = 0; row < rows; row++) {
    if (!(frequency[row] > 0 && weightOf(row) > 0)) continue;
    if (monetary[row] > 0) kept.push(row);
    else dropped += weightOf(row);
  }
  const order = Int32Array.from(kept).sort((one, other) => frequency[one] - frequency[other]);
  const moments = momentsOf(order, frequency, monetary, weightOf);
  const unit = order.length > 0 ? moments.meanSpend : 1;
  const frequencies: number[] = [];
  const starts: number[] = [];
  const own = new Float64Array(order.length);
  const ownWeights = new Float64Array(order.length);
  const logs: number[] = [];
  const counts: number[] = [];
  for (const [cell, row] of order.entries()) {
    if (frequency[row] !== frequencies.at(-1)) {
      frequencies.push(frequency[row]);
      starts.push(cell);
      logs.push(0);
      counts.push(0);
    }
    own[cell] = monetary[row] / unit;
    ownWeights[cell] = weightOf(row);
    logs[logs.length - 1] += ownWeights[cell] * Math.log(own[cell]);
    counts[counts.length - 1] += ownWeights[cell];
  }
  return {
    frequencies: Float64Array.from(frequencies),
    starts: Int32Array.of(...starts, order.length),
    monetary: own,
    weights: ownWeights,
    logs: Float64Array.from(logs),
    counts: Float64Array.from(counts),
    customers: moments.customers,
    dropped,
    unit,
    correlation: moments.correlation,
  };
}

function momentsOf(
  rows: Int32Array,
  frequency: Float64Array,
  monetary: Float64Array,
  weightOf: (row: number) => number,
): { customers: number; meanSpend: number; correlation: number } {
  let customers = 0;
  let meanX = 0;
  let meanM = 0;
  let [xx, mm, xm] = [0, 0, 0];
  for (const row of rows) {
    // West 1979: no difference of large sums
    const weight = weightOf(row);
    customers += weight;
    const share = weight / customers;
    const awayX = frequency[row] - meanX;
    const awayM = monetary[row] - meanM;
    meanX += share * awayX;
    meanM += share * awayM;
    xx += weight * awayX * (frequency[row] - meanX);
    mm += weight * awayM * (monetary[row] - meanM);
    xm += weight * awayX * (monetary[row] - meanM);
  }
  const correlation = xx > 0 && mm > 0 ? xm / Math.sqrt(xx * mm) : 0;
  return { customers, meanSpend: meanM, correlation };
}
