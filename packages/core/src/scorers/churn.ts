import { type Artifact, logisticRegression, platt, type Table } from "@inchworm/learn";
import { type Field, InchwormError } from "@inchworm/spec";
import type { FeatureTable } from "@inchworm/store";
import { digest, distinct, lapseDataset } from "../dataset.js";
import { judge } from "../judge.js";
import { reasonsFor, topicOf } from "../reasons.js";
import type { Scorer } from "../scorer.js";
import { backtestWindows } from "../windows.js";
import {
  type CalibratedModel,
  drivers,
  fitCalibrated,
  probabilities,
  recencyRule,
  requireBoth,
  tableOf,
} from "./churn-model.js";

export interface ChurnOptions {
  /** How far ahead: the score is the probability of no order in this many days. Defaults to 90. */
  readonly horizonDays?: number;
  /** Only people with an order in this many days are asked about. Defaults to twice the horizon. */
  readonly activeDays?: number;
}

const defaultHorizonDays = 90;
/** Rows explained at a time: contributions are wide. */
const chunkRows = 50_000;

interface ChurnArtifact {
  readonly model: Artifact;
  readonly calibration: Artifact;
}

/**
 * Churn for shops without contracts: the probability that an active customer places no order in the next `horizonDays`.
 * Must beat recency alone ("who ordered longest ago leaves first") on a later window that training never saw.
 */
export function churn(options: ChurnOptions = {}): Scorer {
  const horizonDays = atLeastOne("horizonDays", options.horizonDays ?? defaultHorizonDays);
  const activeDays = atLeastOne("activeDays", options.activeDays ?? 2 * horizonDays);
  const fields = [
    {
      name: "churn_probability",
      label: "Churn probability",
      description: `Probability of no order in ${horizonDays} days, 0 to 1.`,
      type: "number",
      decimals: 3,
    },
    {
      name: "churn_band",
      label: "Churn band",
      description:
        "Among those scored: high is the riskiest fifth, medium the next three tenths, low the rest.",
      type: "category",
      options: ["low", "medium", "high"],
    },
    {
      name: "churn_reason",
      label: "Churn reasons",
      description: "Up to three reasons for the churn probability.",
      type: "text",
    },
  ] as const satisfies readonly Field[];

  return {
    name: "churn",
    options: { horizonDays, activeDays },
    fields,

    async train(history, { asOf, seed, signal, onProgress }) {
      const { first } = await history.summary();
      if (first === undefined)
        throw new InchwormError("insufficient-data", "churn: there are no orders yet.", {
          hint: "Import orders first: inchworm import orders FILE.",
        });
      const windows = backtestWindows("churn", first, asOf, horizonDays);
      const total = windows.training.length + windows.refit.length + 3;
      let done = 0;
      const step = (name: string) => onProgress?.({ step: `churn: ${name}`, done: done++, total });
      const common = { horizonDays, activeDays, seed, signal, onCutoff: () => step("past days") };
      const training = await lapseDataset(history, { ...common, cutoffs: windows.training });
      requireBoth("train on", training, horizonDays, activeDays);
      const evaluation = await lapseDataset(history, { ...common, cutoffs: [windows.evaluation] });
      requireBoth("judge by", evaluation, horizonDays, activeDays);

      step("fitting");
      const judged = await fitCalibrated(training, seed, signal);
      const model = probabilities(judged, tableOf(evaluation));
      step("judging");
      const card = judge({
        scorer: "churn",
        question: `Will this customer place no order in the next ${horizonDays} days?`,
        windows,
        horizonDays,
        training,
        evaluation,
        model,
        rule: {
          name: "recency alone",
          probabilities: recencyRule(training, evaluation),
        },
        drivers: drivers(judged.model, tableOf(evaluation)),
        trainedAt: asOf,
        seed,
        dataHash: digest(training, evaluation),
      });

      const latest = await lapseDataset(history, { ...common, cutoffs: windows.refit });
      step("fitting again with the latest days");
      const final = await fitCalibrated(latest, seed, signal);
      const artifact: ChurnArtifact = {
        model: final.model.save(),
        calibration: final.calibrator.save(),
      };
      const seen = distinct(training.contacts, evaluation.contacts, latest.contacts);
      return { card, artifact, seen };
    },

    async score(history, stored, { asOf, signal }) {
      const artifact = readArtifact(stored);
      const model: CalibratedModel = {
        model: logisticRegression().load(artifact.model),
        calibrator: platt().load(artifact.calibration),
      };
      const table = await history.features({ asOf, ...(signal && { signal }) });
      const column = new Map(table.columns.map(({ name, values }) => [name, values]));
      const since = values(column, "days_since_order");
      const probability: (number | null)[] = new Array(table.rows).fill(null);
      const band: (string | null)[] = new Array(table.rows).fill(null);
      const reason: (string | null)[] = new Array(table.rows).fill(null);
      const reasons: string[][] = Array.from({ length: table.rows }, () => []);
      const abstained: (string | undefined)[] = new Array(table.rows);
      const active: number[] = [];
      for (let row = 0; row < table.rows; row++) {
        if (Number.isNaN(since[row])) abstained[row] = "no order yet";
        else if (since[row] > activeDays)
          abstained[row] = `no order in the last ${activeDays} days`;
        else active.push(row);
      }
      const calibrated = new Float64Array(active.length);
      for (const { at, rows } of chunks(active))
        calibrated.set(probabilities(model, take(table, rows)), at);
      const bands = bandsOf(calibrated);
      for (const { at, rows } of chunks(active)) {
        signal?.throwIfAborted();
        const { columns, contributions } = model.model.explain(take(table, rows));
        const topics = topicOf(columns);
        for (const [index, row] of rows.entries()) {
          const own = contributions.subarray(index * columns.length, (index + 1) * columns.length);
          const direction = own.reduce((sum, part) => sum + part, 0) >= 0 ? 1 : -1;
          probability[row] = Math.round(calibrated[at + index] * 1000) / 1000;
          band[row] = bandOf(calibrated[at + index], bands);
          reasons[row] = reasonsFor(
            topics,
            own,
            direction,
            (name) => column.get(name)?.[row] ?? Number.NaN,
          );
          reason[row] = reasons[row].join(" · ");
        }
      }
      return {
        contacts: table.contacts,
        fields: { churn_probability: probability, churn_band: band, churn_reason: reason },
        reasons,
        abstained,
      };
    },
  };
}

