import { InchwormError } from "@inchworm/spec";
import { day } from "../windows.js";

/** The days, since 1970, at which history is cut. */
export interface ValueWindows {
  /** The later day that no fit looks past; its outcomes end today. */
  readonly evaluation: number;
  /** Where the models race: what came in `raceDays` after it picks the one that is judged. */
  readonly race: number;
  readonly raceDays: number;
  /** Days with features and outcomes for boosted trees, to race, to be judged, and to score; none where history is short. */
  readonly trees: {
    readonly race: readonly number[];
    readonly judged: readonly number[];
    readonly final: readonly number[];
  };
}

const leastHistoryDays = 60;
const stepDays = 30;
const mostCutoffs = 3;

/** @throws InchwormError "insufficient-data" naming the days of history that are missing */
export function valueWindows(firstDay: number, today: number, horizonDays: number): ValueWindows {
  const evaluation = today - horizonDays;
  const before = evaluation - firstDay;
  if (before < leastHistoryDays) {
    const held = Math.max(0, today - firstDay);
    const needed = leastHistoryDays + horizonDays;
    throw new InchwormError(
      "insufficient-data",
      `value: looking ${horizonDays} days ahead needs ${needed} days of history, and there are ${held}: ${needed - held} are missing.`,
      { hint: "Import older orders, or ask for a shorter horizon." },
    );
  }
  const raceDays = Math.min(horizonDays, Math.floor(before / 2));
  const race = evaluation - raceDays;
  const earliest = firstDay + leastHistoryDays;
  const cutoffs = (latest: number) =>
    Array.from({ length: mostCutoffs }, (_, index) => latest - index * stepDays).filter(
      (cutoff) => cutoff >= earliest,
    );
  const raced = raceDays === horizonDays ? cutoffs(race - horizonDays) : [];
  return {
    evaluation,
    race,
    raceDays,
    trees:
      raced.length > 0
        ? { race: raced, judged: cutoffs(race), final: cutoffs(evaluation) }
        : { race: [], judged: [], final: [] },
  };
}

export const instantOf = (dayNumber: number): number => dayNumber * day;
