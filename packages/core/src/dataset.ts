import { createHash } from "node:crypto";
import type { Instant } from "@inchworm/spec";
import type { FeatureOptions, FeatureTable, Labels } from "@inchworm/store";
import type { Question } from "./probability/question.js";
import type { History } from "./scorer.js";
import { day } from "./windows.js";

/** Rows of several cut-off days on top of each other, in the order of the cut-offs, with what happened in the days after each. */
export interface Dataset {
  readonly rows: number;
  readonly contacts: Int32Array;
  readonly columns: FeatureTable["columns"];
  /** 1 = what is asked came in the `horizonDays` from the cut-off on. */
  readonly labels: Float64Array;
  /** Rows whose label is as people said, in place of what was observed. */
  readonly told: number;
  /** How many people each row stands for, where some who did not were left out; absent where each stands for one. */
  readonly weights?: Float64Array;
}

export interface DatasetOptions {
  readonly cutoffs: readonly Instant[];
  /** Only these columns. Defaults to all. */
  readonly columns?: readonly string[];
  /** More people than make so many rows are left out, at each cut-off alike. Defaults to 30,000. */
  readonly mostRows?: number;
  readonly signal?: AbortSignal | undefined;
  /** Called after each cut-off. */
  readonly onCutoff?: () => void;
  /** Where what is computed of each cut-off is kept, for datasets that share some; they must share all options but the cut-offs. */
  readonly known?: Map<Instant, CutoffRows>;
  /**
   * For what rarely comes: where people are left out and fewer than so many positives remain, more people are drawn, up to the given
   * times as many. `thin`: of those who did not, as many are left out again as were drawn too many, and the rest weigh more.
   */
  readonly rare?: {
    readonly positives: number;
    readonly times: number;
    readonly thin: boolean;
  };
}

/** The rows of one cut-off. */
export interface CutoffRows {
  readonly table: FeatureTable;
  readonly labels: Float64Array;
  readonly told: number;
  readonly weights?: Float64Array;
}

const mostRows = 30_000;

/** Features as they stood on each day, and what came of everybody the question is asked of. What people said overrides. */
export async function outcomeDataset(
  history: History,
  question: Question,
  options: DatasetOptions,
): Promise<Dataset> {
  const { cutoffs, signal, columns, onCutoff, known, rare } = options;
  const said = await history.labels(question.scorer);
  const each = Math.ceil((options.mostRows ?? mostRows) / cutoffs.length);
  const parts: CutoffRows[] = [];
  for (const from of cutoffs) {
    const before = known?.get(from);
    if (before) {
      parts.push(before);
      onCutoff?.();
      continue;
    }
    const population = await question.population(history, from, signal);
    const draw = async (atMost: number): Promise<CutoffRows> => {
      const table = await history.features({
        asOf: from,
        ...(columns && { columns }),
        ...(population.orderedSince !== undefined && { orderedSince: population.orderedSince }),
        ...limit(population.size, atMost),
        ...(signal && { signal }),
      });
      const why = population.excluded(table);
      const kept = Int32Array.from(table.contacts.keys()).filter((row) => why[row] === undefined);
      const part = kept.length < table.rows ? takeContacts(table, kept) : table;
      const to = from + question.horizonDays * day;
      const observed = await question.observe(history, { contacts: part.contacts, from, to });
      return { table: part, ...corrected(observed, part.contacts, said, from, to) };
    };
    let rows = await draw(each);
    const lacking = rare && rare.positives / cutoffs.length / Math.max(1, sum(rows.labels));
    if (rare && lacking && lacking > 1 && (population.size ?? 0) > each) {
      rows = await draw(each * Math.min(rare.times, 1.5 * lacking));
      if (rare.thin) rows = thinned(rows, each);
    }
    known?.set(from, rows);
    parts.push(rows);
    onCutoff?.();
  }
  return stack(parts);
}

/** Where the size is known beforehand a share is drawn before anything is computed, else so many of those who are found. */
const limit = (
  size: number | undefined,
  atMost: number,
): Pick<FeatureOptions, "sample" | "atMost"> => {
  if (atMost === Infinity) return {};
  if (size === undefined) return { atMost };
  return size > atMost ? { sample: atMost / size } : {};
};

/** All who did and, of those who did not, about so many, each weighing as many as were drawn for it. */
function thinned({ table, labels, told }: CutoffRows, atMost: number): CutoffRows {
  const share = Math.min(1, atMost / (table.rows - sum(labels)));
  const kept = Int32Array.from(labels.keys()).filter(
    (row) => labels[row] === 1 || uniform(table.contacts[row], 0x7417) < share,
  );
  return {
    table: takeContacts(table, kept),
    labels: Float64Array.from(kept, (row) => labels[row]),
    weights: Float64Array.from(kept, (row) => (labels[row] === 1 ? 1 : 1 / share)),
    told,
  };
}

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);

