import {
  type Artifact,
  bgNbd,
  gammaGamma,
  mbgNbd,
  type PurchaseEstimator,
  type PurchaseModel,
  paretoNbd,
  type SpendModel,
} from "@inchworm/learn";
import { InchwormError } from "@inchworm/spec";
import type { Customers } from "./value-customers.js";
import type { Spread } from "./value-spread.js";

/** Orders by one model, what is spent on each by another, taken for independent. */
export interface PurchaseAndSpend {
  readonly purchase: PurchaseModel;
  readonly spend: SpendModel;
}

export interface PurchaseAndSpendArtifact {
  readonly purchase: Artifact;
  readonly spend: Artifact;
}

/** Prior studies' models of when people buy, simplest first. */
export const purchaseEstimators: Readonly<Record<string, PurchaseEstimator>> = {
  "bg-nbd": bgNbd(),
  "mbg-nbd": mbgNbd(),
  "pareto-nbd": paretoNbd(),
};

export function loadPurchaseAndSpend(stored: PurchaseAndSpendArtifact): PurchaseAndSpend {
  const estimator = purchaseEstimators[stored.purchase.kind];
  if (!estimator)
    throw new InchwormError("artifact", "value: what the store holds is not a value model.", {
      hint: "Train again: inchworm train --scorers value.",
    });
  return { purchase: estimator.load(stored.purchase), spend: gammaGamma().load(stored.spend) };
}

export interface ValueForecast {
  readonly orders: Float64Array;
  readonly alive: Float64Array;
  readonly spread: Spread;
}

/**
 * Means are the models' own. The spread of what is spent, given that something is, is lognormal of the models' variance: orders
 * negative binomial among customers still there, each worth a gamma around a mean that is itself uncertain.
 */
export function purchaseForecast(
  { purchase, spend }: PurchaseAndSpend,
  { purchases, spending }: Customers,
  horizonDays: number,
): ValueForecast {
  const orders = purchase.expectedOrders(purchases, horizonDays);
  const alive = purchase.probabilityAlive(purchases);
  const buys = purchase.probabilityOfOrder(purchases, horizonDays);
  const each = spend.expectedSpend(spending);
  const { p, q } = spend.parameters;
  const { r } = purchase.parameters;
  const deviation = orders.map((count, row) => {
    if (!(buys[row] > 0) || !(alive[row] > 0)) return 1;
    const there = count / alive[row];
    const square = there + there * there * (1 + 1 / (r + purchases.frequency[row]));
    const [once, twice] = [count / buys[row], (square * alive[row]) / buys[row]];
    const shape = q + p * spending.frequency[row];
    const meanVariance = shape > 3 ? 1 / (shape - 2) : 1;
    const relative = ((1 + meanVariance) * (once / p + twice)) / (once * once) - 1;
    return Math.sqrt(Math.log1p(Math.max(0.01, relative)));
  });
  return {
    orders,
    alive,
    spread: { buys, mean: orders.map((count, row) => count * each[row]), deviation },
  };
}
