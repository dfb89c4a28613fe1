import { lifetimeValue, type PurchaseModel, type SpendModel } from "@inchworm/learn";
import type { Measured } from "@inchworm/spec";
import { type Correction, corrected } from "./correct.js";
import { type Customers, outcomes, weekDays } from "./customers.js";
import { absoluteErrors, meanOf } from "./errors.js";
import { levels } from "./forecast.js";
import type { History } from "./history.js";
import { sampled } from "./race.js";
import { type Rule, sameAgain, simpleRules } from "./rules.js";

/** How far a forecast was off, in orders or in money per customer. */
export interface Judged {
  /** Mean absolute error of the forecast made for it: the middle (median) of what may come. */
  readonly mae: number;
  /** Of the best simple rule, found by looking at the outcome: the model has no such help. */
  readonly ruleMae: number;
  readonly rule: string;
  /** Every rule's. */
  readonly rules: Readonly<Record<string, number>>;
  /**
   * Of doing again what was done in as many days before. It stands beside the rules, not among them: on the shop it was found on it
   * was the best of all, with the days to be foretold in sight. `null` where less is known than that.
   */
  readonly againMae: number | null;
  /** Of the expected number, which has the least squared error instead. */
  readonly expectedMae: number;
  /** 95 % of the error, and of the rule's less the model's. */
  readonly interval: Measured;
  readonly gain: Measured;
  /** All customers together: expected, and what came. */
  readonly expected: number;
  readonly came: number;
  /** Share of the customers whose outcome lay in the 80 % interval; for whoever is likely to buy nothing it holds more. */
  readonly coverage: number;
}

export interface Backtest {
  /** The day at whose end the forecast was made, and the last day that it was held against: days since 1970. */
  readonly until: number;
  readonly to: number;
  readonly customers: number;
  readonly orders: Judged;
  readonly value: Judged | null;
  /** What the ranges of value were set right by. */
  readonly correction: Correction | undefined;
}

/** More are not needed for an error to three digits. */
const mostCustomers = 100_000;

/** Holds a forecast that was made at the end of a day against what came after it, up to and with the day `to`. */
export function backtest(
  history: History,
  all: Customers,
  to: number,
  model: PurchaseModel,
  spend: SpendModel | undefined,
  correction: Correction | undefined,
): Backtest {
  const customers = sampled(all, mostCustomers);
  const days = to - customers.until;
  const weeks = days / weekDays;
  const came = outcomes(history, customers, to);
  const rules = simpleRules(history, customers, days);
  const again = sameAgain(history, customers, days);
  const { purchases, spending } = customers;
  const judged = (
    quantiles: readonly Float64Array[],
    expected: Float64Array,
    truth: Float64Array,
    of: (rule: Rule) => Float64Array,
  ): Judged => {
    const [low, middle, high] = quantiles;
    const own = absoluteErrors(middle, truth);
    const others = rules
      .map((rule) => ({ name: rule.name, errors: absoluteErrors(of(rule), truth) }))
      .map((rule) => ({ ...rule, mae: meanOf(rule.errors).value }))
      .sort((one, other) => one.mae - other.mae);
    const [best] = others;
    const held = truth.reduce(
      (count, value, row) => count + Number(value >= low[row] && value <= high[row]),
      0,
    );
    const scale = all.rows / customers.rows;
    const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0) * scale;
    const interval = meanOf(own);
    return {
      mae: interval.value,
      ruleMae: best.mae,
      rule: best.name,
      rules: Object.fromEntries(others.map(({ name, mae }) => [name, mae])),
      againMae: again ? meanOf(absoluteErrors(of(again), truth)).value : null,
      expectedMae: meanOf(absoluteErrors(expected, truth)).value,
      interval,
      gain: meanOf(best.errors.map((error, row) => error - own[row])),
      expected: sum(expected),
      came: sum(truth),
      coverage: held / truth.length,
    };
  };
  const value = spend && lifetimeValue(model, spend);
  return {
    until: customers.until,
    to,
    customers: customers.rows,
    orders: judged(
      model.orderQuantiles(purchases, weeks, levels),
      model.expectedOrders(purchases, weeks),
      came.orders,
      (rule) => rule.orders,
    ),
    correction: value && correction,
    value: value
      ? judged(
          corrected(value.quantiles(purchases, spending, weeks, levels), correction),
          value.expected(purchases, spending, weeks),
          came.spent,
          (rule) => rule.spent,
        )
      : null,
  };
}
