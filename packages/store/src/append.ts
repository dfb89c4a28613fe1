import {
  type DuckDBConnection,
  DuckDBDataChunk,
  type DuckDBType,
  DuckDBTypeId,
  type DuckDBValue,
  type DuckDBVector,
  timestampValue,
} from "@duckdb/node-api";
import { InchwormError } from "@inchworm/spec";

type Scalar = string | number | bigint | boolean | null | undefined;
/** Values of one column, row by row. Typed arrays are copied as they are; in other arrays `null`, `undefined` and `NaN` are NULL. */
export type Values =
  | Int32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array
  | readonly Scalar[];

const chunkRows = 2048;
const rawArrays = new Map<DuckDBTypeId, string>([
  [DuckDBTypeId.INTEGER, "Int32Array"],
  [DuckDBTypeId.FLOAT, "Float32Array"],
  [DuckDBTypeId.DOUBLE, "Float64Array"],
  [DuckDBTypeId.BIGINT, "BigInt64Array"],
  [DuckDBTypeId.UBIGINT, "BigUint64Array"],
]);

function item(value: Scalar, type: DuckDBTypeId): DuckDBValue {
  if (value === null || value === undefined || Number.isNaN(value)) return null;
  if (type === DuckDBTypeId.TIMESTAMP)
    return timestampValue(BigInt(Math.trunc(Number(value) * 1000)));
  if (type === DuckDBTypeId.BIGINT || type === DuckDBTypeId.UBIGINT) return BigInt(value);
  return value;
}

function fill(
  vector: DuckDBVector,
  type: DuckDBTypeId,
  values: Values,
  from: number,
  rows: number,
): void {
  if (ArrayBuffer.isView(values) && rawArrays.get(type) === values.constructor.name) {
    const target = (vector as unknown as { items: Float64Array }).items;
    target.set((values as Float64Array).subarray(from, from + rows));
  } else {
    for (let row = 0; row < rows; row++) {
      vector.setItem(row, item((values as readonly Scalar[])[from + row], type));
    }
  }
  vector.flush();
}

/**
 * Adds rows to a table by data chunks, the fastest way in. A column of the table that is not given is NULL. Instants are UTC
 * milliseconds. A decimal column is not taken: append a double to a staging table and cast it there.
 */
export async function append(
  connection: DuckDBConnection,
  table: string,
  columns: Readonly<Record<string, Values>>,
): Promise<void> {
  const described = await connection.run(`select column_name from (describe ${table})`);
  const names = (await described.getRows()).map((row) => String(row[0]));
  const given = Object.keys(columns);
  const rows = given.length === 0 ? 0 : columns[given[0]].length;
  const wrong = given.find((name) => !names.includes(name) || columns[name].length !== rows);
  if (wrong !== undefined) {
    throw new InchwormError(
      "internal",
      `append to ${table}: "${wrong}" is no column of it or has another length.`,
    );
  }
  if (rows === 0) return;
  const appender = await connection.createAppender(table);
  try {
    const types: DuckDBType[] = names.map((_, index) => appender.columnType(index));
    for (let from = 0; from < rows; from += chunkRows) {
      const count = Math.min(chunkRows, rows - from);
      const chunk = DuckDBDataChunk.create(types, count);
      for (const [index, name] of names.entries()) {
        const values = columns[name] ?? new Array<null>(rows).fill(null);
        fill(chunk.getColumnVector(index), types[index].typeId, values, from, count);
      }
      appender.appendDataChunk(chunk);
    }
    appender.flushSync();
  } finally {
    appender.closeSync();
  }
}
