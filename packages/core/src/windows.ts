import { InchwormError, type Instant } from "@inchworm/spec";

export const day = 86_400_000;

/** The days at which a backtest cuts history. */
export interface Windows {
  /** Past days to learn from, latest first. Labels of all of them are complete before the evaluation day. */
  readonly training: readonly Instant[];
  /** The later day that training never saw; its labels end at `asOf`. */
  readonly evaluation: Instant;
  /** The days the published model is refitted on, once judged: the same spacing, with labels up to `asOf`. */
  readonly refit: readonly Instant[];
}

/** Days between two training cut-offs: far enough apart to differ, near enough to use short histories. */
const stepDays = 30;
const mostCutoffs = 6;
/** A cut-off with less history before it than this says nothing about habits. */
const leastHistoryDays = 60;

/** The furthest a backtest can look ahead on so much history, in whole days; may be less than 1. */
export const furthestHorizon = (first: Instant, asOf: Instant): number =>
  Math.floor((Math.floor((asOf - first) / day) - leastHistoryDays) / 2);

/**
 * Cuts history for a question about the next `horizonDays`.
 *
 * @throws InchwormError "insufficient-data" naming the days of history that are missing
 */
export function backtestWindows(
  scorer: string,
  first: Instant,
  asOf: Instant,
  horizonDays: number,
): Windows {
  const evaluation = asOf - horizonDays * day;
  const earliest = first + leastHistoryDays * day;
  const cutoffs = (latest: Instant) =>
    Array.from({ length: mostCutoffs }, (_, index) => latest - index * stepDays * day).filter(
      (cutoff) => cutoff >= earliest,
    );
  const training = cutoffs(evaluation - horizonDays * day);
  if (training.length === 0) {
    const needed = leastHistoryDays + 2 * horizonDays;
    const held = Math.max(0, Math.floor((asOf - first) / day));
    throw new InchwormError(
      "insufficient-data",
      `${scorer}: looking ${horizonDays} days ahead needs ${needed} days of history, and there are ${held}: ${needed - held} are missing.`,
      { hint: "Import older orders, or ask for a shorter horizon." },
    );
  }
  return { training, evaluation, refit: cutoffs(evaluation) };
}
