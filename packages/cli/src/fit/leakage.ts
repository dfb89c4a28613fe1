import type { Table } from "@inchworm/learn";
import type { Leak } from "./card.js";
import { singleColumns } from "./single-columns.js";

/** A column that ranks this well alone is rarely known before the outcome. */
const suspicious = 0.9;

/** Columns that look as if they were filled in after the outcome. A hint: nothing is dropped by itself. */
export const leakage = (table: Table, labels: Float64Array, seed: number): Leak[] =>
  singleColumns(table, labels, seed)
    .filter(({ auc }) => auc >= suspicious)
    .sort((one, other) => other.auc - one.auc)
    .map(({ name, auc }) => ({
      column: name,
      auc,
      because: `alone it tells the outcome with an AUC of ${auc.toFixed(3)}`,
    }));
