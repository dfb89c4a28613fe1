import type { Explanation, Table } from "@inchworm/learn";

/** Below this many log-odds a column changed nothing worth saying. */
const leastWeight = 0.05;
const mostReasons = 3;

/** Up to three columns with their values, such as "Contract: Month-to-month": what pushed a row to the side it is on. */
export function contractReasons(
  { columns, contributions }: Explanation,
  table: Table,
): (row: number) => string[] {
  const width = columns.length;
  const byName = new Map(table.columns.map((column) => [column.name, column]));
  const tell = (name: string, row: number): string => {
    const column = byName.get(name);
    if (column?.kind === "category") return column.levels[column.codes[row]] ?? "not known";
    const value = column?.values[row] ?? Number.NaN;
    return Number.isNaN(value) ? "not known" : `${Number(value.toPrecision(4))}`;
  };
  return (row) => {
    const own = contributions.subarray(row * width, (row + 1) * width);
    const side = own.reduce((sum, part) => sum + part, 0) >= 0 ? 1 : -1;
    return Array.from(own.keys())
      .filter((column) => own[column] * side > leastWeight)
      .sort((left, right) => (own[right] - own[left]) * side)
      .slice(0, mostReasons)
      .map((column) => `${columns[column]}: ${tell(columns[column], row)}`);
  };
}
