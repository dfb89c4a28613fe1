/** P-values corrected for having been looked at together (Holm 1979): below α each, and the chance of any false one is below α. */
export function holm(values: readonly number[]): readonly number[] {
  const order = Array.from(values.keys()).sort((left, right) => values[left] - values[right]);
  const corrected = new Array<number>(values.length);
  let most = 0;
  for (const [place, index] of order.entries()) {
    most = Math.max(most, Math.min(1, values[index] * (values.length - place)));
    corrected[index] = most;
  }
  return corrected;
}
