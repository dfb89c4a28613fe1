import { type Artifact, binaryClassifier, takeRows } from "@inchworm/learn";
import { InchwormError } from "@inchworm/spec";
import { judge } from "../judge.js";
import { driversOf } from "../probability/fit.js";
import { atLeastOne } from "../probability/options.js";
import { mostTrainingRows } from "../probability/train.js";
import type { History, Outcome, Scorer } from "../scorer.js";
import { backtestWindows, day, type Windows } from "../windows.js";
import { answersOf, fieldsFor } from "./contract-churn-fields.js";
import { contractReasons } from "./contract-churn-reasons.js";
import {
  type ContractRows,
  type Contracts,
  heldOut,
  leftBefore,
  runningAt,
  stacked,
} from "./contract-churn-rows.js";
import { bestRule, leastOfEach, requireBoth, telling } from "./contract-churn-rule.js";
import { fromStore, fromTable, type ToldContracts } from "./contract-churn-source.js";
import { type ContractTable, digestOf, type Kinds } from "./contract-churn-table.js";

export interface ContractChurnOptions {
  /** A flat table of contracts. Defaults to the contracts of the store. */
  readonly table?: ContractTable;
  /** With dates, how far ahead: the probability of being cancelled within so many days. Defaults to 90. */
  readonly horizonDays?: number;
  /** The namespace of the table's customer ids among the contacts' identities. Defaults to "customer". */
  readonly system?: string;
}

const defaults = { horizonDays: 90, system: "customer" };

interface ContractArtifact {
  readonly model: Artifact;
  readonly kinds: Kinds;
}

/**
 * Churn of subscriptions: the probability that a running contract is cancelled, or ends without being renewed.
 *
 * It is asked of every contract that ran on some past days whether it was left within the horizon, and judged on a later day. Of
 * contracts in the store it looks at what was known on each day: plan and price of the term, the contract's age, and all features of
 * its contact. Of a flat table with a column of end dates only columns may be learned from that say of a contract what was known while
 * it ran: their values are taken as they stand, for past days too. With a yes-or-no column alone nothing is known of when: it is the
 * probability of being among those who cancelled, and judged on every fifth customer, held out. Must beat one rate for all and every
 * single column.
 *
 * Who has several contracts is told of the one most likely to be cancelled.
 */
export function contractChurn(options: ContractChurnOptions = {}): Scorer {
  const { table: source, system } = { ...defaults, ...options };
  const horizonDays = atLeastOne(
    "contract-churn",
    "horizonDays",
    options.horizonDays ?? defaults.horizonDays,
  );
  if (source && (source.end === undefined) === (source.cancelled === undefined))
    throw new InchwormError("input", 'contract-churn: "table" needs either "end" or "cancelled".', {
      hint: 'Such as table: { file: "contracts.csv", customer: "id", end: "cancelled on" }.',
    });
  const dated = source === undefined || source.end !== undefined;
  const asked = dated
    ? `Will this contract be cancelled within ${horizonDays} days?`
    : "Will this contract be cancelled?";
  const told = (
    history: History,
    asOf: number,
    { kinds, signal }: { readonly kinds?: Kinds; readonly signal?: AbortSignal | undefined },
  ) =>
    source
      ? fromTable(history, source, { system, ...(kinds && { kinds }), signal })
      : fromStore(history, { asOf, signal });

  return {
    name: "contract-churn",
    options: { ...(source && { table: source, system }), horizonDays },
    fields: fieldsFor(dated ? `cancelled within ${horizonDays} days` : "cancelled"),

    async train(history, { asOf, seed, signal, onProgress }) {
      const step = (name: string, done: number) =>
        onProgress?.({ step: `contract-churn: ${name}`, done, total: 4 });
      step("reading", 0);
      const known = await told(history, asOf, { signal });
      const { contracts, contactOf, usable } = known;
      const windows = dated ? datedWindows(contracts, asOf, horizonDays) : undatedWindows(asOf);
      const parts = dated
        ? {
            training: await contractRows(known, windows.training, horizonDays),
            evaluation: await contractRows(known, [windows.evaluation], horizonDays),
          }
        : heldOut(contracts, seed, usable);
      const { training, evaluation } = parts;
      requireBoth("learn from", training.labels);
      requireBoth("judge by", evaluation.labels);
      const fit = (rows: ContractRows, contender?: string) =>
        binaryClassifier({ seed, ...(contender !== undefined && { contender }) }).fit(
          telling(rows),
          rows.labels,
          {
            groups: rows.contracts.map((row) => contracts.customer[row]),
            ...(signal && { signal }),
          },
        );
      step("fitting", 1);
      const judged = await fit(training);
      step("judging", 2);
      const card = judge({
        scorer: "contract-churn",
        question: asked,
        windows,
        horizonDays: dated ? horizonDays : 0,
        training: { rows: training.labels.length, labels: training.labels },
        evaluation: { rows: evaluation.labels.length, labels: evaluation.labels },
        model: judged.predict(evaluation.table),
        rule: await bestRule({ ...training, table: telling(training) }, evaluation),
        drivers: driversOf(judged, evaluation.table),
        trainedAt: asOf,
        seed,
        dataHash: digestOf(training, evaluation),
        also: {
          candidates: judged.race.map(({ contender, logLoss }) => ({
            name: contender,
            metrics: { logLoss },
          })),
          notes: notesOf(telling(training).columns.length, contracts, source),
        },
      });
      step("fitting again with all", 3);
      const latest =
        "all" in parts ? parts.all : await contractRows(known, windows.refit, horizonDays);
      const model = await fit(latest, judged.winner);
      const kinds = Object.fromEntries(
        contracts.table.columns.map(({ name, kind }) => [name, kind]),
      );
      step("done", 4);
      return {
        card,
        artifact: { model: model.save(), kinds } satisfies ContractArtifact,
        seen: seenOf(contracts, contactOf),
      };
    },

    async score(history, stored, { asOf, signal }) {
      const { model: saved, kinds } = readArtifact(stored);
      const model = binaryClassifier().load(saved);
      const known = await told(history, asOf, { kinds, signal });
      const { contracts, contactOf } = known;
      const { contacts } = await history.features({
        asOf,
        columns: ["tenure_days"],
        ...(signal && { signal }),
      });
      const { table, contracts: rows } = dated
        ? await known.runningAt(asOf)
        : runningWithoutDates(contracts);
      const had = new Set(seenOf(contracts, contactOf));
      const scored = {
        contact: rows.map(contactOf),
        probabilities: model.predict(table),
        reasons: contractReasons(model.explain(table), table),
      };
      return answersOf(contacts, scored, (contact) =>
        had.has(contact)
          ? "no running contract"
          : `no contract in the ${source ? "table" : "store"}`,
      );
    },

    ...(dated && {
      async preview(history, { asOf, signal }) {
        const { contracts, usable } = await told(history, asOf, { signal });
        const { evaluation } = datedWindows(contracts, asOf, horizonDays);
        const running = runningAt(contracts, evaluation, usable).contracts;
        const labels = leftBefore(contracts, running, asOf);
        const positives = labels.reduce((sum, label) => sum + label, 0);
        return {
          population: running.length,
          positives,
          negatives: running.length - positives,
          needed: leastOfEach,
        };
      },
    }),
    ...(!source && { outcome: outcomeOf(horizonDays) }),
  };
}

