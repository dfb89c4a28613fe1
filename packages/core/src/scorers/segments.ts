import { InchwormError } from "@inchworm/spec";
import type { Scorer } from "../scorer.js";
import { dataSegments } from "./segment-data.js";
import { rfmSegments } from "./segment-rfm.js";
import { timeZoneSegments } from "./segment-time-zone.js";

export interface SegmentsOptions {
  /**
   * - `rfm`: recency, frequency and money in names a marketer knows. Scorer "segments", fields `segment` and `rfm`.
   * - `data`: as many segments as the data bear. Scorer "data-segments", fields `data_segment` and `data_segment_id`.
   * - `micro`: many small ones, for short and precise lists. Scorer "micro-segments", fields `micro_segment` and
   *   `micro_segment_id`.
   * - `time-zone`: by the clock where a contact is. Scorer "time-zones", field `time_zone_segment`.
   *
   * Defaults to "rfm".
   */
  readonly by?: "rfm" | "data" | "micro" | "time-zone";
  /** Of `rfm`: a single order within this many days makes somebody "new". Defaults to 60. */
  readonly newcomerDays?: number;
  /** Of `data` and `micro`: the features customers are compared by. Defaults to days since the last order, orders and spend ever. */
  readonly features?: readonly string[];
  /** Of `micro`: how many, 2 to 200; fewer where that would leave less than 20 customers each. Defaults to 100. */
  readonly micro?: number;
}

const defaults = {
  by: "rfm",
  newcomerDays: 60,
  features: ["days_since_order", "orders_total", "spend_total"],
  micro: 100,
} satisfies Required<SegmentsOptions>;

/**
 * Kinds of customers: a description rather than a prediction, published when the kinds of a past day told later buyers from
 * others.
 *
 * @throws InchwormError "input" for an unknown way or feature, or a number of micro-segments out of range
 */
export function segments(options: SegmentsOptions = {}): Scorer {
  const { by, newcomerDays, features, micro } = { ...defaults, ...options };
  switch (by) {
    case "rfm":
      return rfmSegments(newcomerDays);
    case "data":
      return dataSegments({ features });
    case "micro":
      if (Number.isInteger(micro) && micro >= 2 && micro <= 200)
        return dataSegments({ features, micro });
      throw new InchwormError(
        "input",
        `segments: "micro" must be an integer ≥ 2 and ≤ 200, got ${micro}.`,
      );
    case "time-zone":
      return timeZoneSegments();
    default:
      throw new InchwormError("input", `segments: there is no way to segment by "${by}".`, {
        hint: 'Pass by: "rfm", "data", "micro" or "time-zone".',
      });
  }
}
