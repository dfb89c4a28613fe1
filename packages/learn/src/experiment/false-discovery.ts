/** P-values as false-discovery rates: of all that are below q, at most a share of q is false (Benjamini & Hochberg 1995). */
export function falseDiscovery(values: readonly number[]): readonly number[] {
  const order = Array.from(values.keys()).sort((left, right) => values[right] - values[left]);
  const rates = new Array<number>(values.length);
  let least = 1;
  for (const [place, index] of order.entries()) {
    least = Math.min(least, (values[index] * values.length) / (values.length - place));
    rates[index] = least;
  }
  return rates;
}
