import type { Clock } from "./clock.js";
import type { GapParameters } from "./likelihood.js";
import { predictive } from "./predictive.js";
import { student } from "./student.js";
import { noon, type OrderHistory } from "./summary.js";
import { type TailTable, tailTable } from "./tail-table.js";

/**
 * By how much gaps are not lognormal. For customers of few and of many gaps: the share of gaps that proved shorter than the one
 * the model expects a share `knots[k]` to be shorter than.
 */
export type Shapes = readonly Float64Array[];

const knots = [
  0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 1,
];
export const knotCount = knots.length;
/** A shape of its own for customers with no gap, up to 2, up to 8, and more. */
const mostGaps = [0, 2, 8, Number.POSITIVE_INFINITY];
export const shapeCount = mostGaps.length;
const bins = 200;
/** So many imaginary gaps say that the model is right. */
const trusted = 100;
const rounds = 3;

export const lognormal: Shapes = mostGaps.map(() => Float64Array.from(knots));

const shapeOf = (gaps: number): number => mostGaps.findIndex((most) => gaps <= most);

/** The distribution of the standardised next log gap by the number of gaps so far. */
export function shapedTables(
  { shape }: GapParameters,
  shapes: Shapes,
): (gaps: number) => TailTable {
  const tables = new Map<number, TailTable>();
  return (gaps) => {
    const known = tables.get(gaps);
    if (known) return known;
    const { survival } = student(2 * shape + gaps);
    const bend = shapes[shapeOf(gaps)];
    const made = tailTable((z) => bent(bend, survival(z)));
    tables.set(gaps, made);
    return made;
  };
}

/** A share left by the model, as it proved. Straight between knots, counted from the far end to keep the digits of tails. */
function bent(shape: Float64Array, left: number): number {
  let at = knots.length - 2;
  while (at > 0 && 1 - knots[at] < left) at--;
  const [near, far] = [1 - knots[at + 1], 1 - knots[at]];
  const [after, before] = [1 - shape[at + 1], 1 - shape[at]];
  return after + ((left - near) / (far - near)) * (before - after);
}

/**
 * Kaplan & Meier's estimate over each closed gap's place in what the model expected before it, the open gaps censored and counted
 * by the probability that their customers come back at all.
 */
export function gapShapes(
  history: OrderHistory,
  rows: Int32Array,
  clock: Clock,
  parameters: GapParameters,
  shiftOf: (row: number) => number,
): Shapes {
  const { offsets, days, asOf } = history;
  const { stop, stay } = parameters;
  const now = clock.at(asOf);
  const tableOf = shapedTables(parameters, lognormal);
  const closed = mostGaps.map(() => new Float64Array(bins));
  const open: { readonly gaps: number; readonly left: number }[] = [];
  for (const row of rows) {
    const shift = shiftOf(row);
    let gaps = -1;
    let mean = 0;
    let squares = 0;
    let before = 0;
    let last = Number.NaN;
    const left = (gap: number): number => {
      const { location, deviation } = predictive(parameters, gaps, mean, squares);
      return tableOf(gaps).survival((Math.log(gap) - shift - location) / deviation);
    };
    for (let index = offsets[row]; index < offsets[row + 1] && days[index] < asOf; index++) {
      if (days[index] === last) continue;
      last = days[index];
      const time = clock.at(last + noon);
      if (gaps >= 0) {
        const share = 1 - left(time - before);
        closed[shapeOf(gaps)][Math.min(bins - 1, Math.floor(share * bins))]++;
        const change = Math.log(time - before) - shift - mean;
        mean += change / (gaps + 1);
        squares += change * (Math.log(time - before) - shift - mean);
      }
      gaps++;
      before = time;
    }
    if (gaps >= 0) open.push({ gaps, left: left(now - before) });
  }

  let shapes = lognormal;
  for (let round = 0; round < rounds; round++) {
    const censored = mostGaps.map(() => new Float64Array(bins));
    for (const { gaps, left } of open) {
      const survived = (stay + gaps) * bent(shapes[shapeOf(gaps)], left);
      const bin = Math.min(bins - 1, Math.floor((1 - left) * bins));
      censored[shapeOf(gaps)][bin] += survived / (survived + stop);
    }
    shapes = closed.map((events, group) => kaplanMeier(events, censored[group]));
  }
  return shapes;
}

function kaplanMeier(closed: Float64Array, censored: Float64Array): Float64Array {
  let atRisk = closed.reduce((sum, count, bin) => sum + count + censored[bin], trusted);
  let left = 1;
  const leftAfter = Float64Array.from(closed, (count, bin) => {
    const events = count + trusted / bins;
    left *= 1 - Math.min(1, events / Math.max(events, atRisk - censored[bin] / 2));
    atRisk -= events + censored[bin];
    return left;
  });
  leftAfter[bins - 1] = 0;
  return Float64Array.from(knots, (knot) =>
    knot === 0 ? 0 : 1 - leftAfter[Math.round(knot * bins) - 1],
  );
}
