import type { Artifact } from "../types.js";

/**
 * What counts of each customer's purchases: one event per customer and day, the first one not counted. A row may stand for all
 * customers with the same three numbers. Times are in any one unit (days, weeks), the same for all.
 */
export interface Purchases {
  readonly rows: number;
  /** x: how many purchases after the first, whole. */
  readonly frequency: Float64Array;
  /** t_x: from the first purchase to the last one; 0 where the first is the only one. */
  readonly recency: Float64Array;
  /** T: from the first purchase to the day up to which purchases are known, ≥ recency. */
  readonly age: Float64Array;
  /** How many customers a row stands for, ≥ 0. Defaults to 1 for all. */
  readonly weights?: Float64Array;
}

/** Ends of an interval, one per row. */
export interface Intervals {
  readonly low: Float64Array;
  readonly high: Float64Array;
}

export type PurchaseModelName = "bg-nbd" | "mbg-nbd" | "pareto-nbd" | "bg-bb";

/**
 * Where the likelihood has no maximum inside: it keeps growing towards this limit.
 * - `nobody-drops-out`: these purchases show no customer leaving. The model returned is the limit itself, a purchase rate per
 *   customer that never ends (NBD); its parameters are those of the rate alone.
 */
export type PurchaseLimit = "nobody-drops-out";

/** Fitted and immutable. Every answer has one number per row of the purchases passed, which need not be those it was fitted to. */
export interface PurchaseModel {
  readonly name: PurchaseModelName;
  /** By the letters of the papers, in the time unit of the purchases fitted to. */
  readonly parameters: Readonly<Record<string, number>>;
  /** 95 % of each parameter, by Laplace's approximation. */
  readonly intervals: Readonly<Record<string, { readonly low: number; readonly high: number }>>;
  /** Of the purchases fitted to, in their time unit, without the priors. */
  readonly logLikelihood: number;
  /** How many customers it was fitted to. */
  readonly customers: number;
  readonly limit: PurchaseLimit | undefined;
  /** How much of the parameters is prior: 1 = all, 0 = none. */
  readonly priorShare: number;

  /** Mean number of purchases in the `horizon` after `age`. */
  expectedOrders(purchases: Purchases, horizon: number): Float64Array;
  /** That the customer may still buy. */
  probabilityAlive(purchases: Purchases): Float64Array;
  /** Of at least one purchase in the horizon. */
  probabilityOfOrder(purchases: Purchases, horizon: number): Float64Array;
  /**
   * How far the two expectations may be from what they were if the parameters were known: over repeated samples of customers,
   * intervals of level .8 cover the true expectation, and the true probability, in 80 %. They narrow as customers grow in number.
   */
  uncertainty(
    purchases: Purchases,
    horizon: number,
    level: number,
  ): { readonly orders: Intervals; readonly alive: Intervals };
  /**
   * Quantiles of the number of purchases that will happen in the horizon, one list per level: chance and uncertainty about the
   * parameters together. Counts are whole: the level-th quantile is the smallest count that is reached or stayed under with at
   * least that probability, so an interval between two covers at least what they say. The median (.5) has the least expected
   * absolute error of all predictions, the mean the least squared error.
   */
  orderQuantiles(purchases: Purchases, horizon: number, levels: readonly number[]): Float64Array[];
  /**
   * P(0), P(1), … P(most) purchases in the horizon, row-major, `rows × (most + 1)`; what a row lacks to 1 is beyond `most`.
   * Chance and uncertainty about the parameters together.
   */
  orderProbabilities(purchases: Purchases, horizon: number, most: number): Float64Array;
  save(): Artifact;
}

/** What a purchase model says of purchases. */
export type PurchaseAnswers = Pick<
  PurchaseModel,
  | "expectedOrders"
  | "probabilityAlive"
  | "probabilityOfOrder"
  | "uncertainty"
  | "orderQuantiles"
  | "orderProbabilities"
>;

/** One model per cohort (channel, country, month of the first purchase), each leaning on all the others as far as its own customers are few. */
export interface CohortModel {
  /** For a cohort never seen: the middle of the cohorts. */
  readonly everybody: PurchaseModel;
  /** By code. */
  readonly cohorts: readonly PurchaseModel[];
  /** How far cohorts lie apart: standard deviation of each log parameter; near 0 where they are alike. */
  readonly spread: Readonly<Record<string, number>>;
  readonly logLikelihood: number;
  /** The answers for purchases whose row's cohort is given; a code never seen is answered by `everybody`. */
  of(codes: Int32Array): PurchaseAnswers;
  save(): Artifact;
}

export interface CohortEstimator {
  readonly kind: "purchase-cohorts";
  /** @throws LearnError "input" when purchases or codes (0, 1, …, one per row) cannot be used */
  fit(
    purchases: Purchases,
    codes: Int32Array,
    options?: { readonly signal?: AbortSignal },
  ): Promise<CohortModel>;
  /** @throws LearnError "artifact" when it is foreign, truncated, of another kind or version, or hostile */
  load(artifact: Artifact): CohortModel;
}

