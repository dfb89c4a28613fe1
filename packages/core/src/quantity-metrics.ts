import { random } from "@inchworm/learn";
import type { Measured } from "@inchworm/spec";
import type { Forecast } from "./judge-quantity.js";

/** A metric on all rows, each counted as often as its weight says. */
export interface PreparedMetric {
  (weights: Float64Array): number;
  readonly least: number;
  readonly most: number;
}

const metricOf = (
  evaluate: (weights: Float64Array) => number,
  least: number,
  most: number,
): PreparedMetric => Object.assign(evaluate, { least, most });

const unbounded = Number.POSITIVE_INFINITY;

/** The metrics that a forecast allows; see `QuantityMetrics`. */
export function quantityMetrics(forecast: Forecast, truth: Float64Array) {
  const { values, interval50, interval80, pinball } = forecast;
  const mean = (of: (row: number) => number) => weightedMean(truth.map((_, row) => of(row)));
  const inside = ([low, high]: readonly [Float64Array, Float64Array]) =>
    metricOf(
      mean((row) => (truth[row] >= low[row] && truth[row] <= high[row] ? 1 : 0)),
      0,
      1,
    );
  return {
    mae: metricOf(
      mean((row) => Math.abs(values[row] - truth[row])),
      0,
      unbounded,
    ),
    bias: metricOf(
      mean((row) => values[row] - truth[row]),
      -unbounded,
      unbounded,
    ),
    gini: metricOf(gini(values, truth), -1, 1),
    ...(pinball && { pinball: metricOf(weightedMean(pinball), 0, unbounded) }),
    ...(interval50 && { coverage50: inside(interval50) }),
    ...(interval80 && {
      coverage80: inside(interval80),
      width80: metricOf(
        mean((row) => interval80[1][row] - interval80[0][row]),
        0,
        unbounded,
      ),
    }),
  };
}

function weightedMean(losses: Float64Array): (weights: Float64Array) => number {
  return (weights) => {
    let sum = 0;
    let total = 0;
    for (let row = 0; row < losses.length; row++) {
      sum += weights[row] * losses[row];
      total += weights[row];
    }
    return sum / total;
  };
}

/** Area between the concentration curve and chance over that of a perfect order; rows of equal forecast share what they hold. */
function gini(values: Float64Array, truth: Float64Array): (weights: Float64Array) => number {
  const own = concentration(values, truth);
  const perfect = concentration(truth, truth);
  return (weights) => {
    const most = perfect(weights);
    return most > 0 ? own(weights) / most : Number.NaN;
  };
}

function concentration(by: Float64Array, truth: Float64Array): (weights: Float64Array) => number {
  const order = Int32Array.from(by.keys()).sort((left, right) => by[right] - by[left]);
  const ends: number[] = [];
  for (let place = 1; place <= order.length; place++)
    if (place === order.length || by[order[place]] !== by[order[place - 1]]) ends.push(place);
  return (weights) => {
    let place = 0;
    let rows = 0;
    let held = 0;
    let area = 0;
    for (const end of ends) {
      let tiedRows = 0;
      let tiedHeld = 0;
      for (; place < end; place++) {
        const row = order[place];
        tiedRows += weights[row];
        tiedHeld += weights[row] * truth[row];
      }
      area += tiedRows * (held + tiedHeld / 2);
      rows += tiedRows;
      held += tiedHeld;
    }
    return held > 0 ? (2 * area) / (rows * held) - 1 : Number.NaN;
  };
}

/** Draws that all resamples together may take, and the least number of resamples. */
const mostDraws = 1e8;
const resamples = { least: 200, most: 1000 };

/**
 * Each metric with a 95 % bootstrap interval, all on the same resamples: percentiles, moved by the bias of the resampled mean. A
 * metric that is not defined on these rows is left out.
 */
export function resampled(
  metrics: Readonly<Record<string, PreparedMetric>>,
  rows: number,
  seed: number,
): Readonly<Record<string, Measured>> {
  const { below } = random(seed);
  const weights = new Float64Array(rows).fill(1);
  const names = Object.keys(metrics);
  const values = new Map(names.map((name) => [name, metrics[name](weights)]));
  const drawn = new Map(names.map((name): [string, number[]] => [name, []]));
  const rounds = Math.max(resamples.least, Math.min(resamples.most, Math.floor(mostDraws / rows)));
  for (let round = 0; round < rounds; round++) {
    weights.fill(0);
    for (let draw = 0; draw < rows; draw++) weights[below(rows)]++;
    for (const name of names) {
      const value = metrics[name](weights);
      if (!Number.isNaN(value)) drawn.get(name)?.push(value);
    }
  }
  const measured: Record<string, Measured> = {};
  for (const name of names) {
    const value = values.get(name) ?? Number.NaN;
    const all = (drawn.get(name) ?? []).sort((left, right) => left - right);
    if (Number.isNaN(value) || all.length === 0) continue;
    const bias = all.reduce((sum, one) => sum + one, 0) / all.length - value;
    const { least, most } = metrics[name];
    measured[name] = {
      value,
      low: Math.max(least, Math.min(value, quantile(all, 0.025) - bias)),
      high: Math.min(most, Math.max(value, quantile(all, 0.975) - bias)),
    };
  }
  return measured;
}

/** Linear between order statistics (Hyndman & Fan 1996, type 7). */
function quantile(sorted: readonly number[], share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(sorted.length - 1, below + 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}
