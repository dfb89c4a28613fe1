import type { Judged } from "./backtest.js";
import type { Race } from "./race.js";

/** What was found in a log of orders. Days are written as 2024-01-31. */
export interface ValueCard {
  /** Who had ordered by `until`: whom the models were fitted to. */
  readonly customers: number;
  /** Their orders by then: days with a purchase. */
  readonly orders: number;
  /** What those brought; `null` when nothing is known of amounts. */
  readonly revenue: number | null;
  /** The last day that the models know of. */
  readonly until: string;
  readonly first: string;
  readonly last: string;
  /** Of the parameters that are times or rates. */
  readonly unit: "week";
  readonly models: readonly FittedModel[];
  /** Name of the model of orders that the forecast is made with, and why that one. */
  readonly chosen: string;
  readonly because: string;
  /** "nobody-drops-out" when these orders show no customer leaving. */
  readonly limit: string | null;
  readonly race: (Omit<Race, "cut"> & { readonly until: string }) | null;
  readonly backtest: {
    readonly until: string | null;
    readonly to: string | null;
    /** Customers who were judged. */
    readonly customers: number;
    readonly orders: Judged | null;
    readonly value: Judged | null;
    /** What the ranges of value that were judged had been set right by. */
    readonly correction: Corrected | null;
  };
  /** What the ranges of value that are foretold are set right by. */
  readonly correction: Corrected | null;
  /** What is expected in the `horizonDays` days after `until`, from all customers together. */
  readonly horizonDays: number;
  readonly forecast: {
    readonly orders: number;
    readonly value: number | null;
    /** Share of it (of orders, when nothing is known of amounts) that the tenth expected to bring most will bring. */
    readonly topTenth: number;
    /** How many customers are expected to be active still. */
    readonly active: number;
  };
  /** How much of the chosen model is prior: 1 = all, 0 = none. */
  readonly priorShare: number;
  readonly rows: number;
  readonly anonymous: number;
  readonly rejected: number;
  readonly reasons: readonly {
    readonly reason: string;
    readonly rows: number;
    readonly line: number;
  }[];
  readonly returns: number;
  readonly notes: readonly string[];
}

/** By how much the low end, the middle and the high end of an earlier forecast of value were too low, where money is. */
export interface Corrected {
  /** The last day that it knew of, how far it looked ahead, and of how many customers. */
  readonly until: string;
  readonly days: number;
  readonly customers: number;
  readonly factors: { readonly low: number; readonly middle: number; readonly high: number };
}

export interface FittedModel {
  readonly name: string;
  readonly parameters: Readonly<Record<string, number>>;
  /** 95 % of each parameter. */
  readonly intervals: Readonly<Record<string, { readonly low: number; readonly high: number }>>;
  readonly logLikelihood: number;
  readonly customers: number;
  readonly limit?: string;
}
