import type { Table } from "@inchworm/learn";
import type { FlatFile } from "@inchworm/store";
import { readingSql } from "./expressions.js";
import { columnOf, type Reading } from "./reading.js";

/** The columns read, in the order of the file's rows, with only the rows where `condition` holds. */
export async function readTable(
  file: FlatFile,
  readings: readonly Reading[],
  condition = "true",
): Promise<Table> {
  const expressions = readings.map((reading) => readingSql(file.text(reading.name), reading));
  const values = await file.floats(expressions, condition);
  const columns = readings.map((reading, index) => columnOf(reading, values[index]));
  return { rows: values[0]?.length ?? 0, columns };
}
