import { createHash } from "node:crypto";
import type {
  NextOrderForecast,
  NextOrderModel,
  NextOrderWeighing,
  OrderHistory,
} from "@inchworm/learn";
import type { QuantityCard } from "@inchworm/spec";
import { judgeQuantity } from "../judge-quantity.js";
import { resampled } from "../quantity-metrics.js";
import type { Windows } from "../windows.js";
import { levels, pinball, simpleRules, type Waits } from "./next-order-rules.js";

export interface NextOrderCardInput {
  readonly windows: Windows;
  readonly horizonDays: number;
  /** Up to the evaluation day. */
  readonly past: OrderHistory;
  /** At the evaluation day, and one horizon before it. */
  readonly now: Waits;
  readonly earlier: Waits;
  /** Fitted to what came before the evaluation day. */
  readonly model: NextOrderModel;
  /** Names of the model's groups. */
  readonly countries: readonly string[];
  /** What was held against the days just before. */
  readonly candidates: NextOrderWeighing["candidates"];
  readonly trainedAt: number;
  readonly seed: number;
}

/** Below this share of prior the answer is the data's own. */
const littlePrior = 0.1;

/**
 * The race against the simple rules, on days waited for the next order and no further than the horizon: who came back later, or
 * never, counts as the horizon for model and rules alike.
 */
export function nextOrderCard(input: NextOrderCardInput): QuantityCard {
  const { windows, horizonDays, past, now, earlier, model, seed } = input;
  const forecast = model.forecast(past);
  const forecasts = levels.map((level) => {
    const days = forecast.quantile(level);
    return Float64Array.from(now.rows, (row) => Math.min(horizonDays, days[row]));
  });
  const middle = levels.indexOf(0.5);
  const withLoss = (values: readonly Float64Array[]) => ({
    values: values[middle],
    pinball: pinball(values, now.waited),
  });
  const card = judgeQuantity({
    scorer: "next-order",
    question: "When does this customer order next?",
    unit: "days",
    windows,
    horizonDays,
    trainingRows: now.rows.length,
    truth: now.waited,
    model: withLoss(forecasts),
    rules: simpleRules(earlier, now, horizonDays).map((rule) => ({
      name: rule.name,
      ...withLoss(rule.forecasts),
    })),
    decidedBy: "pinball",
    drivers: [],
    trainedAt: input.trainedAt,
    seed,
    dataHash: digest(past, now),
    also: {
      notes: notes(input),
      candidates: input.candidates.map(({ name, logLoss }) => ({
        name,
        metrics: { "log loss": logLoss },
      })),
      ...(model.priorShare > littlePrior && { prior: prior(model, now) }),
    },
  });
  const cutoff = windows.evaluation;
  return {
    ...card,
    // the whole past teaches it, without labels: only the rules look one horizon further back
    windows: {
      training: { cutoffs: [cutoff], labelsUntil: cutoff },
      evaluation: card.windows.evaluation,
      refit: { cutoffs: [input.trainedAt], labelsUntil: input.trainedAt },
    },
    metrics: { ...card.metrics, ...coverage(input, forecast) },
  };
}

/** How often the windows held the day, among those who came within the horizon: their windows are those of customers who do. */
function coverage(
  { past, now, horizonDays, seed }: NextOrderCardInput,
  forecast: NextOrderForecast,
) {
  const waited = new Float64Array(past.offsets.length - 1);
  for (const [index, row] of now.rows.entries()) waited[row] = now.waited[index];
  const [byThen, byHorizon] = [forecast.within(waited), forecast.within(horizonDays)];
  const came = now.rows.filter((_, index) => now.came[index] === 1);
  const places = Float64Array.from(came, (row) => byThen[row] / byHorizon[row]);
  const inside = (level: number) =>
    Object.assign(
      (weights: Float64Array) => {
        let held = 0;
        let all = 0;
        for (let index = 0; index < places.length; index++) {
          all += weights[index];
          if (Math.abs(places[index] - 0.5) <= level / 2) held += weights[index];
        }
        return held / all;
      },
      { least: 0, most: 1 },
    );
  return resampled({ coverage50: inside(0.5), coverage80: inside(0.8) }, places.length, seed);
}

function notes({ model, countries, horizonDays }: NextOrderCardInput): string[] {
  const weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
  const quiet = weekdays.filter((_, index) => model.weekdays[index] < 0.5);
  return [
    `An order later than ${horizonDays} days ahead, or none, counts as ${horizonDays} days for the model and for every rule.`,
    "Coverage is measured among customers who ordered within that time.",
    sourceOf(model),
    ...paces(model, countries),
    ...(quiet.length > 0
      ? [`Few orders come on ${quiet.join(" and ")}: dates keep clear of it.`]
      : []),
  ];
}

/** Gaps this much longer or shorter than everybody's are worth a word. */
const worthSaying = 0.05;

function paces({ groupShifts, purchase }: NextOrderModel, countries: readonly string[]): string[] {
  const apart = countries
    .map((name, place) => ({ name, shift: groupShifts[place] ?? 0 }))
    .filter(({ shift }) => Math.abs(shift) > worthSaying)
    .sort((one, other) => Math.abs(other.shift) - Math.abs(one.shift))
    .slice(0, 5)
    .map(({ name, shift }) => `${name} × ${Math.exp(shift).toFixed(2)}`);
  if (apart.length === 0 || purchase?.weight === 1) return [];
  return [`Customers of one country lean on one another; their usual gap is ${apart.join(", ")}.`];
}

function sourceOf({ purchase }: NextOrderModel): string {
  if (!purchase) return "Dates follow from the gaps between each customer's orders.";
  const who = `customers who order at random, each at a rate of their own, and leave unseen (${purchase.model.name})`;
  if (purchase.weight === 1) return `Dates follow from a model of ${who}.`;
  return `Dates follow from the gaps between each customer's orders and, with ${Math.round(100 * purchase.weight)} % of the word, from a model of ${who}.`;
}

function prior(model: NextOrderModel, { rows }: Waits) {
  const weight = model.purchase?.weight ?? 0;
  const beliefs = [
    ...(weight < 1
      ? ["gaps are days to a year long and a third of customers stop after an order"]
      : []),
    ...(weight > 0 ? ["customers buy and leave as those of published studies do"] : []),
  ];
  return {
    share: model.priorShare,
    because: `The priors say that ${beliefs.join(", and that ")}; ${rows.length} customers leave ${Math.round(model.priorShare * 100)} % of their spread standing, twice as many would leave about ${Math.round(model.priorShare * 50)} %.`,
  };
}

/** Digest of every order day before the evaluation day, and of what came after. */
function digest({ offsets, days, asOf }: OrderHistory, now: Waits): string {
  const hash = createHash("sha256").update(`${asOf}`).update(now.waited);
  const numbers = (values: ArrayLike<number>) => Int32Array.from(values);
  return hash.update(numbers(offsets)).update(numbers(days)).digest("hex").slice(0, 16);
}
