/** Quantiles are taken from at most this many rows, evenly spread. */
const sampleSize = 20_000;

/**
 * Quantiles of the values strictly between the smallest and the largest: a column that is mostly zeros gets its knots where
 * it is not zero. Fewer than `count` where they coincide.
 */
export function placeKnots(
  values: Float32Array,
  weights: Float64Array | undefined,
  count: number,
): number[] {
  if (count === 0) return [];
  const rows: number[] = [];
  for (let row = 0; row < values.length; row++)
    if (!Number.isNaN(values[row]) && weights?.[row] !== 0) rows.push(row);
  const stride = Math.ceil(rows.length / sampleSize);
  const sample = rows
    .filter((_, index) => index % stride === 0)
    .sort((left, right) => values[left] - values[right]);
  const least = values[sample[0]];
  const most = values[sample[sample.length - 1]];
  const inner = sample.filter((row) => values[row] > least && values[row] < most);
  const weigh = (row: number) => (weights ? weights[row] : 1);
  const total = inner.reduce((sum, row) => sum + weigh(row), 0);
  const knots: number[] = [];
  let passed = 0;
  for (const row of inner) {
    passed += weigh(row);
    const due = passed >= (total * (knots.length + 1)) / (count + 1);
    if (!due || knots.length === count) continue;
    knots.push(values[row]);
  }
  return [...new Set(knots)];
}