export interface LapseOptions extends DatasetOptions {
  readonly horizonDays: number;
  /** Only people with an order in this many days before the cut-off. */
  readonly activeDays: number;
  readonly seed: number;
}

/** Features as they stood on each day; 1 = no order in the `horizonDays` from it on. */
export async function lapseDataset(history: History, options: LapseOptions): Promise<Dataset> {
  const { horizonDays, activeDays, columns, cutoffs, signal, onCutoff } = options;
  const each = Math.ceil((options.mostRows ?? mostRows) / cutoffs.length);
  const parts: CutoffRows[] = [];
  for (const from of cutoffs) {
    const table = await history.features({
      asOf: from,
      orderedSince: from - activeDays * day,
      atMost: each,
      ...(columns && { columns }),
      ...(signal && { signal }),
    });
    const ordered = await history.ordersBetween(from, from + horizonDays * day);
    const labels = among(table.contacts, ordered.contacts).map((came) => 1 - came);
    parts.push({ table, labels, told: 0 });
    onCutoff?.();
  }
  return stack(parts);
}

/** 1 where a contact is among the others. Both ascending. */
export function among(contacts: Int32Array, others: Int32Array): Float64Array {
  const found = new Float64Array(contacts.length);
  let next = 0;
  for (let row = 0; row < contacts.length; row++) {
    while (next < others.length && others[next] < contacts[row]) next++;
    if (others[next] === contacts[row]) found[row] = 1;
  }
  return found;
}

/** The latest word of people on a day in `[from, to)` takes the place of what was observed. */
function corrected(
  observed: Float64Array,
  contacts: Int32Array,
  { contacts: named, at, labels: said }: Labels,
  from: Instant,
  to: Instant,
): { labels: Float64Array; told: number } {
  const labels = observed.slice();
  let told = 0;
  let next = 0;
  for (let row = 0; row < contacts.length; row++) {
    while (next < named.length && named[next] < contacts[row]) next++;
    let spoken = false;
    for (; named[next] === contacts[row]; next++) {
      // a day that began before the cut-off may hold it: its outcome was not known yet
      if (at[next] < from || at[next] >= to) continue;
      labels[row] = said[next];
      spoken = true;
    }
    if (spoken) told++;
  }
  return { labels, told };
}

/** The rows at `indices`, ascending. */
export function takeContacts(table: FeatureTable, indices: Int32Array): FeatureTable {
  return {
    rows: indices.length,
    contacts: indices.map((row) => table.contacts[row]),
    columns: table.columns.map((column) => ({
      ...column,
      values: Float32Array.from(indices, (row) => column.values[row]),
    })),
  };
}

/** The murmur3 finaliser: the same person, the same number in [0, 1). */
export function uniform(contact: number, seed: number): number {
  let hash = (contact ^ Math.imul(seed, 0x9e3779b1)) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

function stack(parts: readonly CutoffRows[]): Dataset {
  const rows = parts.reduce((sum, part) => sum + part.table.rows, 0);
  const contacts = new Int32Array(rows);
  const labels = new Float64Array(rows);
  const columns = parts[0].table.columns.map((column) => ({
    ...column,
    values: new Float32Array(rows),
  }));
  const weights = parts.some((part) => part.weights) && new Float64Array(rows).fill(1);
  let at = 0;
  for (const { table, labels: own, weights: ownWeights } of parts) {
    contacts.set(table.contacts, at);
    labels.set(own, at);
    if (weights && ownWeights) weights.set(ownWeights, at);
    for (const [index, column] of table.columns.entries())
      columns[index].values.set(column.values, at);
    at += table.rows;
  }
  const told = parts.reduce((total, part) => total + part.told, 0);
  return { rows, contacts, columns, labels, told, ...(weights && { weights }) };
}

/** Contacts of several sets, once each, ascending. */
export function distinct(...sets: readonly Int32Array[]): Int32Array {
  const all = new Int32Array(sets.reduce((sum, set) => sum + set.length, 0));
  let at = 0;
  for (const set of sets) {
    all.set(set, at);
    at += set.length;
  }
  all.sort();
  return all.filter((contact, index) => index === 0 || contact !== all[index - 1]);
}

/** Digest of every value, label and column name: equal data, equal digest. */
export function digest(
  ...datasets: readonly Pick<Dataset, "contacts" | "columns" | "labels">[]
): string {
  const hash = createHash("sha256");
  for (const { contacts, columns, labels } of datasets) {
    hash.update(bytes(contacts)).update(bytes(labels));
    for (const { name, values } of columns) hash.update(name).update(bytes(values));
  }
  return hash.digest("hex").slice(0, 16);
}

const bytes = (array: Int32Array | Float32Array | Float64Array) =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
