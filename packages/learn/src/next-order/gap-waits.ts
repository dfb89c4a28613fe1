import type { Clock } from "./clock.js";
import type { GapParameters } from "./likelihood.js";
import { predictive } from "./predictive.js";
import { type Shapes, shapedTables } from "./shape.js";
import type { OrderHistory, Summary } from "./summary.js";
import type { Waits } from "./waits.js";

/** A model of gaps as fitted. */
export interface Gaps {
  readonly clock: Clock;
  readonly parameters: GapParameters;
  readonly shifts: Float64Array;
  readonly shapes: Shapes;
}

/** What the customers' own gaps say of the one still open, given how long it already is. */
export function gapWaits(
  { asOf, groups }: OrderHistory,
  summary: Summary,
  { clock, parameters, shifts, shapes }: Gaps,
): Waits {
  const { stop, stay } = parameters;
  const { customers, orders, open } = summary;
  const tableOf = shapedTables(parameters, shapes);
  const now = clock.at(asOf);
  const location = new Float64Array(customers);
  const deviation = new Float64Array(customers);
  /** P(the open gap is longer than it already is). */
  const survived = new Float64Array(customers).fill(Number.NaN);
  const again = new Float64Array(customers).fill(Number.NaN);
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
  }
  return {
    again,
    within(row, days) {
      const gap = open[row] + clock.at(asOf + days) - now;
      const z = (Math.log(gap) - location[row]) / deviation[row];
      const left = tableOf(orders[row] - 1).survival(z) / survived[row];
      return again[row] * Math.min(1, Math.max(0, 1 - left));
    },
    day(row, share) {
      const z = tableOf(orders[row] - 1).inverse(survived[row] * (1 - share));
      const gap = Math.exp(location[row] + deviation[row] * z);
      return Math.max(0, clock.dayAt(now - open[row] + gap) - asOf);
    },
  };
}
