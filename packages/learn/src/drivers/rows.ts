/** Rows of a sparse design and what came of them. Columns `0 … fixed − 1` are not drawn towards 0, the others are. */
export interface DesignRows {
  readonly rows: number;
  readonly fixed: number;
  readonly columns: number;
  /** Entries of row `i` are `starts[i] … starts[i + 1] − 1`. */
  readonly starts: Int32Array;
  readonly indices: Int32Array;
  readonly values: Float64Array;
  readonly shown: Float64Array;
  readonly clicked: Float64Array;
  /** Rows of one group are neighbours: `groupStarts[g] … groupStarts[g + 1] − 1`. */
  readonly groupStarts: Int32Array;
  /** Which columns have one variance, from and to; together they are all that are drawn towards 0. */
  readonly families: readonly { readonly from: number; readonly to: number }[];
}

/** One row as it is put in. */
export interface DesignRow {
  readonly group: number;
  readonly shown: number;
  readonly clicked: number;
  /** Of the fixed columns. */
  readonly fixed: readonly number[];
  /** Columns among those drawn towards 0, counted from 0, that are 1. */
  readonly on: ArrayLike<number>;
}

/** The same in the order of their groups. */
export function designRows(
  given: readonly DesignRow[],
  fixed: number,
  families: readonly number[],
): DesignRows {
  const order = Array.from(given.keys()).sort(
    (left, right) => given[left].group - given[right].group || left - right,
  );
  const starts = new Int32Array(given.length + 1);
  const indices: number[] = [];
  const values: number[] = [];
  const groupStarts: number[] = [];
  for (const [row, from] of order.entries()) {
    const { group, fixed: numbers, on } = given[from];
    if (row === 0 || given[order[row - 1]].group !== group) groupStarts.push(row);
    for (let column = 0; column < fixed; column++)
      if (numbers[column] !== 0) {
        indices.push(column);
        values.push(numbers[column]);
      }
    for (let at = 0; at < on.length; at++) {
      indices.push(fixed + on[at]);
      values.push(1);
    }
    starts[row + 1] = indices.length;
  }
  let columns = fixed;
  const spans = families.map((size) => {
    const from = columns;
    columns += size;
    return { from, to: columns };
  });
  return {
    rows: given.length,
    fixed,
    columns,
    starts,
    indices: Int32Array.from(indices),
    values: Float64Array.from(values),
    shown: Float64Array.from(order, (at) => given[at].shown),
    clicked: Float64Array.from(order, (at) => given[at].clicked),
    groupStarts: Int32Array.from([...groupStarts, given.length]),
    families: spans.filter(({ from, to }) => to > from),
  };
}
