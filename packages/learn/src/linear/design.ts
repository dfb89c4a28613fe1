import { recode } from "../table.js";
import type { Column, Table } from "../types.js";

/** Levels seen in fewer rows than this share one coefficient. */
const rareBelow = 5;

/** How one column of the table enters the linear predictor. */
export type Encoding = NumberEncoding | CategoryEncoding;

export interface NumberEncoding {
  readonly kind: "number";
  readonly name: string;
  readonly center: number;
  /** One over the standard deviation; 0 for a constant column. */
  readonly inverseScale: number;
  /** Coefficient of the standardised value, or -1. */
  readonly slope: number;
  /** Coefficient of "the value is missing", or -1 where it never (or always) is. */
  readonly indicator: number;
  readonly missingShare: number;
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
 * Columns as a linear model sees them: numbers standardised with the mean in place of what is missing, and one 0/1 coefficient
 * per level, for missing values, and for the rare levels together. Dense coefficients come first, then the 0/1 ones.
 */
export interface Design {
  readonly encodings: readonly Encoding[];
  readonly dense: number;
  readonly width: number;
  /** How many 0/1 coefficients a row can have at once. */
  readonly slots: number;
  /** Writes rows `from … to` as standardised numbers (row-major) and active coefficients (-1 = none). */
  fill(from: number, to: number, numbers: Float64Array, active: Int32Array): void;
}

export function makeDesign(table: Table, weights: Float64Array | undefined): Design {
  const moments = table.columns.map((column) =>
    column.kind === "number" ? measure(column.values, weights) : undefined,
  );
  let next = 0;
  const slopes = moments.map((moment) => (moment && moment.inverseScale > 0 ? next++ : -1));
  const dense = next;
  const encodings = table.columns.map((column, index): Encoding => {
    const moment = moments[index];
    if (column.kind === "number" && moment) {
      const { center, inverseScale, missingShare } = moment;
      const indicator = missingShare > 0 && missingShare < 1 ? next++ : -1;
      const { name } = column;
      return {
        kind: "number",
        name,
        center,
        inverseScale,
        slope: slopes[index],
        indicator,
        missingShare,
      };
    }
    const category = encodeCategory(column as Extract<Column, { kind: "category" }>, weights, next);
    next = category.next;
    return category.encoding;
  });
  return { ...makeFill(table, encodings, dense), encodings, dense, width: next };
}

/** Weighted, in two passes; a column whose present values are all equal has scale 0. */
function measure(values: Float32Array, weights: Float64Array | undefined) {
  let total = 0;
  let present = 0;
  let sum = 0;
  let least = Infinity;
  let most = -Infinity;
  for (let row = 0; row < values.length; row++) {
    const weight = weights ? weights[row] : 1;
    if (weight === 0) continue;
    total += weight;
    const value = values[row];
    if (Number.isNaN(value)) continue;
    present += weight;
    sum += weight * value;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  const missingShare = 1 - present / total;
  if (!(most > least)) return { center: present > 0 ? least : 0, inverseScale: 0, missingShare };
  const center = sum / present;
  let squares = 0;
  for (let row = 0; row < values.length; row++) {
    const value = values[row];
    if (Number.isNaN(value)) continue;
    squares += (weights ? weights[row] : 1) * (value - center) ** 2;
  }
  return { center, inverseScale: 1 / Math.sqrt(squares / present), missingShare };
}

function encodeCategory(
  column: Extract<Column, { kind: "category" }>,
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

function makeFill(
  table: Table,
  encodings: readonly Encoding[],
  dense: number,
): Pick<Design, "fill" | "slots"> {
  const fillers: ((
    from: number,
    to: number,
    numbers: Float64Array,
    active: Int32Array,
    slots: number,
  ) => void)[] = [];
  let slots = 0;
  table.columns.forEach((column, index) => {
    const encoding = encodings[index];
    if (column.kind === "number" && encoding.kind === "number") {
      const { values } = column;
      const { center, inverseScale, slope, indicator } = encoding;
      if (slope >= 0)
        fillers.push((from, to, numbers) => {
          for (let row = from, at = slope; row < to; row++, at += dense) {
            const value = (values[row] - center) * inverseScale;
            numbers[at] = Number.isNaN(value) ? 0 : value;
          }
        });
      if (indicator < 0) return;
      const slot = slots++;
      fillers.push((from, to, _numbers, active, width) => {
        for (let row = from, at = slot; row < to; row++, at += width)
          active[at] = Number.isNaN(values[row]) ? indicator : -1;
      });
    } else if (
      column.kind === "category" &&
      encoding.kind === "category" &&
      encoding.shares.size > 0
    ) {
      const { codes } = column;
      const known = new Map(encoding.levels.map((name, position) => [name, position]));
      const coefficients = recode(column.levels, known).map((at) =>
        at < 0 ? -1 : encoding.level[at],
      );
      const slot = slots++;
      fillers.push((from, to, _numbers, active, width) => {
        for (let row = from, at = slot; row < to; row++, at += width) {
          const code = codes[row];
          active[at] = code < 0 ? encoding.missing : coefficients[code];
        }
      });
    }
  });
  return {
    slots,
    fill(from, to, numbers, active) {
      for (const filler of fillers) filler(from, to, numbers, active, slots);
    },
  };
}
