import type { LogisticModel } from "../linear/additive.js";
import { logisticPath, logisticRegression } from "../linear/logistic-regression.js";
import { gradientBoosting } from "../tree/gradient-boosting.js";
import { type BoostingModel, boostingModel } from "../tree/model.js";
import type { BoostingOptions } from "../tree/options.js";
import type { FitOptions, Table } from "../types.js";

export type Learner = LogisticModel | BoostingModel;

/** One setting of one learner, and how to fit it on all rows once it has won. */
export interface Contender {
  readonly name: string;
  readonly family: Family;
  fit(table: Table, labels: Float64Array, options: FitOptions): Promise<Learner>;
}

/** From the plainest to the most flexible: the plainer one wins unless another is clearly better. */
export const families = ["straight", "bent", "boosted"] as const;
export type Family = (typeof families)[number];

/** Contenders that are fitted together, because one fit gives them all. */
export interface Group {
  readonly contenders: readonly Contender[];
  /** One model per contender. */
  fit(table: Table, labels: Float64Array, options: FitOptions): Promise<readonly Learner[]>;
}

/**
 * What races: logistic regression straight and bent, and boosted trees whose leaves grow with the rows. With their usual 31
 * leaves all boosters lose to a straight line on a few thousand rows.
 */
export function contendersFor(table: Table, rarer: number, seed: number, threads: number): Group[] {
  const { rows } = table;
  const numbers = table.columns.filter(({ kind }) => kind === "number").length;
  const groups = [straight([10, 3])];
  if (rarer >= 300 && numbers > 0 && numbers <= 120) groups.push(bent());
  const shared = { seed, threads, learningRate: 0.03, columnSampling: 0.7, trees: 300 };
  const sampled = { ...shared, learningRate: 0.02, columnSampling: 0.5, rowSampling: 0.8 };
  if (rows < 2000) groups.push(boosted({ ...shared, leaves: 4 }));
  else if (rows < 20_000) groups.push(boosted({ ...shared, leaves: 7, minRows: 40 }));
  if (rows >= 2000 && rows < 50_000) groups.push(boosted({ ...sampled, leaves: 15, trees: 400 }));
  if (rows >= 50_000)
    groups.push(boosted({ ...shared, leaves: rows < 500_000 ? 31 : 63, learningRate: 0.1 }));
  return groups;
}

/** The contender of this name alone; all of them where there is none. */
export function only(groups: readonly Group[], name: string | undefined): readonly Group[] {
  const found = groups.flatMap(({ contenders }) => contenders).find((one) => one.name === name);
  if (!found) return groups;
  return [
    {
      contenders: [found],
      fit: async (table, labels, options) => [await found.fit(table, labels, options)],
    },
  ];
}

function straight(l2s: readonly number[]): Group {
  return {
    contenders: l2s.map((l2) => ({
      name: `logistic regression, l2 ${l2}`,
      family: "straight",
      fit: (table, labels, options) =>
        logisticRegression({ l2, knots: 0 }).fit(table, labels, options),
    })),
    fit: (table, labels, options) => logisticPath(table, labels, { ...options, l2s, knots: 0 }),
  };
}

function bent(): Group {
  const estimator = logisticRegression({ knots: 3 });
  const contender: Contender = {
    name: "logistic regression, 3 knots",
    family: "bent",
    fit: (table, labels, options) => estimator.fit(table, labels, options),
  };
  return {
    contenders: [contender],
    fit: async (table, labels, options) => [await estimator.fit(table, labels, options)],
  };
}

/** Trees are judged at half, three quarters and all of their number. */
function boosted(
  settings: BoostingOptions & { readonly leaves: number; readonly trees: number },
): Group {
  const counts = [0.5, 0.75, 1].map((share) => Math.round(share * settings.trees));
  return {
    contenders: counts.map((trees) => ({
      name: `gradient boosting, ${trees} trees of ${settings.leaves} leaves`,
      family: "boosted",
      fit: (table, labels, options) =>
        gradientBoosting({ ...settings, trees }).fit(table, labels, options),
    })),
    async fit(table, labels, options) {
      const { forest } = await gradientBoosting(settings).fit(table, labels, options);
      return counts.map((trees) =>
        boostingModel({ ...forest, roots: forest.roots.slice(0, trees + 1) }, "binary"),
      );
    },
  };
}