function readArtifact(stored: unknown): ChurnArtifact {
  const { model, calibration } = (stored ?? {}) as Partial<ChurnArtifact>;
  if (model && calibration) return { model, calibration };
  throw new InchwormError("artifact", "churn: what the store holds is not a churn model.", {
    hint: "Train again: inchworm train --scorers churn.",
  });
}

function values(column: ReadonlyMap<string, Float32Array>, name: string): Float32Array {
  const found = column.get(name);
  if (found) return found;
  throw new InchwormError("internal", `churn: feature "${name}" is missing.`);
}

const take = (table: FeatureTable, rows: readonly number[]): Table => ({
  rows: rows.length,
  columns: table.columns.map((column) => ({
    ...column,
    values: Float32Array.from(rows, (row) => column.values[row]),
  })),
});

/** Where the riskiest fifth and the riskiest half of those scored begin. */
function bandsOf(calibrated: Float64Array) {
  const sorted = calibrated.slice().sort();
  const from = (share: number) => sorted[Math.ceil(sorted.length * share)] ?? Infinity;
  return { medium: from(0.5), high: from(0.8) };
}

const bandOf = (probability: number, bands: ReturnType<typeof bandsOf>): string => {
  if (probability >= bands.high) return "high";
  return probability >= bands.medium ? "medium" : "low";
};

function* chunks(rows: readonly number[]) {
  for (let at = 0; at < rows.length; at += chunkRows)
    yield { at, rows: rows.slice(at, at + chunkRows) };
}

function atLeastOne(option: string, value: number): number {
  if (Number.isInteger(value) && value >= 1) return value;
  throw new InchwormError("input", `churn: "${option}" must be an integer ≥ 1, got ${value}.`);
}
