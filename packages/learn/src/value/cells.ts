import type { Purchases } from "./types.js";

/** Purchases with equal rows joined and sorted by frequency, times in units of the customers' mean age. */
export interface Cells {
  readonly rows: number;
  readonly frequency: Float64Array;
  readonly recency: Float64Array;
  readonly age: Float64Array;
  readonly weights: Float64Array;
  /** The frequencies there are, ascending, and where the cells of each begin; one more at the end. */
  readonly frequencies: Float64Array;
  readonly starts: Int32Array;
  /** Number of customers. */
  readonly customers: number;
  /** One time unit of these cells in units of the purchases. */
  readonly unit: number;
}

/** Which distinct row each row is: `first` lists one row of each, `group` maps rows to its entries. */
export function distinctRows({ rows, frequency, recency, age }: Purchases): {
  first: Int32Array;
  group: Int32Array;
} {
  let size = 1024;
  while (size < rows * 2) size *= 2;
  const slots = new Int32Array(size).fill(-1);
  const group = new Int32Array(rows);
  const first = new Int32Array(rows);
  const numbers = new Float64Array(3);
  const words = new Uint32Array(numbers.buffer);
  let count = 0;
  for (let row = 0; row < rows; row++) {
    numbers[0] = frequency[row];
    numbers[1] = recency[row];
    numbers[2] = age[row];
    let hash = 0;
    for (let word = 0; word < 6; word++) {
      hash = Math.imul(hash ^ words[word], 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    let slot = hash & (size - 1);
    for (;;) {
      const found = slots[slot];
      if (found < 0) {
        slots[slot] = count;
        first[count] = row;
        group[row] = count++;
        break;
      }
      const other = first[found];
      if (
        frequency[other] === frequency[row] &&
        recency[other] === recency[row] &&
        age[other] === age[row]
      ) {
        group[row] = found;
        break;
      }
      slot = (slot + 1) & (size - 1);
    }
  }
  return { first: first.slice(0, count), group };
}

export function makeCells(purchases: Purchases, unit = meanAge(purchases)): Cells {
  const { first, group } = distinctRows(purchases);
  const weights = new Float64Array(first.length);
  for (let row = 0; row < purchases.rows; row++)
    weights[group[row]] += purchases.weights?.[row] ?? 1;
  const kept = Int32Array.from(first.keys()).filter((cell) => weights[cell] > 0);
  return sorted(
    kept.length,
    (cell) => purchases.frequency[first[kept[cell]]],
    (cell) => purchases.recency[first[kept[cell]]] / unit,
    (cell) => purchases.age[first[kept[cell]]] / unit,
    (cell) => weights[kept[cell]],
    unit,
  );
}

/** Every n-th cell, so many that about `most` are left. Weights stay as they are. */
export function thin(cells: Cells, most: number): Cells {
  const stride = Math.ceil(cells.rows / most);
  if (stride < 2) return cells;
  const at = (cell: number) => cell * stride + ((cell * 7919) % stride);
  return sorted(
    Math.floor(cells.rows / stride),
    (cell) => cells.frequency[at(cell)],
    (cell) => cells.recency[at(cell)],
    (cell) => cells.age[at(cell)],
    (cell) => cells.weights[at(cell)],
    cells.unit,
  );
}

type Read = (cell: number) => number;

function sorted(rows: number, x: Read, last: Read, end: Read, weight: Read, unit: number): Cells {
  const counts = new Map<number, number>();
  let customers = 0;
  for (let cell = 0; cell < rows; cell++) {
    counts.set(x(cell), (counts.get(x(cell)) ?? 0) + 1);
    customers += weight(cell);
  }
  const frequencies = Float64Array.from(counts.keys()).sort();
  const starts = new Int32Array(frequencies.length + 1);
  const next = new Map<number, number>();
  for (const [index, value] of frequencies.entries()) {
    next.set(value, starts[index]);
    starts[index + 1] = starts[index] + (counts.get(value) ?? 0);
  }
  const frequency = new Float64Array(rows);
  const recency = new Float64Array(rows);
  const age = new Float64Array(rows);
  const weights = new Float64Array(rows);
  for (let cell = 0; cell < rows; cell++) {
    const at = next.get(x(cell)) ?? 0;
    next.set(x(cell), at + 1);
    frequency[at] = x(cell);
    // rounding must not carry the last purchase past the end
    recency[at] = Math.min(last(cell), end(cell));
    age[at] = end(cell);
    weights[at] = weight(cell);
  }
  return { rows, frequency, recency, age, weights, frequencies, starts, customers, unit };
}

function meanAge({ rows, age, weights }: Purchases): number {
  let sum = 0;
  let count = 0;
  for (let row = 0; row < rows; row++) {
    const weight = weights?.[row] ?? 1;
    sum += weight * age[row];
    count += weight;
  }
  return sum > 0 ? sum / count : 1;
}
