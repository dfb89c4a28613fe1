import { createHash } from "node:crypto";
import type { QuantityCard } from "@inchworm/spec";
import { groupsOf, judgeQuantity } from "../judge-quantity.js";
import { quantityMetrics, resampled } from "../quantity-metrics.js";
import { type Forecasts, levels as judgedLevels, pinball } from "./next-order-rules.js";
import { type Correction, correctedQuantiles, scaled } from "./value-correction.js";
import type { ValueForecast } from "./value-models.js";
import type { Field, RaceResult } from "./value-race.js";
import { type Earlier, sameAgain, valueRules } from "./value-rules.js";
import { inside, place, type Spread } from "./value-spread.js";
import { instantOf, type ValueWindows } from "./value-windows.js";

export interface ValueCardInput {
  readonly windows: ValueWindows;
  readonly horizonDays: number;
  readonly raced: RaceResult;
  readonly earlier: Earlier;
  /** The customers of the evaluation day, and what the winner foretold of them. */
  readonly field: Field;
  readonly forecast: ValueForecast;
  readonly prior: QuantityCard["prior"];
  /** That orders name, the most frequent first. */
  readonly currencies: readonly string[];
  readonly correlated: boolean;
  readonly trainedAt: number;
  readonly seed: number;
}

/**
 * The race against the simple rules on spending, by the pinball loss of the ranges: what is published is a range. The mean error is
 * that of its middle, which is what an absolute error asks for; bias, ranking and the groups by
 * forecast are those of the expected value.
 */
export function valueCard(input: ValueCardInput): QuantityCard {
  const { windows, horizonDays, raced, earlier, field, forecast, seed } = input;
  const spread = scaled(forecast.spread, raced.correction.factor);
  const foretold = correctedQuantiles(forecast.spread, raced.correction);
  const truth = field.came.spent;
  const rules = valueRules(earlier, field.judged, horizonDays, truth);
  const trainedOn = instantOf(windows.evaluation);
  const card = judgeQuantity({
    scorer: "value",
    question: `What will this customer spend in the next ${horizonDays} days?`,
    unit: input.currencies.length === 1 ? input.currencies[0] : "money",
    windows: { training: [instantOf(windows.race)], evaluation: trainedOn, refit: [trainedOn] },
    horizonDays,
    trainingRows: field.all.contacts.length,
    truth,
    model: ranges(foretold, truth),
    rules: rules.map(({ name, forecasts }) => ({ name, ...ranges(forecasts, truth) })),
    decidedBy: "pinball",
    drivers: [],
    trainedAt: input.trainedAt,
    seed,
    dataHash: digest(field),
    also: {
      notes: notes(input, foretold[judgedLevels.indexOf(0.5)]),
      candidates: raced.candidates,
      ...(input.prior && { prior: input.prior }),
    },
  });
  const ofMean = quantityMetrics({ values: spread.mean }, truth);
  const overMean = resampled(
    {
      bias: ofMean.bias,
      gini: ofMean.gini,
      coverage80: covered(spread, truth, foretold, raced.correction),
    },
    truth.length,
    seed,
  );
  return {
    ...card,
    windows: {
      // everything before the evaluation day teaches; the race before it looked `raceDays` ahead
      training: { cutoffs: [instantOf(windows.race)], labelsUntil: trainedOn },
      evaluation: card.windows.evaluation,
      refit: { cutoffs: [trainedOn], labelsUntil: input.trainedAt },
    },
    calibration: groupsOf(spread.mean, truth),
    metrics: { ...card.metrics, ...overMean },
  };
}

const ranges = (forecasts: Forecasts, truth: Float64Array) => ({
  values: forecasts[judgedLevels.indexOf(0.5)],
  interval80: [forecasts[0], forecasts[forecasts.length - 1]] as const,
  pinball: pinball(forecasts, truth),
});

/** Share of outcomes inside the range; nothing spent lies inside in part, as its probability does. */
function covered(
  spread: Spread,
  truth: Float64Array,
  foretold: readonly Float64Array[],
  { levels }: Correction,
) {
  const span = { low: levels[0], high: levels[levels.length - 1] };
  const [low, high] = [foretold[0], foretold[foretold.length - 1]];
  const held = truth.map((spent, row) =>
    spent > 0
      ? Number(low[row] <= spent && spent <= high[row])
      : inside(place(spread, row, 0), span),
  );
  return Object.assign(
    (weights: Float64Array) => {
      let [sum, all] = [0, 0];
      for (let row = 0; row < held.length; row++) {
        sum += weights[row] * held[row];
        all += weights[row];
      }
      return sum / all;
    },
    { least: 0, most: 1 },
  );
}

function notes(
  { horizonDays, field, forecast, raced, windows, currencies, correlated }: ValueCardInput,
  middle: Float64Array,
): string[] {
  const { judged, came, before } = field;
  const error = (orders: (row: number) => number) =>
    (
      came.orders.reduce((sum, count, row) => sum + Math.abs(orders(row) - count), 0) /
      came.orders.length
    ).toFixed(3);
  const again = sameAgain(judged, before, horizonDays);
  const off = (values: Float64Array) =>
    quantityMetrics({ values }, came.spent).mae(new Float64Array(values.length).fill(1)).toFixed(2);
  const { frequency, age } = judged.purchases;
  const own = (row: number) => (frequency[row] / age[row]) * horizonDays;
  return [
    `Expected orders miss by ${error((row) => forecast.orders[row] * raced.correction.ordersFactor)} on average, each customer's own rate by ${error(own)}, none at all by ${error(() => 0)}.`,
    "The mean error is that of the middle of the range; bias, Gini and the groups are those of the expected value.",
    ...(again
      ? [
          `Doing again what was done in the ${horizonDays} days before, which is no rule here, misses spending by ${off(again)} on average, the middle of the range by ${off(middle)}.`,
        ]
      : []),
    ...(windows.raceDays < horizonDays
      ? [`History is short: the models raced on ${windows.raceDays} days ahead.`]
      : []),
    ...(currencies.length > 1
      ? [
          `Orders are in ${currencies.slice(0, -1).join(", ")} and ${currencies.at(-1)}, most of them in ${currencies[0]}, and are added up as if all were one currency: import them in one for amounts that can be relied on.`,
        ]
      : []),
    ...(correlated
      ? [
          "Customers who order more often spend differently per order: values of heavy buyers may be off.",
        ]
      : []),
  ];
}

/** Digest of what was known of everybody on the evaluation day, and of what those judged did after it. */
function digest({ all, came }: Field): string {
  const hash = createHash("sha256").update(all.contacts);
  for (const values of [all.purchases.frequency, all.purchases.recency, all.purchases.age])
    hash.update(values);
  return hash.update(all.spent).update(came.spent).digest("hex").slice(0, 16);
}
