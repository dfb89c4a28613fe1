import { type ArtifactReader, badArtifact } from "../artifact.js";
import { LearnError } from "../error.js";
import { checkTable, type NumberColumn, pickColumns } from "../table.js";
import type { Table } from "../types.js";

/** How a column is tamed before distances are taken: kept within [low, high], then a logarithm where it is skewed. */
export interface Shape {
  readonly name: string;
  /** The 0.5 % and 99.5 % quantiles of the training rows. */
  readonly low: number;
  readonly high: number;
  /** The coordinate is ln(value + offset) where there is an offset, else the value. */
  readonly offset?: number;
}

const tail = 0.005;
/** More skewed than this, and a column that is never negative is looked at on the scale of its logarithm. */
const skewed = 1;

/** @throws LearnError "input" for a category, or a table without rows or columns */
export function makeShapes(who: string, table: Table): Shape[] {
  checkTable(who, table);
  if (table.rows === 0) throw new LearnError("input", `${who}: the table has no rows.`);
  if (table.columns.length === 0)
    throw new LearnError("input", `${who}: the table has no columns.`);
  return table.columns.map((column) => {
    if (column.kind === "number") return shapeOf(column);
    throw new LearnError("input", `${who}: column "${column.name}" holds categories.`, {
      hint: "Distances need numbers: drop the column or turn it into numbers.",
    });
  });
}

function shapeOf({ name, values }: NumberColumn): Shape {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  if (sorted.length === 0) return { name, low: 0, high: 0 };
  const quantile = (share: number) => sorted[Math.round(share * (sorted.length - 1))];
  const least = sorted[0];
  const most = sorted[sorted.length - 1];
  const [low, high] =
    quantile(tail) < quantile(1 - tail) ? [quantile(tail), quantile(1 - tail)] : [least, most];
  const kept = sorted.map((value) => Math.min(high, Math.max(low, value)));
  const skew = skewness(kept);
  // two values lie equally far apart on any scale, and their mean says how many there are of each
  const two = sorted.every((value) => value === least || value === most);
  if (low < 0 || skew <= skewed || two) return { name, low, high };
  // the offset under which the column is least skewed: counts want 1 or less, money some low amount
  const positive = kept.filter((value) => value > 0);
  const candidates = [0, 0.01, 0.1, 0.25, 0.5].map((share) =>
    share === 0 ? 0 : positive[Math.floor(share * (positive.length - 1))],
  );
  let best: { offset?: number; skew: number } = { skew };
  for (const offset of new Set(candidates)) {
    if (!(low + offset > 0)) continue;
    const logged = Math.abs(skewness(kept.map((value) => Math.log(value + offset))));
    if (logged < best.skew) best = { offset, skew: logged };
  }
  return { name, low, high, ...(best.offset !== undefined && { offset: best.offset }) };
}

function skewness(values: Float32Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let squares = 0;
  let cubes = 0;
  for (const value of values) {
    squares += (value - mean) ** 2;
    cubes += (value - mean) ** 3;
  }
  const variance = squares / values.length;
  return variance > 0 ? cubes / values.length / variance ** 1.5 : 0;
}

/** The table as distances see it. Finds the columns by name. */
export function shaped(who: string, shapes: readonly Shape[], table: Table): Table {
  const wanted = shapes.map(({ name }) => ({ name, kind: "number" as const }));
  const { rows, columns } = pickColumns(who, table, wanted);
  return {
    rows,
    columns: (columns as readonly NumberColumn[]).map(({ name, values }, index) => {
      const { low, high, offset } = shapes[index];
      const within = values.map((value) => Math.min(high, Math.max(low, value)));
      const tamed = offset === undefined ? within : within.map((value) => Math.log(value + offset));
      return { name, kind: "number", values: tamed };
    }),
  };
}

/** A coordinate of `shaped` in the column's own unit. */
export const unshaped = ({ offset }: Shape, coordinate: number): number =>
  offset === undefined ? coordinate : Math.exp(coordinate) - offset;

export function readShapes(kind: string, data: ArtifactReader): Shape[] {
  const shapes = data.objects("shapes").map((shape) => ({
    name: shape.text("name"),
    low: shape.number("low"),
    high: shape.number("high"),
    ...(shape.has("offset") && { offset: shape.number("offset", { min: 0 }) }),
  }));
  for (const { name, low, high, offset } of shapes)
    if (low > high || (offset !== undefined && !(low + offset > 0)))
      throw badArtifact(kind, `the bounds of "${name}" are none`);
  return shapes;
}
