import type { Table } from "@inchworm/learn";
import type { FeatureTable, OrderDays } from "@inchworm/store";
import type { History } from "../scorer.js";
import { cameOf } from "./value-customers.js";
import { fitHurdle, type Hurdle, least } from "./value-hurdle.js";
import { instantOf } from "./value-windows.js";

/** Rows that trees learn from, over all cut-offs. */
const mostRows = 40_000;

export interface TreesOptions {
  readonly horizonDays: number;
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
}

/** Features of customers as they stood on each day, with what they spent in the days after; nothing where too few did, or nearly all. */
export async function fitTrees(
  history: History,
  orders: OrderDays,
  cutoffs: readonly number[],
  options: TreesOptions,
): Promise<Hurdle | undefined> {
  const { horizonDays, seed, signal } = options;
  if (cutoffs.length === 0) return undefined;
  const tables: FeatureTable[] = [];
  const spent: Float64Array[] = [];
  for (const cutoff of cutoffs) {
    const table = await featuresAt(history, cutoff, {
      atMost: Math.ceil(mostRows / cutoffs.length),
      signal,
    });
    tables.push(table);
    spent.push(cameOf(orders, table.contacts, cutoff, cutoff + horizonDays).spent);
  }
  const all = joined(spent);
  const buyers = all.filter((amount) => amount > 0).length;
  if (buyers < least.buyers || all.length - buyers < least.others) return undefined;
  return fitHurdle(stacked(tables), all, { seed, signal });
}

/** Features of everybody who had ordered before a day. */
export function featuresAt(
  history: History,
  cutoff: number,
  options: { readonly atMost?: number; readonly signal?: AbortSignal | undefined } = {},
): Promise<FeatureTable> {
  const { atMost, signal } = options;
  return history.features({
    asOf: instantOf(cutoff),
    orderedSince: 0,
    ...(atMost !== undefined && { atMost }),
    ...(signal && { signal }),
  });
}

function stacked(tables: readonly FeatureTable[]): Table {
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  return {
    rows,
    columns: tables[0].columns.map(({ name, kind }, index) => {
      const values = new Float32Array(rows);
      let at = 0;
      for (const table of tables) {
        values.set(table.columns[index].values, at);
        at += table.rows;
      }
      return { name, kind, values };
    }),
  };
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
