import { type ArtifactReader, badArtifact } from "../artifact.js";
import { LearnError } from "../error.js";
import { checkTable, pickColumns } from "../table.js";
import type { Table } from "../types.js";

/** How a column becomes a coordinate: `(value − center) × inverseScale`, and 0 where the value is missing. */
export interface Axis {
  readonly name: string;
  readonly center: number;
  /** One over the standard deviation; 0 for a constant column. */
  readonly inverseScale: number;
}

/** Rows as points: row-major, one coordinate per axis. Centred before they are rounded to float32, so that nothing cancels. */
export interface Points {
  readonly rows: number;
  readonly size: number;
  readonly values: Float32Array;
}

/** @throws LearnError "input" for a column that is no number, and for a table without rows or columns */
export function makeAxes(who: string, table: Table): Axis[] {
  checkTable(who, table);
  if (table.rows === 0) throw new LearnError("input", `${who}: the table has no rows.`);
  if (table.columns.length === 0)
    throw new LearnError("input", `${who}: the table has no columns.`);
  return table.columns.map((column) => {
    if (column.kind !== "number")
      throw new LearnError("input", `${who}: column "${column.name}" holds categories.`, {
        hint: "Distances need numbers: drop the column or turn it into numbers.",
      });
    const { name, values } = column;
    let present = 0;
    let sum = 0;
    let least = Infinity;
    let most = -Infinity;
    for (const value of values) {
      if (Number.isNaN(value)) continue;
      present++;
      sum += value;
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    if (!(most > least)) return { name, center: present > 0 ? least : 0, inverseScale: 0 };
    const center = sum / present;
    let squares = 0;
    for (const value of values) if (!Number.isNaN(value)) squares += (value - center) ** 2;
    return { name, center, inverseScale: 1 / Math.sqrt(squares / present) };
  });
}

/** Finds the axes' columns by name. */
export function toPoints(who: string, axes: readonly Axis[], table: Table): Points {
  const wanted = axes.map(({ name }) => ({ name, kind: "number" as const }));
  const { columns } = pickColumns(who, table, wanted);
  const size = axes.length;
  const values = new Float32Array(table.rows * size);
  columns.forEach((column, index) => {
    if (column.kind !== "number") return;
    const { center, inverseScale } = axes[index];
    for (let row = 0, at = index; row < table.rows; row++, at += size) {
      const value = (column.values[row] - center) * inverseScale;
      values[at] = Number.isNaN(value) ? 0 : value;
    }
  });
  return { rows: table.rows, size, values };
}

export function readAxes(kind: string, data: ArtifactReader): Axis[] {
  const axes = data.objects("axes").map((axis) => ({
    name: axis.text("name"),
    center: axis.number("center"),
    inverseScale: axis.number("inverseScale", { min: 0 }),
  }));
  if (axes.length === 0) throw badArtifact(kind, "it has no columns");
  if (new Set(axes.map(({ name }) => name)).size !== axes.length)
    throw badArtifact(kind, "two columns have one name");
  return axes;
}

/** Coordinates of clusters in the columns' own units. */
export function inUnits(axes: readonly Axis[], points: Float64Array): Float64Array {
  return points.map((coordinate, at) => {
    const { center, inverseScale } = axes[at % axes.length];
    return inverseScale > 0 ? center + coordinate / inverseScale : center;
  });
}
