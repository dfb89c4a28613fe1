import { createHash } from "node:crypto";
import type { FeatureTable } from "@inchworm/store";
import type { History } from "./scorer.js";
import { day } from "./windows.js";

/** Rows of several cut-off days on top of each other, with what happened in the days after each. */
export interface Dataset {
  readonly rows: number;
  readonly contacts: Int32Array;
  readonly columns: FeatureTable["columns"];
  /** 1 = no order in the `horizonDays` from the cut-off on. */
  readonly labels: Float64Array;
}

export interface DatasetOptions {
  readonly cutoffs: readonly number[];
  readonly horizonDays: number;
  /** Only people with an order in this many days before the cut-off. */
  readonly activeDays: number;
  readonly columns?: readonly string[];
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
  /** Called after each cut-off. */
  readonly onCutoff?: () => void;
}

/** More rows than this teach a linear model nothing, and cost memory: people beyond it are left out, by hash of the person. */
const mostRows = 30_000;

/** Features as they stood on each day, and whether an order followed. A person is in all of their cut-offs or in none. */
export async function lapseDataset(history: History, options: DatasetOptions): Promise<Dataset> {
  const { cutoffs, horizonDays, activeDays, seed, signal } = options;
  const parts: { table: FeatureTable; labels: Float64Array }[] = [];
  for (const asOf of cutoffs) {
    const table = await history.features({
      asOf,
      orderedSince: asOf - activeDays * day,
      ...(options.columns && { columns: options.columns }),
      ...(signal && { signal }),
    });
    const ordered = await history.ordersBetween(asOf, asOf + horizonDays * day);
    const share = Math.min(1, mostRows / (table.rows * cutoffs.length));
    parts.push(sample(table, lapsed(table.contacts, ordered.contacts), share, seed));
    options.onCutoff?.();
  }
  return stack(parts);
}

/** 1 where the contact is not among those who ordered. Both ascending. */
function lapsed(contacts: Int32Array, ordered: Int32Array): Float64Array {
  const labels = new Float64Array(contacts.length);
  let next = 0;
  for (let row = 0; row < contacts.length; row++) {
    while (next < ordered.length && ordered[next] < contacts[row]) next++;
    labels[row] = ordered[next] === contacts[row] ? 0 : 1;
  }
  return labels;
}

function sample(table: FeatureTable, labels: Float64Array, share: number, seed: number) {
  if (share === 1) return { table, labels };
  const kept: number[] = [];
  for (let row = 0; row < table.rows; row++)
    if (uniform(table.contacts[row], seed) < share) kept.push(row);
  const columns = table.columns.map((column) => ({
    ...column,
    values: Float32Array.from(kept, (row) => column.values[row]),
  }));
  const contacts = Int32Array.from(kept, (row) => table.contacts[row]);
  return {
    table: { rows: kept.length, contacts, columns },
    labels: Float64Array.from(kept, (row) => labels[row]),
  };
}

/** The murmur3 finaliser: the same person, the same number in [0, 1). */
export function uniform(contact: number, seed: number): number {
  let hash = (contact ^ Math.imul(seed, 0x9e3779b1)) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

function stack(parts: readonly { table: FeatureTable; labels: Float64Array }[]): Dataset {
  const rows = parts.reduce((sum, part) => sum + part.table.rows, 0);
  const contacts = new Int32Array(rows);
  const labels = new Float64Array(rows);
  const columns = parts[0].table.columns.map((column) => ({
    ...column,
    values: new Float32Array(rows),
  }));
  let at = 0;
  for (const { table, labels: own } of parts) {
    contacts.set(table.contacts, at);
    labels.set(own, at);
    for (const [index, column] of table.columns.entries())
      columns[index].values.set(column.values, at);
    at += table.rows;
  }
  return { rows, contacts, columns, labels };
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
export function digest(...datasets: readonly Dataset[]): string {
  const hash = createHash("sha256");
  for (const { contacts, columns, labels } of datasets) {
    hash.update(bytes(contacts)).update(bytes(labels));
    for (const { name, values } of columns) hash.update(name).update(bytes(values));
  }
  return hash.digest("hex").slice(0, 16);
}

const bytes = (array: Int32Array | Float32Array | Float64Array) =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
