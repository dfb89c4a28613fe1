import { LearnError } from "../error.js";
import { sortedOrder } from "../metrics/metric.js";

export interface RfmInput {
  /** Days (or any unit) since the last order: small is good. */
  readonly recency: Float64Array;
  /** Number of orders: large is good. */
  readonly frequency: Float64Array;
  /** Money spent: large is good. */
  readonly monetary: Float64Array;
}

/** 1 (worst) to 5 (best) per customer. */
export interface RfmRanks {
  readonly recency: Uint8Array;
  readonly frequency: Uint8Array;
  readonly monetary: Uint8Array;
}

/**
 * Fifths by cumulative share, so that equal customers always get equal ranks: where half of all bought once, they share one
 * rank and the fifths are uneven.
 *
 * @throws LearnError "input" when lengths differ or a value is not finite
 */
export function rfmRanks({ recency, frequency, monetary }: RfmInput): RfmRanks {
  const rows = recency.length;
  for (const [name, values] of Object.entries({ recency, frequency, monetary })) {
    if (values.length !== rows)
      throw new LearnError(
        "input",
        `rfmRanks: "${name}" has ${values.length} values, "recency" has ${rows}.`,
      );
    const wrong = values.findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0)
      throw new LearnError(
        "input",
        `rfmRanks: "${name}" must be finite, got ${values[wrong]} in row ${wrong}.`,
        {
          hint: "Leave out customers without an order.",
        },
      );
  }
  return {
    recency: fifths(recency.map((value) => -value)),
    frequency: fifths(frequency),
    monetary: fifths(monetary),
  };
}

/** ⌈5 · cume_dist⌉, the share of values that are not larger. */
function fifths(values: Float64Array): Uint8Array {
  const order = sortedOrder(values);
  const ranks = new Uint8Array(values.length);
  for (let end = order.length; end > 0; ) {
    let start = end - 1;
    while (start > 0 && values[order[start - 1]] === values[order[end - 1]]) start--;
    const rank = Math.ceil((5 * end) / order.length);
    for (let place = start; place < end; place++) ranks[order[place]] = rank;
    end = start;
  }
  return ranks;
}