/** Rows of several days, at most so many altogether as other scorers learn from. */
async function contractRows(
  { contracts, runningAt }: ToldContracts,
  cutoffs: readonly number[],
  horizonDays: number,
): Promise<ContractRows> {
  const parts: ContractRows[] = [];
  for (const cutoff of cutoffs) {
    const part = await runningAt(cutoff, mostTrainingRows / cutoffs.length);
    const labels = leftBefore(contracts, part.contracts, cutoff + horizonDays * day);
    parts.push({ ...part, labels });
  }
  return stacked(parts);
}

/** Of each contact whether any contract that ran was left; nothing of those who had none. */
const outcomeOf = (horizonDays: number): Outcome => ({
  field: "contract_churn_probability",
  kind: "probability",
  horizonDays,
  async observe(history, { contacts, from, to }) {
    const { contracts, contactOf } = await fromStore(history, { asOf: to });
    const running = runningAt(contracts, from).contracts;
    const left = leftBefore(contracts, running, to);
    const of = new Map<number, number>();
    for (const [index, row] of running.entries())
      of.set(contactOf(row), Math.max(left[index], of.get(contactOf(row)) ?? 0));
    return Float64Array.from(contacts, (contact) => of.get(contact) ?? Number.NaN);
  },
});

/** Contacts who have or had a contract, ascending. */
const seenOf = ({ rows }: Contracts, contactOf: (row: number) => number): Int32Array => {
  const all = new Set(Array.from({ length: rows }, (_, row) => contactOf(row)));
  all.delete(-1);
  return Int32Array.from(all).sort();
};

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

function notesOf(
  columns: number,
  { leftOut }: Contracts,
  source: ContractTable | undefined,
): string[] {
  const learned = `Learned from ${columns} columns${leftOut.length > 0 ? `; left out: ${leftOut.join(", ")}` : ""}.`;
  if (!source)
    return [
      learned,
      "Plan and price of days before the first term that the store knows of are taken to have been the same.",
    ];
  return [
    learned,
    source.end !== undefined
      ? "The table's columns are taken as they stand today, for past days too."
      : "The table tells no dates: it is judged on every fifth customer, held out, and not on a later day.",
  ];
}

function readArtifact(stored: unknown): ContractArtifact {
  const { model, kinds } = (stored ?? {}) as Partial<ContractArtifact>;
  if (model && kinds) return { model, kinds };
  throw new InchwormError("artifact", "contract-churn: what the store holds is not its model.", {
    hint: "Train again: inchworm train --scorers contract-churn.",
  });
}
