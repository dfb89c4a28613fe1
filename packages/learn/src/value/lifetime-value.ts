import { LearnError } from "../error.js";
import { normalQuantile } from "../special/normal.js";
import { distinctRows } from "./cells.js";
import { checkLevel, checkSpending } from "./check.js";
import { totalQuantiles } from "./total-spend.js";
import type { LifetimeValue, PurchaseAnswers, Purchases, Spending, SpendModel } from "./types.js";

/** Rows whose probabilities of counts are held at a time. */
const batch = 2048;
/** Counts less likely than this are joined with the largest one kept. */
const negligible = 1e-4;
/** A normal interval of this level reaches one deviation to each side. */
const oneDeviation = 0.6826894921370859;

/** Value = number of orders × spend per order, the two taken for independent of each other. */
export function lifetimeValue(orders: PurchaseAnswers, spend: SpendModel): LifetimeValue {
  return {
    expected(purchases, spending, horizon) {
      checkRows(purchases, spending);
      const perOrder = spend.expectedSpend(spending);
      return orders.expectedOrders(purchases, horizon).map((count, row) => count * perOrder[row]);
    },
    uncertainty(purchases, spending, horizon, level) {
      checkRows(purchases, spending);
      const ordersSide = orders.uncertainty(purchases, horizon, oneDeviation).orders;
      const spendSide = spend.uncertainty(spending, oneDeviation);
      const middle = this.expected(purchases, spending, horizon);
      const reach = normalQuantile((1 + level) / 2);
      // both are symmetric on the logarithm, so variances add there
      const deviation = middle.map((value, row) =>
        value > 0
          ? Math.hypot(
              Math.log(ordersSide.high[row] / ordersSide.low[row]) / 2,
              Math.log(spendSide.high[row] / spendSide.low[row]) / 2,
            )
          : 0,
      );
      const end = (side: number) =>
        middle.map((value, row) => value * Math.exp(side * reach * deviation[row]));
      return { low: end(-1), high: end(1) };
    },
    quantiles(purchases, spending, horizon, levels) {
      checkRows(purchases, spending);
      checkSpending("lifetime value", spending);
      for (const level of levels) checkLevel("lifetime value", level);
      const { p, q, v } = spend.parameters;
      const spent = spending.frequency.map((count, row) =>
        count > 0 && spending.monetary[row] > 0 ? count : 0,
      );
      // what was spent only scales a customer's distribution, so customers alike in all else share it
      const { first, group } = alike(purchases, spent);
      const some = take(purchases, first);
      const [most] = orders.orderQuantiles(some, horizon, [1 - negligible]);
      const spentOf = (row: number) => spent[first[row]];
      const order = Int32Array.from(most.keys()).sort(
        (one, other) => spentOf(one) - spentOf(other) || most[one] - most[other],
      );
      const ratios = levels.map(() => new Float64Array(first.length));
      for (let from = 0, to = 0; from < order.length; from = to) {
        while (to < order.length && spentOf(order[to]) === spentOf(order[from])) to++;
        const largest = Math.max(1, most[order[to - 1]]);
        const quantilesOf = totalQuantiles(p, q + p * spentOf(order[from]), largest, to - from);
        for (let start = from; start < to; start += batch) {
          const rows = order.subarray(start, Math.min(start + batch, to));
          const counts = 1 + Math.max(1, most[rows[rows.length - 1]]);
          const probabilities = orders.orderProbabilities(take(some, rows), horizon, counts - 1);
          gatherRest(probabilities, counts);
          for (const [at, row] of rows.entries()) {
            const own = probabilities.subarray(at * counts, (at + 1) * counts);
            const found = quantilesOf(own, levels);
            for (const [index, ratio] of found.entries()) ratios[index][row] = ratio;
          }
        }
      }
      return ratios.map((values) =>
        Float64Array.from(group, (same, row) => {
          const scale = v + (spent[row] > 0 ? spent[row] * spending.monetary[row] : 0);
          return values[same] * scale;
        }),
      );
    },
  };
}

/** Rows that agree in purchases and in how many of them the mean spend is known. */
function alike(
  purchases: Purchases,
  spent: Float64Array,
): { first: Int32Array; group: Int32Array } {
  const { group } = distinctRows(purchases);
  return distinctRows({
    rows: purchases.rows,
    frequency: spent,
    recency: Float64Array.from(group),
    age: new Float64Array(purchases.rows),
  });
}

/** Gives the last count of each row what the row lacks to 1. */
function gatherRest(probabilities: Float64Array, counts: number): void {
  for (let start = 0; start < probabilities.length; start += counts) {
    let rest = 1;
    for (let count = 0; count < counts; count++) rest -= probabilities[start + count];
    probabilities[start + counts - 1] += Math.max(0, rest);
  }
}

const pick = (values: Float64Array, rows: Int32Array) =>
  Float64Array.from(rows, (row) => values[row]);

const take = ({ frequency, recency, age }: Purchases, rows: Int32Array): Purchases => ({
  rows: rows.length,
  frequency: pick(frequency, rows),
  recency: pick(recency, rows),
  age: pick(age, rows),
});

function checkRows(purchases: Purchases, spending: Spending): void {
  if (purchases.rows !== spending.rows)
    throw new LearnError(
      "input",
      `lifetime value: ${purchases.rows} rows of purchases, but ${spending.rows} of spending.`,
    );
}
