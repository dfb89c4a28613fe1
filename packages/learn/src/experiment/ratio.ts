/**
 * A ratio of two sums, such as revenue per click, as one value per person whose mean is the ratio and whose spread gives its variance:
 * the delta method (Deng, Knoblich & Lu 2018, KDD). People, not clicks, were assigned to arms.
 *
 * @returns `undefined` where the denominators add up to nothing
 */
export function linearised(
  numerators: ArrayLike<number>,
  denominators: ArrayLike<number>,
): Float64Array | undefined {
  const rows = numerators.length;
  let above = 0;
  let below = 0;
  for (let row = 0; row < rows; row++) {
    above += numerators[row];
    below += denominators[row];
  }
  if (!(below > 0)) return undefined;
  const ratio = above / below;
  const mean = below / rows;
  return Float64Array.from(
    { length: rows },
    (_, row) => ratio + (numerators[row] - ratio * denominators[row]) / mean,
  );
}
