/** Days with an order of each customer: one order per customer and day, whatever was bought in how many. */
export interface History {
  readonly customers: number;
  /** Where each customer's days begin; one more than customers. */
  readonly offsets: Int32Array;
  /** Days since 1970, ascending within a customer. */
  readonly days: Int32Array;
  /** What was spent on each day; undefined when nothing is known of amounts. */
  readonly spent: Float64Array | undefined;
  /** Events that were no orders: their amount is below 0. */
  readonly returns: number;
  /** Days on which nothing, or only 0, is known to have been spent. */
  readonly free: number;
  /** First and last day of any event. */
  readonly first: number;
  readonly last: number;
}

export interface Events {
  readonly rows: number;
  readonly customers: { readonly codes: Int32Array; readonly levels: readonly string[] };
  readonly days: Float64Array;
  /** NaN where nothing is written. */
  readonly amounts?: Float64Array;
}

/** Merges events to days. An amount below 0 is a return: no order, and nothing is subtracted. A customer may have returns alone. */
export function historyOf({ rows, customers, days, amounts }: Events): History {
  const { codes, levels } = customers;
  const isOrder = (row: number) => !(amounts !== undefined && amounts[row] < 0);
  const counts = new Int32Array(levels.length + 1);
  let returns = 0;
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let row = 0; row < rows; row++) {
    if (isOrder(row)) counts[codes[row] + 1]++;
    else returns++;
    if (days[row] < first) first = days[row];
    if (days[row] > last) last = days[row];
  }
  for (let code = 0; code < levels.length; code++) counts[code + 1] += counts[code];
  const next = counts.slice();
  // one number per event, which sorts by day and then by row
  const keys = new Float64Array(rows - returns);
  for (let row = 0; row < rows; row++)
    if (isOrder(row)) keys[next[codes[row]]++] = (days[row] - first) * rows + row;

  const offsets = new Int32Array(levels.length + 1);
  const merged = new Int32Array(keys.length);
  const spent = amounts && new Float64Array(keys.length);
  let used = 0;
  for (let code = 0; code < levels.length; code++) {
    const own = keys.subarray(counts[code], counts[code + 1]);
    if (own.length > 1) own.sort();
    let before = Number.NaN;
    for (const key of own) {
      const row = key % rows;
      if (days[row] !== before) {
        merged[used++] = days[row];
        before = days[row];
      }
      if (spent && amounts[row] > 0) spent[used - 1] += amounts[row];
    }
    offsets[code + 1] = used;
  }
  return {
    customers: levels.length,
    offsets,
    days: merged.slice(0, used),
    spent: spent?.slice(0, used),
    returns,
    free: spent ? spent.subarray(0, used).reduce((sum, value) => sum + Number(value === 0), 0) : 0,
    first,
    last,
  };
}
