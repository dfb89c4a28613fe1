import { type ArtifactReader, badArtifact } from "../artifact.js";
import { pool } from "../calibrate/isotonic.js";
import type { Interval } from "../metrics/bootstrap.js";
import { sortedOrder } from "../metrics/metric.js";

/** Turns what a learner says into the mean effect on people of whom it says the same. Never reverses the order of two scores. */
export interface EffectCalibration {
  /** Scores, ascending: linear between, flat outside. */
  readonly knots: Float64Array;
  readonly effects: Float64Array;
  /** Standard errors of the effects. */
  readonly errors: Float64Array;
}

/** At most so many groups of people of like scores. */
const groups = 20;
/** And none smaller than this. */
const leastRows = 100;
/** Knots of a straight line. */
const lineKnots = 21;

/**
 * Calibrates by doubly robust scores of rows that the learner had not seen: by a straight line, or, where that foretells other folds'
 * rows better, by isotonic regression on groups of like scores.
 */
export function calibrate(
  scores: Float64Array,
  robust: Float64Array,
  folds: Int32Array,
): EffectCalibration {
  const count = folds.reduce((most, fold) => Math.max(most, fold), 0) + 1;
  const loss = [0, 0];
  for (let fold = 0; fold < count; fold++) {
    const [inside, outside] = [true, false].map((own) =>
      Int32Array.from(folds.keys()).filter((row) => (folds[row] === fold) === own),
    );
    const some = Float64Array.from(outside, (row) => scores[row]);
    const effects = Float64Array.from(outside, (row) => robust[row]);
    for (const [place, make] of [straight, isotone].entries()) {
      const calibration = make(some, effects);
      for (const row of inside)
        loss[place] += (robust[row] - effectAt(calibration, scores[row]).value) ** 2;
    }
  }
  return loss[1] < loss[0] ? isotone(scores, robust) : straight(scores, robust);
}

/** Least squares with a slope ≥ 0 and errors that hold whatever the variances (White 1980). */
function straight(scores: Float64Array, robust: Float64Array): EffectCalibration {
  const rows = scores.length;
  const center = meanOf(scores);
  const mean = meanOf(robust);
  let squares = 0;
  let products = 0;
  for (let row = 0; row < rows; row++) {
    squares += (scores[row] - center) ** 2;
    products += (scores[row] - center) * (robust[row] - mean);
  }
  const slope = squares > 0 ? Math.max(0, products / squares) : 0;
  let level = 0;
  let cross = 0;
  let steep = 0;
  for (let row = 0; row < rows; row++) {
    const distance = squares > 0 ? (scores[row] - center) / squares : 0;
    const residual = (robust[row] - mean - slope * (scores[row] - center)) ** 2;
    level += residual / rows ** 2;
    cross += (residual * distance) / rows;
    steep += residual * distance ** 2;
  }
  const sorted = scores.slice().sort();
  const knots = distinct(
    Float64Array.from(
      { length: lineKnots },
      (_, index) => sorted[Math.round((index / (lineKnots - 1)) * (rows - 1))],
    ),
  );
  return {
    knots,
    effects: knots.map((knot) => mean + slope * (knot - center)),
    errors: knots.map((knot) => {
      const distance = knot - center;
      return Math.sqrt(Math.max(0, level + 2 * distance * cross + distance ** 2 * steep));
    }),
  };
}

function isotone(scores: Float64Array, robust: Float64Array): EffectCalibration {
  const rows = scores.length;
  const order = sortedOrder(scores);
  const size = Math.max(leastRows, Math.ceil(rows / groups));
  const group = { scores: [] as number[], means: [] as number[], counts: [] as number[] };
  for (let from = 0; from < rows; ) {
    let until = Math.min(rows, from + size);
    if (rows - until < size / 2) until = rows;
    while (until < rows && scores[order[until]] === scores[order[until - 1]]) until++;
    const own = order.subarray(from, until);
    group.scores.push(own.reduce((sum, row) => sum + scores[row], 0) / own.length);
    group.means.push(own.reduce((sum, row) => sum + robust[row], 0) / own.length);
    group.counts.push(own.length);
    from = until;
  }
  const pools = pool(
    Float64Array.from(group.scores),
    Float64Array.from(group.means),
    Float64Array.from(group.counts),
  );
  const spread = Math.sqrt(varianceOf(robust));
  return {
    knots: Float64Array.from(pools, ({ sum, weight }) => sum / weight),
    effects: Float64Array.from(pools, ({ positive, weight }) => positive / weight),
    errors: Float64Array.from(pools, ({ weight }) => spread / Math.sqrt(weight)),
  };
}

export function effectAt(
  { knots, effects, errors }: EffectCalibration,
  score: number,
): { value: number; error: number } {
  const last = knots.length - 1;
  if (!(score > knots[0])) return { value: effects[0], error: errors[0] };
  if (score >= knots[last]) return { value: effects[last], error: errors[last] };
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (knots[middle] <= score) low = middle;
    else high = middle;
  }
  const share = (score - knots[low]) / (knots[high] - knots[low]);
  return {
    value: effects[low] + share * (effects[high] - effects[low]),
    error: errors[low] + share * (errors[high] - errors[low]),
  };
}

/** The same effect whatever the score. */
export const flat = ({ value, high }: Interval): EffectCalibration => ({
  knots: Float64Array.of(0),
  effects: Float64Array.of(value),
  errors: Float64Array.of((high - value) / normal),
});

/** 97.5 % of a standard normal lies below. */
export const normal = 1.959964;

/** The mean of doubly robust scores with its 95 % interval. */
export function meanEffect(robust: Float64Array): Interval {
  const value = meanOf(robust);
  const error = Math.sqrt(varianceOf(robust) / robust.length);
  return { value, low: value - normal * error, high: value + normal * error };
}

export const saveCalibration = ({ knots, effects, errors }: EffectCalibration) => ({
  knots: [...knots],
  effects: [...effects],
  errors: [...errors],
});

/** @throws LearnError "artifact" */
export function loadCalibration(kind: string, saved: ArtifactReader): EffectCalibration {
  const knots = saved.numbers("knots");
  const { length } = knots;
  if (length === 0 || knots.some((knot, index) => index > 0 && !(knot > knots[index - 1])))
    throw badArtifact(kind, "the knots of its calibration do not ascend");
  const effects = saved.numbers("effects", { length });
  return { knots, effects, errors: saved.numbers("errors", { length, min: 0 }) };
}

const distinct = (sorted: Float64Array): Float64Array =>
  sorted.filter((value, index) => index === 0 || value > sorted[index - 1]);

const meanOf = (values: Float64Array): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function varianceOf(values: Float64Array): number {
  const mean = meanOf(values);
  return (
    values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1)
  );
}
