import { InchwormError } from "@inchworm/spec";
import { type Dataset, digest, distinct, lapseDataset } from "../dataset.js";
import { type CardExtras, judge } from "../judge.js";
import type { History, Trained, TrainOptions } from "../scorer.js";
import { backtestWindows, furthestHorizon } from "../windows.js";

/** How far ahead the backtest looks, days: do the groups tell who buys again? Less on a short history, but never below the least. */
const horizon = { most: 90, least: 14 };
const leastCustomers = 50;
/** Fewer buyers, or fewer others, than this prove nothing. */
const leastOfEach = 10;
const ever = 36_500;

export type Group = string | number;

export interface RaceInput {
  readonly scorer: string;
  readonly question: (horizonDays: number) => string;
  readonly columns: readonly string[];
  /** Learns groups from customers as they stood on a past day, and gives the group of each of others. */
  readonly learn: (past: Dataset) => Promise<(rows: Dataset) => readonly Group[]>;
  readonly also?: CardExtras;
}

/**
 * Judges groups of customers by whether those of a past day tell later buyers from others.
 *
 * @throws InchwormError "insufficient-data" when there is too little history, or nothing to tell apart
 */
export async function raceGroups(
  history: History,
  { scorer, question, columns, learn, also }: RaceInput,
  { asOf, seed, signal, onProgress }: TrainOptions,
): Promise<Pick<Trained, "card" | "seen">> {
  const { first } = await history.summary();
  if (first === undefined)
    throw new InchwormError("insufficient-data", `${scorer}: there are no orders yet.`, {
      hint: "Import orders first: inchworm import orders FILE.",
    });
  const horizonDays = Math.max(horizon.least, Math.min(horizon.most, furthestHorizon(first, asOf)));
  const windows = backtestWindows(scorer, first, asOf, horizonDays);
  const common = { horizonDays, activeDays: ever, columns, seed, signal };
  onProgress?.({ step: `${scorer}: a past day`, done: 0, total: 2 });
  const past = await lapseDataset(history, { ...common, cutoffs: windows.training.slice(0, 1) });
  onProgress?.({ step: `${scorer}: the later day`, done: 1, total: 2 });
  const later = await lapseDataset(history, { ...common, cutoffs: [windows.evaluation] });
  if (later.rows < leastCustomers)
    throw new InchwormError(
      "insufficient-data",
      `${scorer}: needs ${leastCustomers} customers with an order, and there are ${later.rows}.`,
      { hint: "Import more orders." },
    );
  requireBoth(scorer, past, horizonDays);
  requireBoth(scorer, later, horizonDays);
  const groupsOf = await learn(past);
  const rate = buyingRate(groupsOf(past), past.labels);
  const card = judge({
    scorer,
    question: question(horizonDays),
    windows,
    horizonDays,
    training: { ...past, labels: past.labels.map((lapsed) => 1 - lapsed) },
    evaluation: { ...later, labels: later.labels.map((lapsed) => 1 - lapsed) },
    model: Float64Array.from(groupsOf(later), rate),
    rule: {
      name: "one rate for all",
      probabilities: new Float64Array(later.rows).fill(
        1 - past.labels.reduce((sum, label) => sum + label, 0) / past.rows,
      ),
    },
    drivers: [],
    trainedAt: asOf,
    seed,
    dataHash: digest(past, later),
    ...(also && { also }),
  });
  onProgress?.({ step: scorer, done: 2, total: 2 });
  return { card, seen: distinct(past.contacts, later.contacts) };
}

/** @throws InchwormError "insufficient-data" when (nearly) all bought again, or (nearly) nobody did */
function requireBoth(scorer: string, { rows, labels }: Dataset, horizonDays: number): void {
  const lapsed = labels.reduce((sum, label) => sum + label, 0);
  if (Math.min(lapsed, rows - lapsed) >= leastOfEach) return;
  throw new InchwormError(
    "insufficient-data",
    `${scorer}: of ${rows} customers ${rows - lapsed} ordered again within ${horizonDays} days: there is nothing to tell apart.`,
    { hint: `At least ${leastOfEach} must have, and ${leastOfEach} not. Import more history.` },
  );
}

/** Share of buyers per group, drawn towards the overall share by ten imaginary customers. */
function buyingRate(groups: readonly Group[], lapsed: Float64Array): (group: Group) => number {
  const overall = 1 - lapsed.reduce((sum, label) => sum + label, 0) / lapsed.length;
  const shrink = 10;
  const sums = new Map<Group, { rows: number; bought: number }>();
  for (const [row, group] of groups.entries()) {
    const { rows, bought } = sums.get(group) ?? { rows: 0, bought: 0 };
    sums.set(group, { rows: rows + 1, bought: bought + 1 - lapsed[row] });
  }
  return (group) => {
    const { rows, bought } = sums.get(group) ?? { rows: 0, bought: 0 };
    return (bought + shrink * overall) / (rows + shrink);
  };
}
