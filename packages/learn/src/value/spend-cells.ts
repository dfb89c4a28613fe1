import type { Spending } from "./types.js";

/** Spending above 0 by number of purchases, in units of the mean. */
export interface SpendCells {
  readonly frequencies: Float64Array;
  readonly starts: Int32Array;
  readonly monetary: Float64Array;
  readonly weights: Float64Array;
  /** Whether all weights are 1, and amounts such that several may be multiplied. */
  readonly alike: boolean;
  /** Σ weight · ln monetary, and Σ weight, by number of purchases. */
  readonly logs: Float64Array;
  readonly counts: Float64Array;
  readonly customers: number;
  readonly dropped: number;
  readonly unit: number;
  readonly correlation: number;
}

/** So many amounts multiplied stay within a double: none is above `purchases` of as many means as there are customers. */
const mostFactors = { cells: 8, purchases: 1e6 };

export function spendCells(spending: Spending): SpendCells {
  const { rows, frequency, monetary, weights } = spending;
  const weightOf = (row: number) => weights?.[row] ?? 1;
  const kept = new Int32Array(rows);
  let size = 0;
  let dropped = 0;
  let alike = true;
  const sizes = new Map<number, number>();
  for (let row = 0; row < rows; row++) {
    const x = frequency[row];
    const weight = weightOf(row);
    if (!(x > 0 && weight > 0)) continue;
    if (!(monetary[row] > 0)) {
      dropped += weight;
      continue;
    }
    kept[size++] = row;
    alike &&= weight === 1 && x <= mostFactors.purchases;
    sizes.set(x, (sizes.get(x) ?? 0) + 1);
  }
  const order = kept.subarray(0, size);
  const moments = momentsOf(order, frequency, monetary, weightOf);
  const unit = size > 0 ? moments.meanSpend : 1;
  const frequencies = Float64Array.from(sizes.keys()).sort();
  const starts = new Int32Array(frequencies.length + 1);
  const places = new Map<number, number>();
  for (const [index, x] of frequencies.entries()) {
    places.set(x, index);
    starts[index + 1] = starts[index] + (sizes.get(x) ?? 0);
  }
  const next = starts.slice();
  const own = new Float64Array(size);
  const ownWeights = new Float64Array(size);
  const logs = new Float64Array(frequencies.length);
  const counts = new Float64Array(frequencies.length);
  for (const row of order) {
    const index = places.get(frequency[row]) as number;
    const cell = next[index]++;
    own[cell] = monetary[row] / unit;
    ownWeights[cell] = weightOf(row);
    logs[index] += ownWeights[cell] * Math.log(own[cell]);
    counts[index] += ownWeights[cell];
  }
  return {
    frequencies,
    starts,
    monetary: own,
    weights: ownWeights,
    alike,
    logs,
    counts,
    customers: moments.customers,
    dropped,
    unit,
    correlation: moments.correlation,
  };
}

/** Σ weight · ln(x·monetary + v) over the cells of one number of purchases x, and its slope in v. */
export function logSums(
  { starts, monetary, weights, alike, frequencies }: SpendCells,
  index: number,
  v: number,
): { readonly sum: number; readonly slope: number } {
  const x = frequencies[index];
  const end = starts[index + 1];
  let sum = 0;
  let slope = 0;
  let cell = starts[index];
  if (!alike) {
    for (; cell < end; cell++) {
      const spent = x * monetary[cell] + v;
      sum += weights[cell] * Math.log(spent);
      slope += weights[cell] / spent;
    }
    return { sum, slope };
  }
  // one logarithm and one division for several cells: ln Πs = Σ ln s, and (Πs)' / Πs = Σ 1/s
  while (cell < end) {
    let product = 1;
    let derivative = 0;
    for (const last = Math.min(end, cell + mostFactors.cells); cell < last; cell++) {
      const spent = x * monetary[cell] + v;
      derivative = derivative * spent + product;
      product *= spent;
    }
    sum += Math.log(product);
    slope += derivative / product;
  }
  return { sum, slope };
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
