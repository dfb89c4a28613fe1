import { gammaGamma, type SpendModel } from "@inchworm/learn";
import type { CardBase } from "@inchworm/spec";
import type { FeatureTable, OrderDays } from "@inchworm/store";
import { uniform } from "../dataset.js";
import { quantityMetrics } from "../quantity-metrics.js";
import type { History } from "../scorer.js";
import { levels, pinball } from "./next-order-rules.js";
import { type Correction, correction } from "./value-correction.js";
import {
  type Came,
  type Customers,
  cameOf,
  customersAt,
  placesIn,
  someOf,
} from "./value-customers.js";
import {
  type PurchaseAndSpend,
  purchaseEstimators,
  purchaseForecast,
  type ValueForecast,
} from "./value-models.js";
import { quantilesOf, type Spread } from "./value-spread.js";
import { featuresAt, fitTrees } from "./value-trees.js";

/** The recipe of boosted trees among the candidates. */
export const treesName = "boosted trees";

/** How a value is foretold: orders always by a model of purchases, spending by it or by trees. */
export interface Recipe {
  readonly purchase: string;
  readonly trees: boolean;
}

export interface RaceOptions {
  readonly history: History;
  readonly orders: OrderDays;
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
}

/** A day, what followed it, and the days that trees may learn from for it. */
export interface Stage {
  readonly cutoff: number;
  readonly horizonDays: number;
  readonly trees: readonly number[];
}

/** Customers whose outcomes are looked at; all are fitted to. */
const mostJudged = 30_000;

/** One day's customers, and those of them that forecasts are held against. */
export interface Field {
  readonly all: Customers;
  readonly judged: Customers;
  readonly came: Came;
  /** What they had done in as many days before. */
  readonly before: Came;
  readonly table: FeatureTable | undefined;
}

export async function fieldAt(
  { history, orders, seed, signal }: RaceOptions,
  { cutoff, horizonDays, trees }: Stage,
): Promise<Field> {
  const all = customersAt(orders, cutoff);
  const table =
    trees.length > 0
      ? await featuresAt(history, cutoff, { atMost: mostJudged, signal })
      : undefined;
  const share = mostJudged / all.contacts.length;
  const rows = table
    ? placesIn(table.contacts, all.contacts)
    : Int32Array.from(all.contacts.keys()).filter(
        (row) => uniform(all.contacts[row], seed) < share,
      );
  const judged = someOf(all, rows);
  const within = (from: number) => cameOf(orders, judged.contacts, from, from + horizonDays);
  return { all, judged, came: within(cutoff), before: within(cutoff - horizonDays), table };
}

export const fitSpend = ({ spending }: Customers, signal?: AbortSignal): Promise<SpendModel> =>
  gammaGamma().fit(spending, signal ? { signal } : {});

export async function fitPurchase(
  name: string,
  { purchases }: Customers,
  signal?: AbortSignal,
): Promise<PurchaseAndSpend["purchase"]> {
  return purchaseEstimators[name].fit(purchases, signal ? { signal } : {});
}

export interface RaceResult {
  readonly recipe: Recipe;
  /** What would have set the winner's forecast right. */
  readonly correction: Correction;
  readonly candidates: NonNullable<CardBase["candidates"]>;
}

/** Fits every candidate to what came before the stage's day; the least pinball loss on what came after wins. */
export async function race(options: RaceOptions, stage: Stage, field: Field): Promise<RaceResult> {
  const { history, seed, signal } = options;
  const { horizonDays } = stage;
  const spend = await fitSpend(field.all, signal);
  const runners: { name: string; recipe: Recipe; orders: Float64Array; spread: Spread }[] = [];
  for (const name of Object.keys(purchaseEstimators)) {
    const purchase = await fitPurchase(name, field.all, signal);
    const { orders, spread } = purchaseForecast({ purchase, spend }, field.judged, horizonDays);
    runners.push({ name, recipe: { purchase: name, trees: false }, orders, spread });
  }
  const truth = field.came.spent;
  const loss = ({ spread }: { spread: Spread }) => mean(pinball(quantilesOf(spread), truth));
  runners.sort((left, right) => loss(left) - loss(right));
  const [{ recipe: best, orders }] = runners;
  const work = { horizonDays, seed, signal };
  const trees = field.table && (await fitTrees(history, options.orders, stage.trees, work));
  if (trees && field.table)
    runners.push({
      name: treesName,
      recipe: { ...best, trees: true },
      orders,
      spread: trees.predict(field.table),
    });
  runners.sort((left, right) => loss(left) - loss(right));
  return {
    recipe: runners[0].recipe,
    correction: correction(runners[0], field.came),
    candidates: runners.map(({ name, spread }) => {
      const middle = { values: quantilesOf(spread)[levels.indexOf(0.5)] };
      const once = new Float64Array(truth.length).fill(1);
      return {
        name,
        metrics: {
          mae: quantityMetrics(middle, truth).mae(once),
          pinball: loss({ spread }),
          gini: quantityMetrics({ values: spread.mean }, truth).gini(once),
        },
      };
    }),
  };
}

/** The winner's forecast for a later day, fitted to what came before it. */
export async function follow(
  options: RaceOptions,
  stage: Stage,
  field: Field,
  { purchase: name, trees: withTrees }: Recipe,
): Promise<ValueForecast> {
  const { history, orders, seed, signal } = options;
  const { horizonDays } = stage;
  const model = {
    purchase: await fitPurchase(name, field.all, signal),
    spend: await fitSpend(field.all, signal),
  };
  const forecast = purchaseForecast(model, field.judged, horizonDays);
  if (!withTrees || !field.table) return forecast;
  const trees = await fitTrees(history, orders, stage.trees, { horizonDays, seed, signal });
  return trees ? { ...forecast, spread: trees.predict(field.table) } : forecast;
}

const mean = (values: Float64Array): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
