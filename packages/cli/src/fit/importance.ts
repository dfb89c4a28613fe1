import { type Model, type Table, takeRows } from "@inchworm/learn";

const mostRows = 2000;

/** How much each column moves the scores: its share of all absolute contributions, largest first, on rows evenly spread. */
export function importance(model: Model, table: Table): { column: string; gain: number }[] {
  const stride = Math.ceil(table.rows / mostRows);
  const some = Int32Array.from(
    { length: Math.ceil(table.rows / stride) },
    (_, index) => index * stride,
  );
  const { columns, contributions } = model.explain(takeRows(table, some));
  const sums = new Float64Array(columns.length);
  for (let index = 0; index < contributions.length; index++)
    sums[index % columns.length] += Math.abs(contributions[index]);
  const total = sums.reduce((sum, one) => sum + one, 0) || 1;
  return columns
    .map((column, index) => ({ column, gain: sums[index] / total }))
    .sort((one, other) => other.gain - one.gain);
}
