import { InchwormError } from "@inchworm/spec";
import type { FeatureTable } from "@inchworm/store";

export type Columns = Pick<FeatureTable, "rows" | "columns">;

/** @throws InchwormError "internal" when a feature that was asked for is not there */
export function values(table: Columns, name: string): Float32Array {
  const column = table.columns.find((candidate) => candidate.name === name);
  if (!column) throw new InchwormError("internal", `segments: feature "${name}" is missing.`);
  return column.values;
}

export function rowsWithOrders(table: Columns): number[] {
  const orders = values(table, "orders_total");
  return Array.from(orders.keys()).filter((row) => orders[row] > 0);
}

export function pick(table: Columns, rows: readonly number[]): Columns {
  return {
    rows: rows.length,
    columns: table.columns.map((column) => ({
      ...column,
      values: Float32Array.from(rows, (row) => column.values[row]),
    })),
  };
}

/** One customer's orders in a clause. */
export function ordersInWords(table: Columns, row: number): string {
  const round = (name: string) => Math.round(values(table, name)[row]).toLocaleString("en-US");
  const orders = values(table, "orders_total")[row];
  const since = values(table, "days_since_order")[row];
  return `${round("orders_total")} order${orders === 1 ? "" : "s"} worth ${round("spend_total")}, the last ${since < 1 ? "today" : `${round("days_since_order")} day${Math.round(since) === 1 ? "" : "s"} ago`}`;
}
