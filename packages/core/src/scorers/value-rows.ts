import type { FieldValue } from "@inchworm/spec";
import type { Answers } from "../scorer.js";
import { levels } from "./next-order-rules.js";
import type { Customers } from "./value-customers.js";
import type { ValueField } from "./value-fields.js";
import type { ValueForecast } from "./value-models.js";
import { worthReasons } from "./value-reasons.js";
import type { Spread } from "./value-spread.js";

export interface ValueRowsInput {
  readonly contacts: Int32Array;
  readonly customers: Customers;
  /** For each contact its row among the customers, -1 for one who has not ordered. */
  readonly rowOf: Int32Array;
  readonly forecast: ValueForecast;
  readonly spread: Spread;
  /** For each contact its row in the spread. */
  readonly spreadRowOf: (index: number) => number;
  /** Amounts at each of the judged levels, by the spread's rows. */
  readonly amounts: readonly Float64Array[];
  readonly horizonDays: number;
}

/** What is published of every contact. */
export function valueRows(input: ValueRowsInput): Answers {
  const { contacts, customers, rowOf, forecast, spread, spreadRowOf, amounts, horizonDays } = input;
  const known = Int32Array.from(contacts.keys()).filter((index) => rowOf[index] >= 0);
  const expected = Float64Array.from(known, (index) => spread.mean[spreadRowOf(index)]);
  const percentile = percentiles(expected);
  const column = (): FieldValue[] => new Array(contacts.length).fill(null);
  const fields: Record<ValueField, FieldValue[]> = {
    value_expected: column(),
    value_low: column(),
    value_middle: column(),
    value_high: column(),
    value_orders: column(),
    value_alive: column(),
    value_percentile: column(),
    value_historic: column(),
    value_reason: column(),
  };
  const reasons: string[][] = Array.from(contacts, () => []);
  const abstained: (string | undefined)[] = new Array(contacts.length).fill("no order yet");
  for (const [place, index] of known.entries()) {
    const row = rowOf[index];
    const amount = (values: Float64Array) => cents(values[spreadRowOf(index)]);
    fields.value_expected[index] = cents(expected[place]);
    fields.value_low[index] = amount(amounts[0]);
    fields.value_middle[index] = amount(amounts[middle]);
    fields.value_high[index] = amount(amounts[amounts.length - 1]);
    fields.value_orders[index] = cents(forecast.orders[row]);
    fields.value_alive[index] = Math.round(forecast.alive[row] * 1000) / 1000;
    fields.value_percentile[index] = percentile[place];
    fields.value_historic[index] = cents(customers.spent[row]);
    reasons[index] = worthReasons({
      orders: customers.orders[row],
      spent: customers.spent[row],
      span: customers.purchases.recency[row],
      idle: customers.idle[row],
      alive: forecast.alive[row],
      expectedOrders: forecast.orders[row],
      horizonDays,
    });
    fields.value_reason[index] = reasons[index].join(" · ");
    abstained[index] = undefined;
  }
  return { contacts, fields, reasons, abstained };
}

const middle = levels.indexOf(0.5);
const cents = (amount: number): number => Math.round(amount * 100) / 100;

/** Rank of each value, 0 for the least and 100 for the greatest; equal values share the mean of theirs. */
export function percentiles(values: Float64Array): Int32Array {
  const order = Int32Array.from(values.keys()).sort((left, right) => values[left] - values[right]);
  const ranks = new Int32Array(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && values[order[end]] === values[order[start]]) end++;
    const rank = (start + end - 1) / 2 / Math.max(1, order.length - 1);
    for (let place = start; place < end; place++) ranks[order[place]] = Math.round(100 * rank);
    start = end;
  }
  return ranks;
}
