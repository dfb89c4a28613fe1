import type { Clock } from "./clock.js";
import type { GapParameters } from "./likelihood.js";
import { predictive } from "./predictive.js";
import { type Shapes, shapedTables } from "./shape.js";
import { type OrderHistory, summarise } from "./summary.js";

/** What is to be expected of each customer. `NaN` for one who has not ordered. Days count from the history's `asOf`. */
export interface NextOrderForecast {
  readonly customers: number;
  /** Days with an order. */
  readonly orders: Int32Array;
  /** Since the last order, in days. */
  readonly elapsed: Float64Array;
  /** The customer's own typical gap (geometric mean) in days; `NaN` before the second order. */
  readonly usualGap: Float64Array;
  /** Probability of ever ordering again. */
  readonly again: Float64Array;
  /** Probability of an order within so many days, one number for all or one per customer. */
  within(days: number | ArrayLike<number>): Float64Array;
  /**
   * The day by which the next order has come with this probability, among customers like this one who order again. The whole
   * part is the calendar day: 0 = the day `asOf`.
   */
  date(probability: number): Float64Array;
  /** As `date`, counting those who never come back: `Infinity` where the probability is not reached. */
  quantile(probability: number): Float64Array;
}

export function forecast(
  history: OrderHistory,
  clock: Clock,
  parameters: GapParameters,
  shifts: Float64Array,
  shapes: Shapes,
): NextOrderForecast {
  const { asOf, groups } = history;
  const { stop, stay } = parameters;
  const summary = summarise(history, clock);
  const { customers, orders, open } = summary;
  const tableOf = shapedTables(parameters, shapes);
  const now = clock.at(asOf);
  const location = new Float64Array(customers);
  const deviation = new Float64Array(customers);
  /** P(the open gap is longer than it already is). */
  const survived = new Float64Array(customers).fill(Number.NaN);
  const again = new Float64Array(customers).fill(Number.NaN);
  const elapsed = new Float64Array(customers).fill(Number.NaN);
  const usualGap = new Float64Array(customers).fill(Number.NaN);
  for (let row = 0; row < customers; row++) {
    const gaps = orders[row] - 1;
    if (gaps < 0) continue;
    const shift = groups ? (shifts[groups[row]] ?? 0) : 0;
    const next = predictive(parameters, gaps, summary.mean[row] - shift, summary.squares[row]);
    location[row] = next.location + shift;
    deviation[row] = next.deviation;
    const table = tableOf(gaps);
    const left = table.survival((Math.log(open[row]) - location[row]) / deviation[row]);
    survived[row] = left;
    again[row] = ((stay + gaps) * left) / ((stay + gaps) * left + stop);
    elapsed[row] = asOf - Math.floor(clock.dayAt(now - open[row]));
    if (gaps > 0) usualGap[row] = Math.exp(summary.mean[row]);
  }

  /** The day when the open gap is left by a share `left` of what it was survived by. */
  const dayOf = (row: number, left: number): number => {
    if (left <= 0) return Infinity;
    if (left >= 1) return 0;
    const z = tableOf(orders[row] - 1).inverse(survived[row] * left);
    const gap = Math.exp(location[row] + deviation[row] * z);
    return Math.max(0, clock.dayAt(now - open[row] + gap) - asOf);
  };
  const each = (of: (row: number) => number): Float64Array =>
    Float64Array.from(orders, (count, row) => (count > 0 ? of(row) : Number.NaN));

  return {
    customers,
    orders,
    elapsed,
    usualGap,
    again,
    within: (days) =>
      each((row) => {
        const ahead = typeof days === "number" ? days : days[row];
        const gap = open[row] + clock.at(asOf + ahead) - now;
        const z = (Math.log(gap) - location[row]) / deviation[row];
        const left = tableOf(orders[row] - 1).survival(z) / survived[row];
        return again[row] * Math.min(1, Math.max(0, 1 - left));
      }),
    date: (probability) => each((row) => dayOf(row, 1 - probability)),
    quantile: (probability) => each((row) => dayOf(row, 1 - probability / again[row])),
  };
}
