import type { DuckDBDataChunk } from "@duckdb/node-api";

type Items = Int32Array | Float32Array | Float64Array;
type Kind = new (length: number) => Items;
type Columns<Kinds extends readonly Kind[]> = {
  -readonly [Index in keyof Kinds]: InstanceType<Kinds[Index]>;
};

/** A chunk's column as the engine holds it: no copy, no boxing. Only for columns that are never NULL. */
function view<Column extends Items>(chunk: DuckDBDataChunk, column: number): Column {
  return (chunk.getColumnVector(column) as unknown as { readonly items: Column }).items;
}

/** A whole result, column by column. */
export async function columnsOf<const Kinds extends readonly Kind[]>(
  chunks: AsyncIterable<DuckDBDataChunk>,
  kinds: Kinds,
): Promise<Columns<Kinds>> {
  const pieces: Items[][] = [];
  let rows = 0;
  for await (const chunk of chunks) {
    pieces.push(kinds.map((_, column) => view(chunk, column).slice()));
    rows += chunk.rowCount;
  }
  const columns = kinds.map((Kind, column) => {
    const whole = new Kind(rows);
    let start = 0;
    for (const piece of pieces) {
      whole.set(piece[column], start);
      start += piece[column].length;
    }
    return whole;
  });
  return columns as Columns<Kinds>;
}

/** The row of each contact in a table, -1 for a contact that is not in it. Takes four bytes for every number up to the largest. */
export function rowOf(contacts: Int32Array): Int32Array {
  const largest = contacts.length === 0 ? 0 : contacts[contacts.length - 1];
  const rows = new Int32Array(largest + 1).fill(-1);
  for (let row = 0; row < contacts.length; row++) rows[contacts[row]] = row;
  return rows;
}

/** Writes the values of a result (`contact_id` first, then floats) into columns, each at its contact's row. */
export async function gather(
  chunks: AsyncIterable<DuckDBDataChunk>,
  rows: Int32Array,
  columns: readonly Float32Array[],
): Promise<void> {
  const target = new Int32Array(2048);
  for await (const chunk of chunks) {
    const count = chunk.rowCount;
    const contacts = view<Int32Array>(chunk, 0);
    for (let index = 0; index < count; index++) {
      const contact = contacts[index];
      target[index] = contact < rows.length ? rows[contact] : -1;
    }
    for (let column = 0; column < columns.length; column++) {
      const values = view<Float32Array>(chunk, column + 1);
      const into = columns[column];
      for (let index = 0; index < count; index++) {
        if (target[index] >= 0) into[target[index]] = values[index];
      }
    }
  }
}
