import { shareBy } from "./curve.js";
import type { AnswerCurve, VariantBatch } from "./types.js";

export interface Exposure {
  /** Of each variant: people as they would count had all answers come, and all batches been alike. */
  readonly exposed: Float64Array;
  readonly clicked: Float64Array;
  readonly shown: Float64Array;
}

const rounds = 30;

/**
 * What batches tell of variants. A batch that is young counts for as many people as should have answered by now. Batches sent at better hours
 * are allowed for: since better variants are in larger shares of later batches, adding up alone would credit them with the hour. Rates are taken
 * as of variant times batch, batches drawn towards all alike as far as chance explains how they differ.
 */
export function exposureOf(
  batches: readonly VariantBatch[],
  variants: readonly string[],
  curve: AnswerCurve | undefined,
): Exposure {
  const table = batches.map(({ counts, hours }) => {
    const come = curve && hours !== undefined ? Math.max(1e-3, shareBy(curve, hours)) : 1;
    return variants.map((name) => {
      const { shown = 0, clicked = 0 } = Object.hasOwn(counts, name) ? counts[name] : {};
      return { shown, clicked, people: shown * come };
    });
  });
  const sum = (of: (cell: (typeof table)[number][number]) => number): Float64Array =>
    Float64Array.from(variants, (_, at) => table.reduce((total, row) => total + of(row[at]), 0));
  const clicked = sum((cell) => cell.clicked);
  const people = sum((cell) => cell.people);
  const factors = new Float64Array(batches.length).fill(1);
  const exposed = people.slice();
  for (let round = 0; round < rounds && batches.length > 1; round++) {
    const expected = table.map((row) =>
      row.reduce(
        (total, cell, at) =>
          total + (exposed[at] > 0 ? (cell.people * clicked[at]) / exposed[at] : 0),
        0,
      ),
    );
    const came = table.map((row) => row.reduce((total, cell) => total + cell.clicked, 0));
    const logs = expected.map((mean, at) => Math.log((came[at] + 0.5) / (mean + 0.5)));
    const spread = spreadOf(logs, expected);
    let most = 0;
    for (const [at, log] of logs.entries()) {
      const own = Math.exp((spread / (spread + 1 / (expected[at] + 0.5))) * log);
      most = Math.max(most, Math.abs(Math.log(own / factors[at])));
      factors[at] = own;
    }
    for (const at of variants.keys())
      exposed[at] = table.reduce((total, row, batch) => total + row[at].people * factors[batch], 0);
    // all together count for as many people as before
    const scale = total(people) / Math.max(total(exposed), Number.MIN_VALUE);
    for (const at of exposed.keys()) exposed[at] *= scale;
    if (most < 1e-9) break;
  }
  return { exposed, clicked, shown: sum((cell) => cell.shown) };
}

const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);

/** Variance of batches' levels beyond chance, by moments (DerSimonian & Laird 1986). */
function spreadOf(logs: readonly number[], expected: readonly number[]): number {
  let weight = 0;
  let square = 0;
  let mean = 0;
  for (const [at, log] of logs.entries()) {
    const own = expected[at] + 0.5;
    weight += own;
    square += own * own;
    mean += own * log;
  }
  mean /= weight;
  const q = logs.reduce((sum, log, at) => sum + (expected[at] + 0.5) * (log - mean) ** 2, 0);
  const scale = weight - square / weight;
  return scale > 0 ? Math.max(0, (q - (logs.length - 1)) / scale) : 0;
}
