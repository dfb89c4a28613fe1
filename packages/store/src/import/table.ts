/** A file seen as rows of text. */
export interface TextTable {
  readonly columns: readonly string[];
  /**
   * Hands over all rows, many at a time, as a query with `line` (1-based in the file), `fault` (what is wrong with the row as a
   * whole, else NULL) and the text of the wanted columns as `c0`, `c1`….
   */
  each(wanted: readonly string[], take: (query: string) => Promise<void>): Promise<void>;
  /** Lets go of the file. */
  close(): Promise<void>;
}

/** What stands between fields and records on their way into the engine; no text of a file keeps them. */
export const fieldMark = "\x1f";
export const recordMark = "\x1e";

/** Records on their way into the engine, in blocks of consecutive lines: a few long texts travel faster than many short ones. */
export interface Batch {
  /** The line of each block's first record, and its records with `recordMark` between them. */
  readonly lines: number[];
  readonly blocks: string[];
  /** What is wrong with the record that begins at a line. */
  readonly faults: Map<number, string>;
  /** Adds a text of so many records, which take so many of the file's lines from `line` on. */
  add(line: number, text: string, records: number, lines: number): void;
  fault(line: number, what: string): void;
  /** Ends the last block. */
  finish(): void;
}

const blockCharacters = 1 << 20;

export function batchOf(): Batch {
  const lines: number[] = [];
  const blocks: string[] = [];
  const faults = new Map<number, string>();
  let parts: string[] = [];
  let size = 0;
  let first = 0;
  let next = -1;
  const finish = (): void => {
    if (parts.length === 0) return;
    lines.push(first);
    blocks.push(parts.join(recordMark));
    parts = [];
    size = 0;
  };
  return {
    lines,
    blocks,
    faults,
    add(line, text, records, taken) {
      if (line !== next || size > blockCharacters) finish();
      if (parts.length === 0) first = line;
      parts.push(text);
      size += text.length;
      // after a record of several lines, lines can no longer be counted by records
      next = records === taken ? line + taken : -1;
    },
    fault(line, what) {
      faults.set(line, what);
    },
    finish,
  };
}

/** SQL: the records of `in_raw`, one a row, with their lines. */
export const recordsOf = `select line + unnest(range(len(records))) as line, unnest(records) as record
  from (select line, string_split(block, chr(30)) as records from in_raw)`;
