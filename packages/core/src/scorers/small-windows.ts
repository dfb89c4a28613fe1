import { InchwormError, type Instant } from "@inchworm/spec";
import { day, type Windows } from "../windows.js";

/** At least so many of either outcome, over all windows. */
export const leastOutcomes = 5;
const mostWindows = 8;
const leastHistoryDays = 60;

/**
 * Cut-offs one horizon apart, latest first: no two windows of labels share a day, so that what came in one is evidence of its own.
 */
export function smallWindows(first: Instant, asOf: Instant, horizonDays: number): Windows {
  const earliest = first + leastHistoryDays * day;
  const cutoffs = Array.from(
    { length: mostWindows + 1 },
    (_, index) => asOf - (index + 1) * horizonDays * day,
  ).filter((cutoff) => cutoff >= earliest);
  const [evaluation, ...training] = cutoffs;
  return { training, evaluation, refit: cutoffs };
}

/** @throws InchwormError "insufficient-data" with the count that is missing */
export function requireSome(labels: Float64Array, horizonDays: number): void {
  const lapsed = labels.reduce((sum, label) => sum + label, 0);
  const fewer = Math.min(lapsed, labels.length - lapsed);
  if (fewer >= leastOutcomes) return;
  const kind = lapsed === fewer ? "with no order" : "with an order";
  throw new InchwormError(
    "insufficient-data",
    `churn: needs ${leastOutcomes} active customers ${kind} in the ${horizonDays} days after, and there are ${fewer}: ${leastOutcomes - fewer} are missing.`,
    { hint: "Import more history, or choose another horizon." },
  );
}
