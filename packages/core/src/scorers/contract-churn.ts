import {
  type Artifact,
  type BinaryClassifierModel,
  binaryClassifier,
  logisticRegression,
  logLoss,
  type Table,
  takeRows,
} from "@inchworm/learn";
import { type Field, type FieldValue, InchwormError } from "@inchworm/spec";
import { judge } from "../judge.js";
import { driversOf } from "../probability/fit.js";
import { atLeastOne } from "../probability/options.js";
import { bandsOf } from "../probability/score.js";
import type { Scorer } from "../scorer.js";
import { backtestWindows, day, type Windows } from "../windows.js";
import { contractReasons } from "./contract-churn-reasons.js";
import {
  type ContractRows,
  contactsOf,
  contractRows,
  heldOut,
  runningAt,
} from "./contract-churn-rows.js";
import {
  type Contracts,
  type ContractTable,
  digestOf,
  type Kinds,
  readContracts,
} from "./contract-churn-table.js";

export interface ContractChurnOptions {
  readonly table: ContractTable;
  /** With dates, how far ahead: the probability of being cancelled within so many days. Defaults to 90. */
  readonly horizonDays?: number;
  /** The namespace of the table's customer ids among the contacts' identities. Defaults to "customer". */
  readonly system?: string;
}

const defaults = { horizonDays: 90, system: "customer" };
const leastOfEach = 50;

interface ContractArtifact {
  readonly model: Artifact;
  readonly kinds: Kinds;
}

/**
 * Churn of subscriptions: the probability that a running contract is cancelled, learned from a flat table of contracts.
 *
 * With a column of end dates it is asked of every contract that ran on some past days whether it was cancelled within the horizon,
 * and judged on a later day. Only columns that say of a contract what was known while it ran may be learned from: their values are
 * taken as they stand in the table, for past days too. With a yes-or-no column alone nothing is known of when: it is the probability
 * of being among those who cancelled, and judged on every fifth customer, held out. Must beat one rate for all and every single column.
 *
 * Who has several contracts is told of the one most likely to be cancelled.
 */
export function contractChurn(options: ContractChurnOptions): Scorer {
  const { table: source, system } = { ...defaults, ...options };
  const horizonDays = atLeastOne(
    "contract-churn",
    "horizonDays",
    options.horizonDays ?? defaults.horizonDays,
  );
  if ((source?.end === undefined) === (source?.cancelled === undefined))
    throw new InchwormError("input", 'contract-churn: "table" needs either "end" or "cancelled".', {
      hint: 'Such as table: { file: "contracts.csv", customer: "id", end: "cancelled on" }.',
    });
  const dated = source.end !== undefined;
  const asked = dated
    ? `Will this contract be cancelled within ${horizonDays} days?`
    : "Will this contract be cancelled?";

  return {
    name: "contract-churn",
    options: { table: source, horizonDays, system },
    fields: fieldsFor(dated ? `cancelled within ${horizonDays} days` : "cancelled"),

    async train(history, { asOf, seed, signal, onProgress }) {
      const step = (name: string, done: number) =>
        onProgress?.({ step: `contract-churn: ${name}`, done, total: 4 });
      step("reading", 0);
      const contracts = await readContracts(source, undefined, signal);
      const { contact, denied } = await contactsOf(history, contracts.customers, system);
      const usable = (row: number) => denied[contracts.customer[row]] !== 1;
      const windows = dated ? datedWindows(contracts, asOf, horizonDays) : undatedWindows(asOf);
      const parts = dated
        ? {
            training: contractRows(contracts, windows.training, horizonDays, usable),
            evaluation: contractRows(contracts, [windows.evaluation], horizonDays, usable),
          }
        : heldOut(contracts, seed, usable);
      const { training, evaluation } = parts;
      requireBoth("learn from", training.labels);
      requireBoth("judge by", evaluation.labels);
      const fit = (rows: ContractRows, contender?: string) =>
        binaryClassifier({ seed, ...(contender !== undefined && { contender }) }).fit(
          rows.table,
          rows.labels,
          {
            groups: rows.contracts.map((row) => contracts.customer[row]),
            ...(signal && { signal }),
          },
        );
      step("fitting", 1);
      const judged = await fit(training);
      step("judging", 2);
      const rule = await bestRule(training, evaluation);
      const card = judge({
        scorer: "contract-churn",
        question: asked,
        windows,
        horizonDays: dated ? horizonDays : 0,
        training: { rows: training.labels.length, labels: training.labels },
        evaluation: { rows: evaluation.labels.length, labels: evaluation.labels },
        model: judged.predict(evaluation.table),
        rule,
        drivers: driversOf(judged, evaluation.table),
        trainedAt: asOf,
        seed,
        dataHash: digestOf(training, evaluation),
        also: {
          candidates: judged.race.map(({ contender, logLoss }) => ({
            name: contender,
            metrics: { logLoss },
          })),
          notes: notesOf(contracts, dated),
        },
      });
      step("fitting again with all", 3);
      const latest =
        "all" in parts ? parts.all : contractRows(contracts, windows.refit, horizonDays, usable);
      const model = await fit(latest, judged.winner);
      const kinds = Object.fromEntries(
        contracts.table.columns.map(({ name, kind }) => [name, kind]),
      );
      step("done", 4);
      return {
        card,
        artifact: { model: model.save(), kinds } satisfies ContractArtifact,
        seen: contact.filter((number) => number >= 0).sort(),
      };
    },

    async score(history, stored, { asOf, signal }) {
      const { model: saved, kinds } = readArtifact(stored);
      const model = binaryClassifier().load(saved);
      const contracts = await readContracts(source, kinds, signal);
      const { contact } = await contactsOf(history, contracts.customers, system);
      const known = await history.features({
        asOf,
        columns: ["tenure_days"],
        ...(signal && { signal }),
      });
      const { table, contracts: rows } = dated
        ? runningAt(contracts, asOf, () => true)
        : runningWithoutDates(contracts);
      const scored = scoreContracts(model, table);
      const rowOf = new Map(Array.from(known.contacts, (number, row) => [number, row]));
      const had = new Set(Array.from(contact).filter((number) => number >= 0));
      const best = new Int32Array(known.rows).fill(-1);
      for (const [index, row] of rows.entries()) {
        const place = rowOf.get(contact[contracts.customer[row]] ?? -1);
        if (place === undefined) continue;
        if (best[place] < 0 || scored.probabilities[index] > scored.probabilities[best[place]])
          best[place] = index;
      }
      const bandOf = bandsOf(
        Float64Array.from(
          best.filter((index) => index >= 0),
          (index) => scored.probabilities[index],
        ),
      );
      const reasons = Array.from(best, (index) => (index < 0 ? [] : scored.reasons(index)));
      const tell = (value: (index: number, row: number) => FieldValue) =>
        Array.from(best, (index, row) => (index < 0 ? null : value(index, row)));
      return {
        contacts: known.contacts,
        fields: {
          contract_churn_probability: tell(
            (index) => Math.round(scored.probabilities[index] * 1000) / 1000,
          ),
          contract_churn_band: tell((index) => bandOf(scored.probabilities[index])),
          contract_churn_reason: tell((_, row) => reasons[row].join(" · ")),
        },
        reasons,
        abstained: Array.from(best, (index, row) => {
          if (index >= 0) return undefined;
          return had.has(known.contacts[row]) ? "no running contract" : "no contract in the table";
        }),
      };
    },
  };
}