/** What is known of customers beforehand, one number per row. A missing one (`NaN`) counts as the mean. */
export interface Covariate {
  readonly name: string;
  readonly values: Float64Array;
}

/** A factor and its 95 % interval. */
export interface Factor {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** What one more unit of a covariate multiplies. */
export interface CovariateEffect {
  readonly name: string;
  /** Purchases per time; of `bg-bb` the odds that an opportunity is taken. */
  readonly pace: Factor;
  /** The rate of leaving, or the odds of it at each chance; missing where nobody leaves. */
  readonly leaving?: Factor;
}

/** One model of purchases whose pace and leaving depend on covariates. */
export interface CovariateModel {
  /** For a customer whose covariates are all at their means. */
  readonly average: PurchaseModel;
  readonly effects: readonly CovariateEffect[];
  /** The answers for purchases whose rows have these covariates, found by name. */
  of(covariates: readonly Covariate[]): PurchaseAnswers;
  save(): Artifact;
}

export interface CovariateEstimator {
  readonly kind: "purchase-covariates";
  /** @throws LearnError "input" when purchases or covariates cannot be used */
  fit(
    purchases: Purchases,
    covariates: readonly Covariate[],
    options?: { readonly signal?: AbortSignal },
  ): Promise<CovariateModel>;
  /** @throws LearnError "artifact" when it is foreign, truncated, of another kind or version, or hostile */
  load(artifact: Artifact): CovariateModel;
}

export interface PurchaseOptions {
  /**
   * Weight of the priors; 0 is maximum likelihood. The priors are lognormal and centred on the customers most studies have used
   * (CDNOW), so that a shop of fifty customers leans on a real shop, and one of thousands on itself. Defaults to 1.
   */
  readonly prior?: number;
}

export interface PurchaseEstimator {
  readonly kind: PurchaseModelName;
  /** @throws LearnError "input" when the purchases cannot be used, naming the row and what to do */
  fit(purchases: Purchases, options?: { readonly signal?: AbortSignal }): Promise<PurchaseModel>;
  /** @throws LearnError "artifact" when it is foreign, truncated, of another kind or version, or hostile */
  load(artifact: Artifact): PurchaseModel;
}

/** What customers spent on their purchases. For the model of spending the number of purchases counts all whose mean is given. */
export interface Spending {
  readonly rows: number;
  /** How many purchases the mean is taken of, ≥ 0. */
  readonly frequency: Float64Array;
  /** Mean spend per purchase. Rows with none, or not above 0, are left out of the fit, and expected to spend like everybody. */
  readonly monetary: Float64Array;
  /** How many customers a row stands for, ≥ 0. Defaults to 1 for all. */
  readonly weights?: Float64Array;
}

export interface SpendModel {
  readonly name: "gamma-gamma";
  /** p, q, v as in Fader & Hardie 2013; v in the currency of the spending fitted to. */
  readonly parameters: Readonly<Record<"p" | "q" | "v", number>>;
  readonly intervals: Readonly<
    Record<"p" | "q" | "v", { readonly low: number; readonly high: number }>
  >;
  readonly logLikelihood: number;
  /** How many customers it was fitted to. */
  readonly customers: number;
  /** How many were left out for a mean spend not above 0. */
  readonly dropped: number;
  /** Between number of purchases and mean spend, over the customers fitted to: the model takes it for 0. */
  readonly correlation: number;
  /** That the correlation is beyond ±.3: the expectations of heavy buyers are then off. */
  readonly correlated: boolean;
  readonly priorShare: number;

  /** Mean spend on each purchase to come. */
  expectedSpend(spending: Spending): Float64Array;
  /** How far that may be from what it was if the parameters were known. */
  uncertainty(spending: Spending, level: number): Intervals;
  save(): Artifact;
}

export interface SpendEstimator {
  readonly kind: "gamma-gamma";
  /** @throws LearnError "input" when the spending cannot be used, or nobody has spent anything */
  fit(spending: Spending, options?: { readonly signal?: AbortSignal }): Promise<SpendModel>;
  /** @throws LearnError "artifact" when it is foreign, truncated, of another kind or version, or hostile */
  load(artifact: Artifact): SpendModel;
}

/** Orders and spend per order, taken for independent, joined to value. */
export interface LifetimeValue {
  /** Mean spend in the horizon after `age`. */
  expected(purchases: Purchases, spending: Spending, horizon: number): Float64Array;
  /** How far that may be from what it was if the parameters were known. */
  uncertainty(purchases: Purchases, spending: Spending, horizon: number, level: number): Intervals;
  /**
   * Quantiles of what will be spent in the horizon, one list per level. The share of nothing at all is whole: where it exceeds a
   * level, that quantile is 0, so that an interval from .1 to .9 covers more than 80 % of customers likely to buy nothing. What is
   * unknown of the parameters of spending is left out: beside chance it is little.
   */
  quantiles(
    purchases: Purchases,
    spending: Spending,
    horizon: number,
    levels: readonly number[],
  ): Float64Array[];
}
