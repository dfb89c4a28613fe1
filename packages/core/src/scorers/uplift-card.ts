import { type ArmUplift, firstArm, type UpliftModel } from "@inchworm/learn";
import type { UpliftModelCard } from "@inchworm/spec";
import { digest } from "../dataset.js";
import type { UpliftPast } from "./uplift-past.js";

/** What was learned, as a card. Withheld, and saying so, where no ranking beats a random order. */
export function upliftCard(
  model: UpliftModel,
  { trial, contacts, cutoffs }: UpliftPast,
  asked: {
    readonly outcome: string;
    readonly days: number;
    readonly asOf: number;
    readonly seed: number;
  },
): UpliftModelCard {
  const told = firstArm(model.arms);
  const winner = told.learners.find(({ name }) => name === told.chosen);
  const { days, asOf, seed } = asked;
  const labelsUntil = asOf;
  return {
    kind: "uplift",
    scorer: "uplift",
    question: `Does the message change what this contact does (${asked.outcome}) within ${days} days?`,
    verdict: told.signal ? "published" : "withheld",
    because: told.signal ? told.because : `${told.verdict}. ${told.because}`,
    trainedAt: asOf,
    windows: {
      training: { cutoffs, labelsUntil },
      evaluation: { cutoff: cutoffs[cutoffs.length - 1], labelsUntil },
      refit: { cutoffs, labelsUntil },
    },
    arm: told.arm,
    control: model.control,
    model: told.chosen,
    counts: { trainingRows: told.rows, evaluationRows: told.rows, treated: told.treated },
    metrics: {
      qini: { value: winner?.qini ?? 0, low: winner?.low ?? 0, high: winner?.high ?? 0 },
      uplift30: winner?.uplift30 ?? told.ate.value,
    },
    rule: { name: "everybody alike", effect: told.ate },
    arms: model.arms.map(({ arm, ate, treat }) => ({ arm, effect: ate, treat })),
    calibration: [],
    drivers: driversOf(model, told, trial.table),
    candidates: told.learners.map(({ name, qini, low, high, uplift30 }) => ({
      name,
      metrics: { Qini: { value: qini, low, high }, "effect on the top 30 %": uplift30 },
    })),
    notes: [
      "Intervals of Qini coefficients hold for all models of the race together.",
      ...(model.arms.length > 1 ? model.arms.map(({ arm, because }) => `${arm}: ${because}`) : []),
    ],
    seed,
    dataHash: digest({
      contacts,
      labels: trial.outcome,
      columns: [
        ...trial.table.columns.flatMap((column) => (column.kind === "number" ? [column] : [])),
        { name: "arm", kind: "number", values: Float32Array.from(trial.arm) },
      ],
    }),
  };
}

const mostDrivers = 10;

function driversOf(
  model: UpliftModel,
  { arm, signal }: ArmUplift,
  table: UpliftPast["trial"]["table"],
) {
  if (!signal) return [];
  const { columns, contributions } = model.explain(table, arm);
  return columns
    .map((feature, column) => {
      let sum = 0;
      for (let at = column; at < contributions.length; at += columns.length)
        sum += Math.abs(contributions[at]);
      return { feature, weight: sum / table.rows };
    })
    .filter(({ weight }) => weight > 0)
    .sort((one, other) => other.weight - one.weight)
    .slice(0, mostDrivers);
}
