import { type CategoryColumn, recode } from "../table.js";
import type { Table } from "../types.js";
import { placeKnots } from "./knots.js";

/** Levels seen in fewer rows than this share one coefficient. */
const rareBelow = 5;

/** How one column of the table enters the linear predictor. */
export type Encoding = NumberEncoding | CategoryEncoding;

export interface NumberEncoding {
  readonly kind: "number";
  readonly name: string;
  /** The value itself, then its bends; none for a constant column. */
  readonly pieces: readonly Piece[];
  /** Coefficient of "the value is missing", or -1 where it never (or always) is. */
  readonly indicator: number;
  readonly missingShare: number;
}

/** A standardised function of a number: the number itself, or how far it is above a knot. */
export interface Piece {
  readonly coefficient: number;
  /** `-Infinity` for the number itself. */
  readonly knot: number;
  readonly center: number;
  /** One over the standard deviation. */
  readonly inverseScale: number;
}

export interface CategoryEncoding {
  readonly kind: "category";
  readonly name: string;
  readonly levels: readonly string[];
  /** Coefficient of each level, or -1 where the column is constant. */
  readonly level: Int32Array;
  /** Coefficient of a missing value, or -1 where none was missing. */
  readonly missing: number;
  /** Share of rows by coefficient, to centre contributions at the average row. */
  readonly shares: ReadonlyMap<number, number>;
}

/**
 * Columns as a linear model sees them: numbers, and bends in them at knots, standardised with the mean in place of what is
 * missing, and one 0/1 coefficient per level, for missing values, and for the rare levels together. Dense coefficients come
 * first, a column's pieces side by side, then the 0/1 ones.
 */
export interface Design {
  readonly encodings: readonly Encoding[];
  readonly dense: number;
  readonly width: number;
}

export function makeDesign(table: Table, weights: Float64Array | undefined, knots: number): Design {
  let next = 0;
  const numbers = table.columns.map((column) => {
    if (column.kind !== "number") return undefined;
    const { missingShare, constant } = look(column.values, weights);
    if (constant) return { missingShare, pieces: [] };
    const at = [-Infinity, ...placeKnots(column.values, weights, knots)];
    const pieces = at.map((knot): Piece => {
      return { coefficient: next++, knot, ...moments(column.values, weights, knot) };
    });
    return { missingShare, pieces };
  });
  const dense = next;
  const encodings = table.columns.map((column, index): Encoding => {
    const { name } = column;
    const number = numbers[index];
    if (number) {
      const sometimes = number.missingShare > 0 && number.missingShare < 1;
      return { kind: "number", name, ...number, indicator: sometimes ? next++ : -1 };
    }
    const category = encodeCategory(column as CategoryColumn, weights, next);
    next = category.next;
    return category.encoding;
  });
  return { encodings, dense, width: next };
}

function look(values: Float32Array, weights: Float64Array | undefined) {
  let total = 0;
  let present = 0;
  let least = Infinity;
  let most = -Infinity;
  for (let row = 0; row < values.length; row++) {
    const weight = weights ? weights[row] : 1;
    if (weight === 0) continue;
    total += weight;
    const value = values[row];
    if (Number.isNaN(value)) continue;
    present += weight;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return { missingShare: 1 - present / total, constant: !(most > least) };
}

/** Mean and deviation over the rows where the value is present, in two passes. */
function moments(values: Float32Array, weights: Float64Array | undefined, knot: number) {
  let present = 0;
  let sum = 0;
  for (let row = 0; row < values.length; row++) {
    const value = piece(values[row], knot);
    if (Number.isNaN(value)) continue;
    const weight = weights ? weights[row] : 1;
    present += weight;
    sum += weight * value;
  }
  const center = sum / present;
  let squares = 0;
  for (let row = 0; row < values.length; row++) {
    const value = piece(values[row], knot);
    if (!Number.isNaN(value)) squares += (weights ? weights[row] : 1) * (value - center) ** 2;
  }
  return { center, inverseScale: 1 / Math.sqrt(squares / present) };
}

/** What a piece makes of a value; missing stays missing. */
export function piece(value: number, knot: number): number {
  return knot === -Infinity ? value : value < knot ? 0 : value - knot;
}

function encodeCategory(
  column: CategoryColumn,
  weights: Float64Array | undefined,
  start: number,
): { encoding: CategoryEncoding; next: number } {
  const known = new Map<string, number>();
  for (const level of column.levels) if (!known.has(level)) known.set(level, known.size);
  const map = recode(column.levels, known);
  const rows = new Float64Array(known.size + 1); // the last one counts missing values
  const mass = new Float64Array(known.size + 1);
  for (let row = 0; row < column.codes.length; row++) {
    const weight = weights ? weights[row] : 1;
    if (weight === 0) continue;
    const code = column.codes[row];
    const level = code < 0 ? known.size : map[code];
    rows[level]++;
    mass[level] += weight;
  }
  const total = mass.reduce((sum, part) => sum + part, 0);
  const seen = [...known].filter(([, index]) => rows[index] > 0);
  const names = seen.map(([name]) => name);
  const level = new Int32Array(seen.length);
  const shares = new Map<number, number>();
  let next = start;
  let rare = -1;
  seen.forEach(([, index], position) => {
    let coefficient: number;
    if (rows[index] >= rareBelow) coefficient = next++;
    else {
      if (rare < 0) rare = next++;
      coefficient = rare;
    }
    level[position] = coefficient;
    shares.set(coefficient, (shares.get(coefficient) ?? 0) + mass[index] / total);
  });
  const missing = rows[known.size] > 0 ? next++ : -1;
  if (missing >= 0) shares.set(missing, mass[known.size] / total);
  const base = { kind: "category", name: column.name, levels: names } as const;
  if (next - start < 2) {
    return {
      encoding: { ...base, level: level.fill(-1), missing: -1, shares: new Map() },
      next: start,
    };
  }
  return { encoding: { ...base, level, missing, shares }, next };
}