function scoreContracts(model: BinaryClassifierModel, table: Table) {
  const probabilities = model.predict(table);
  const reasons = contractReasons(model.explain(table), table);
  return { probabilities, reasons };
}

/** Cancelled ones are not asked about; ones of which nothing is said are. */
function runningWithoutDates({ table, cancelled }: Contracts) {
  const contracts = Int32Array.from(cancelled.keys()).filter((row) => cancelled[row] !== 1);
  return { table: takeRows(table, contracts), contracts };
}

function datedWindows({ start, end }: Contracts, asOf: number, horizonDays: number): Windows {
  let first = asOf;
  for (const days of [start, end]) for (const at of days) if (at * day < first) first = at * day;
  return backtestWindows("contract-churn", first, asOf, horizonDays);
}

const undatedWindows = (asOf: number): Windows => ({
  training: [asOf],
  evaluation: asOf,
  refit: [asOf],
});

/** The best simple rule on the rows that judge: one rate for all, or one column alone as a logistic regression. */
async function bestRule(training: ContractRows, evaluation: ContractRows) {
  const { labels } = evaluation;
  const rate = training.labels.reduce((sum, label) => sum + label, 0) / training.labels.length;
  const constant = new Float64Array(labels.length).fill(rate);
  const rules = [{ name: "one rate for all", probabilities: constant }];
  for (const { name } of training.table.columns) {
    const alone = ({ table: { rows, columns } }: ContractRows): Table => ({
      rows,
      columns: columns.filter((column) => column.name === name),
    });
    const model = await logisticRegression({ knots: 0 }).fit(alone(training), training.labels);
    const probabilities = Float64Array.from(model.predict(alone(evaluation)));
    rules.push({ name: `${name} alone`, probabilities });
  }
  const lossOf = (rule: (typeof rules)[number]) => logLoss(rule.probabilities, labels);
  return rules.reduce((best, rule) => (lossOf(rule) < lossOf(best) ? rule : best));
}

function notesOf({ leftOut, table }: Contracts, dated: boolean): string[] {
  return [
    `Learned from ${table.columns.length} columns${leftOut.length > 0 ? `; left out: ${leftOut.join(", ")}` : ""}.`,
    ...(dated
      ? ["The table's columns are taken as they stand today, for past days too."]
      : [
          "The table tells no dates: it is judged on every fifth customer, held out, and not on a later day.",
        ]),
  ];
}

/** @throws InchwormError "insufficient-data" with the count that is missing */
function requireBoth(purpose: string, labels: Float64Array): void {
  const cancelled = labels.reduce((sum, label) => sum + label, 0);
  const fewer = Math.min(cancelled, labels.length - cancelled);
  if (fewer >= leastOfEach) return;
  throw new InchwormError(
    "insufficient-data",
    `contract-churn: to ${purpose}, needs ${leastOfEach} contracts that were ${cancelled === fewer ? "" : "not "}cancelled, and there are ${fewer}: ${leastOfEach - fewer} are missing.`,
    { hint: "Give a table with more contracts, or a longer horizon." },
  );
}

const fieldsFor = (what: string): readonly Field[] => [
  {
    name: "contract_churn_probability",
    label: "Contract churn probability",
    description: `Probability that the contract is ${what}, 0 to 1.`,
    type: "number",
    decimals: 3,
  },
  {
    name: "contract_churn_band",
    label: "Contract churn band",
    description:
      "Among those scored: high is the riskiest fifth, medium the next three tenths, low the rest.",
    type: "category",
    options: ["low", "medium", "high"],
  },
  {
    name: "contract_churn_reason",
    label: "Contract churn reasons",
    description: "Up to three reasons for the contract churn probability.",
    type: "text",
  },
];

function readArtifact(stored: unknown): ContractArtifact {
  const { model, kinds } = (stored ?? {}) as Partial<ContractArtifact>;
  if (model && kinds) return { model, kinds };
  throw new InchwormError("artifact", "contract-churn: what the store holds is not its model.", {
    hint: "Train again: inchworm train --scorers contract-churn.",
  });
}
