import type { NextOrderModel, OrderHistory } from "@inchworm/learn";
import type { FieldValue } from "@inchworm/spec";
import { day } from "../windows.js";
import { aheads, type NextOrderField } from "./next-order-fields.js";
import { rhythmReasons } from "./next-order-reasons.js";

/** Below this probability of ever ordering again no date is given. */
const leastAgain = 0.02;
/** Nor one further ahead than this. */
const furthestDays = 3650;
/** The window's days are those whose middle lies in it: whole days at both ends would widen the short windows of busy customers. */
const noon = 0.5;

/** What is published of each row of the history; all of them must have ordered. */
export function forecastRows(model: NextOrderModel, history: OrderHistory) {
  const { asOf } = history;
  const forecast = model.forecast(history);
  const { again, elapsed, orders, usualGap } = forecast;
  const round = (probability: number) => Math.round(probability * 1000) / 1000;
  const names = new Map<number, string>();
  const nameOf = (date: number): string => {
    const known = names.get(date) ?? new Date(date * day).toISOString().slice(0, 10);
    names.set(date, known);
    return known;
  };
  const dated = (days: Float64Array, whole: (days: number) => number) => (row: number) =>
    again[row] < leastAgain || days[row] > furthestDays ? null : nameOf(asOf + whole(days[row]));
  const [week, fortnight, month] = aheads.map((days) => forecast.within(days));
  const columns = {
    next_order_date: dated(forecast.date(0.5), Math.floor),
    next_order_from: dated(forecast.date(0.1), (days) => Math.ceil(days - noon)),
    next_order_until: dated(forecast.date(0.9), (days) => Math.max(0, Math.floor(days - noon))),
    next_order_probability_7d: (row) => round(week[row]),
    next_order_probability_14d: (row) => round(fortnight[row]),
    next_order_probability_30d: (row) => round(month[row]),
    next_order_probability: (row) => round(again[row]),
    next_order_reason: (row) => reasons(row).join(" · "),
  } satisfies Record<NextOrderField, (row: number) => FieldValue>;

  // somebody whose first order was yesterday: when do such customers come back?
  const usualSecond = model.forecast({ offsets: [0, 1], days: [asOf - 1], asOf }).date(0.5)[0];
  const reasons = (row: number): string[] =>
    rhythmReasons({
      orders: orders[row],
      elapsed: elapsed[row],
      usualGap: usualGap[row],
      again: again[row],
      usualSecond,
    });
  return { field: (name: NextOrderField, row: number) => columns[name](row), reasons };
}
