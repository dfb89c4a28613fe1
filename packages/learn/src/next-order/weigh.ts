import type { PurchaseEstimator } from "../value/types.js";
import { fitGapModel } from "./gap-model.js";
import { gapWaits } from "./gap-waits.js";
import { purchasesOf, purchaseWaits } from "./purchase-waits.js";
import type { OrderHistory } from "./summary.js";
import type { Waits } from "./waits.js";

export type NextPurchaseName = "bg-nbd" | "mbg-nbd" | "pareto-nbd";

/** Which model of purchases has a word beside that of gaps, and how much of it: 0 = none, 1 = all. */
export interface NextOrderBlend {
  readonly purchase: NextPurchaseName;
  readonly weight: number;
}

export interface NextOrderWeighing {
  readonly blend: NextOrderBlend;
  /**
   * Every model alone and the best mixture, the chosen one first, then by loss: minus the mean log probability of what came, the
   * day of the next order or none, over the customers there were before.
   */
  readonly candidates: readonly { readonly name: string; readonly logLoss: number }[];
}

/** A day that a model held impossible counts as this likely: one such day must not decide. */
const leastProbability = 1e-6;

/** What came within the days judged: the whole days until the next order, -1 for none. */
function outcomes({ offsets, days, asOf }: OrderHistory, rows: Int32Array, from: number) {
  return Int32Array.from(rows, (row) => {
    for (let index = offsets[row]; index < offsets[row + 1]; index++)
      if (days[index] >= from) return days[index] < asOf ? Math.floor(days[index]) - from : -1;
    return -1;
  });
}

/**
 * Fits every model to what came before the last `horizonDays` and holds it against what came in them. Gaps and one model of
 * purchases are mixed by the weight that makes what came most likely (Hall & Mitchell 2007), unless one model alone foretells as
 * well once the weight is charged for (Akaike's information criterion).
 */
export async function weigh(
  who: string,
  estimators: Readonly<Record<NextPurchaseName, PurchaseEstimator>>,
  history: OrderHistory,
  horizonDays: number,
  signal: AbortSignal | undefined,
): Promise<NextOrderWeighing> {
  const from = history.asOf - horizonDays;
  const past = { ...history, asOf: from };
  const everybody = Int32Array.from({ length: history.offsets.length - 1 }, (_, row) => row);
  const { gaps, summary } = await fitGapModel(who, past, everybody, signal);
  const purchases = purchasesOf(summary);
  const came = outcomes(history, purchases.of, from);
  const likelihoods = (waits: Waits): Float64Array =>
    Float64Array.from(purchases.of, (row, index) => {
      const day = came[index];
      const probability =
        day < 0
          ? 1 - waits.within(row, horizonDays)
          : waits.within(row, day + 1) - waits.within(row, day);
      return Math.max(leastProbability, probability);
    });
  const own = likelihoods(gapWaits(past, summary, gaps));
  const single = (name: string, blend: NextOrderBlend, probabilities: Float64Array): Candidate => ({
    name,
    blend,
    logLoss: logLoss(probabilities),
    charge: 0,
  });
  const candidates = [single("gaps", { purchase: "pareto-nbd", weight: 0 }, own)];
  const mixtures: Candidate[] = [];
  for (const purchase of Object.keys(estimators) as NextPurchaseName[]) {
    const model = await estimators[purchase].fit(purchases, signal ? { signal } : {});
    const other = likelihoods(purchaseWaits(past, summary, gaps.clock, model));
    candidates.push(single(purchase, { purchase, weight: 1 }, other));
    const weight = bestWeight(own, other);
    const percent = Math.round(100 * weight);
    mixtures.push({
      name: `${percent} % ${purchase}, ${100 - percent} % gaps`,
      blend: { purchase, weight },
      logLoss: logLoss(own.map((one, row) => (1 - weight) * one + weight * other[row])),
      charge: 1 / own.length,
    });
  }
  const least = (all: readonly Candidate[], of: (one: Candidate) => number) =>
    all.reduce((best, one) => (of(one) < of(best) ? one : best));
  candidates.push(least(mixtures, ({ logLoss: loss }) => loss));
  const chosen = least(candidates, (one) => one.logLoss + one.charge);
  candidates.sort((left, right) => left.logLoss - right.logLoss);
  return {
    blend: chosen.blend,
    candidates: [chosen, ...candidates.filter((one) => one !== chosen)].map(
      ({ name, logLoss: loss }) => ({ name, logLoss: loss }),
    ),
  };
}

interface Candidate {
  readonly name: string;
  readonly blend: NextOrderBlend;
  readonly logLoss: number;
  /** In log loss: for the weight, which is fitted to the very days it is judged on. */
  readonly charge: number;
}

/** The weight of the second model that makes the rows likeliest, of a prior beta(2, 2): one more row for each model. */
function bestWeight(one: Float64Array, other: Float64Array): number {
  const slope = (weight: number): number => {
    let sum = 1 / weight - 1 / (1 - weight);
    for (let row = 0; row < one.length; row++)
      sum += (other[row] - one[row]) / ((1 - weight) * one[row] + weight * other[row]);
    return sum;
  };
  // the log score is concave in the weight
  let [low, high] = [0, 1];
  for (let step = 0; step < 20; step++) {
    const middle = (low + high) / 2;
    if (slope(middle) > 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

const logLoss = (probabilities: Float64Array): number =>
  -probabilities.reduce((sum, probability) => sum + Math.log(probability), 0) /
  probabilities.length;
