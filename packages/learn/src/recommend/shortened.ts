import { mostVisits } from "./cost.js";
import type { Histories } from "./histories.js";
import { rowCounts, type Sparse } from "./matrix.js";

/**
 * Histories for counting what was had together, which takes the square of their lengths: where that is too much in all, the longest are
 * cut to one length, at which their latest entries stay, or without times every so many-th.
 */
export function shortened({ entries, times }: Histories, most = mostVisits): Sparse {
  const counts = rowCounts(entries);
  const length = affordableLength(counts, most);
  if (length === Infinity) return entries;
  const pointers = new Int32Array(entries.rows + 1);
  for (let user = 0; user < entries.rows; user++)
    pointers[user + 1] = pointers[user] + Math.min(counts[user], length);
  const indices = new Int32Array(pointers[entries.rows]);
  const values = new Float32Array(indices.length);
  let next = 0;
  for (let user = 0; user < entries.rows; user++) {
    const from = entries.pointers[user];
    const count = counts[user];
    const kept =
      count > length ? keptOf(times?.subarray(from, from + count), count, length) : count;
    for (let at = 0; at < Math.min(count, length); at++) {
      const entry = from + (typeof kept === "number" ? at : kept[at]);
      indices[next] = entries.indices[entry];
      values[next++] = entries.values[entry];
    }
  }
  return { ...entries, pointers, indices, values };
}

/** The longest history for which the sum of squares is no more than so much. */
function affordableLength(counts: Float64Array, most: number): number {
  const squares = (length: number): number =>
    counts.reduce((sum, count) => sum + Math.min(count, length) ** 2, 0);
  if (squares(Infinity) <= most) return Infinity;
  let low = 1;
  let high = counts.reduce((longest, count) => Math.max(longest, count), 1);
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (squares(middle) <= most) low = middle;
    else high = middle;
  }
  return low;
}

/** Places of the entries that stay, ascending. */
function keptOf(times: Float64Array | undefined, count: number, length: number): Int32Array {
  const places = Int32Array.from({ length: count }, (_, at) => at);
  if (!times)
    return places.filter(
      (at) => Math.floor((at * length) / count) !== Math.floor(((at + 1) * length) / count),
    );
  return places
    .sort((one, other) => times[other] - times[one] || one - other)
    .slice(0, length)
    .sort();
}
