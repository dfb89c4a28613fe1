import type { Column, Table } from "@inchworm/learn";
import type { Reading } from "../table/reading.js";
import type { SavedModel } from "./saved-model.js";

const most = 3;
const msPerDay = 86_400_000;

/** For each row the columns that move its score most, in log-odds: "Contract = Two year (-1.21); tenure = 60 (-0.84)". */
export function reasonsOf({ model, readings }: SavedModel, table: Table): string[] {
  const { columns, contributions } = model.explain(table);
  const places = columns.map((name) => readings.findIndex((reading) => reading.name === name));
  const width = columns.length;
  return Array.from({ length: table.rows }, (_, row) => {
    const own = contributions.subarray(row * width, (row + 1) * width);
    return [...own.keys()]
      .filter((index) => Math.abs(own[index]) >= 0.005)
      .sort((one, other) => Math.abs(own[other]) - Math.abs(own[one]) || one - other)
      .slice(0, most)
      .map((index) => {
        const place = places[index];
        const value = written(readings[place], table.columns[place], row);
        const effect = own[index].toFixed(2);
        return `${columns[index]} ${value} (${own[index] > 0 ? "+" : ""}${effect})`;
      })
      .join("; ");
  });
}

function written(reading: Reading, column: Column, row: number): string {
  if (column.kind === "category") {
    const code = column.codes[row];
    return code < 0 ? "missing" : `= ${column.levels[code]}`;
  }
  const value = column.values[row];
  if (Number.isNaN(value)) return "missing";
  if (reading.kind === "date") return `= ${new Date(value * msPerDay).toISOString().slice(0, 10)}`;
  return `= ${Number(value.toPrecision(6))}`;
}
