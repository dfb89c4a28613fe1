import { LearnError } from "../error.js";

/** How many values fell between edges that were quantiles of the first values. Plain JSON. */
export interface Histogram {
  /** Ascending; a value belongs to the first edge that is not below it, and to the bin after the last when all are. */
  readonly edges: readonly number[];
  /** One per bin, one more than edges; then the number of missing values. */
  readonly counts: readonly number[];
}

type Values = ArrayLike<number>;

/** At most `bins` bins of about equal size, fewer where values are equal; `NaN` counts as missing. Defaults to 20 bins. */
export function histogram(values: Values, bins = 20): Histogram {
  if (!(Number.isInteger(bins) && bins >= 2))
    throw new LearnError("input", `histogram: "bins" must be an integer ≥ 2, got ${bins}.`);
  const sorted = Float64Array.from(values)
    .filter((value) => !Number.isNaN(value))
    .sort();
  const edges: number[] = [];
  for (let bin = 1; bin < bins && sorted.length > 0; bin++) {
    const edge = sorted[Math.ceil((bin / bins) * sorted.length) - 1];
    // nothing lies beyond the largest value
    if (edge !== edges[edges.length - 1] && edge < sorted[sorted.length - 1]) edges.push(edge);
  }
  return recount({ edges, counts: [] }, values);
}

/** Other values in the same bins. */
export function recount({ edges }: Histogram, values: Values): Histogram {
  const counts = new Array<number>(edges.length + 2).fill(0);
  for (let row = 0; row < values.length; row++) counts[binOf(edges, values[row])]++;
  return { edges, counts };
}

function binOf(edges: readonly number[], value: number): number {
  if (Number.isNaN(value)) return edges.length + 1;
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (edges[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
