/** Rows of few values among many columns (CSR): row `r` has entries `starts[r] … starts[r + 1] − 1`. */
export interface SparseRows {
  readonly rows: number;
  readonly columns: number;
  readonly starts: Int32Array;
  readonly indices: Int32Array;
  readonly values: Float32Array;
}

/** Collects rows whose number of entries is not known ahead. */
export function sparseBuilder(columns: number) {
  const starts: number[] = [0];
  let indices = new Int32Array(1024);
  let values = new Float32Array(1024);
  let n = 0;
  return {
    /** Adds an entry to the row under way. */
    add(column: number, value: number): void {
      if (n === indices.length) {
        const moreIndices = new Int32Array(2 * n);
        moreIndices.set(indices);
        indices = moreIndices;
        const moreValues = new Float32Array(2 * n);
        moreValues.set(values);
        values = moreValues;
      }
      indices[n] = column;
      values[n++] = value;
    },
    /** Ends the row under way, its entries multiplied by `scale`. */
    endRow(scale = 1): void {
      if (scale !== 1) for (let at = starts[starts.length - 1]; at < n; at++) values[at] *= scale;
      starts.push(n);
    },
    done: (): SparseRows => ({
      rows: starts.length - 1,
      columns,
      starts: Int32Array.from(starts),
      indices: indices.subarray(0, n),
      values: values.subarray(0, n),
    }),
  };
}
