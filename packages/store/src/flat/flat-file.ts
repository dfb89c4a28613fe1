import { basename } from "node:path";
import { InchwormError, type OnProgress } from "@inchworm/spec";
import { openDatabase } from "../database.js";
import { columnsOf } from "../features/gather.js";
import { openInput } from "../import/open.js";
import { readTable } from "../import/read.js";
import { literal } from "../values.js";

export interface FlatFileOptions {
  /** Column separator of a CSV file. Defaults to what the file looks like. */
  readonly separator?: string;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** Anyone's CSV, Parquet or NDJSON file as a table of text in memory, in the order of its rows. It belongs to no store. */
export interface FlatFile {
  /** Names of the columns. A column without a name is not read. */
  readonly columns: readonly string[];
  readonly rows: number;
  /** Rows that are none, such as those with too few columns: how many, and what is wrong with the first. Their text means nothing. */
  readonly faults: { readonly rows: number; readonly line: number; readonly reason: string };
  /** SQL name of a column's text in the table `flat`: without blanks around it; NULL when nothing is left, or only a mark for it. */
  text(column: string): string;
  /** A query over `flat`, which also has `line` (1-based in the file) and `fault` (NULL for a good row). */
  query<Row>(sql: string): Promise<Row[]>;
  /** Expressions over the rows where `condition` holds, in the order of the file. NULL is NaN. */
  floats(expressions: readonly string[], condition?: string): Promise<Float32Array[]>;
  close(): Promise<void>;
}

const blanks = literal(" \t\r\n\u00a0\u200b\ufeff");
/** Nothing, and what programs write where there is nothing. Words that people choose from, such as "none", are not among it. */
const nothing = String.raw`'(?i)^(?:n/?a|#n/a|<na>|nan|nat|null|[(]null[)]|[?]|\\N)?$'`;
/** Expressions read in one pass: as many as do not make the engine's rows unwieldy. */
const atOnce = 32;

/**
 * Reads a flat file whole. CSV may be gzipped, separated by comma, semicolon, tab or bar, in UTF-8, UTF-16 or Windows-1252.
 *
 * @throws InchwormError "input": no such file, a directory, empty, damaged, no table, no rows, or two columns of one name
 */
export async function openFlatFile(
  path: string,
  { separator, onProgress, signal }: FlatFileOptions = {},
): Promise<FlatFile> {
  const input = openInput(path);
  const step = `reading ${basename(path)}`;
  const onBytes = (done: number) => onProgress?.({ step, done, total: input.bytes, unit: "bytes" });
  const database = await openDatabase(":memory:");
  const session = await database.snapshot({ signal });
  const close = async () => {
    await session.end();
    await database.close();
  };
  try {
    const table = await readTable(session, input, separator, onBytes);
    const columns = table.columns.filter((name) => name !== "");
    let made = false;
    try {
      refuseTwins(path, columns);
      // it takes a time that grows with the square of the columns, and finds nothing here
      await session.run("set disabled_optimizers = 'common_subexpressions'");
      await table.each(columns, async (query) => {
        const select = cleaned(query, columns.length);
        await session.run(
          made ? `insert into flat ${select}` : `create temp table flat as ${select}`,
        );
        made = true;
      });
      await session.run("reset disabled_optimizers");
    } finally {
      await table.close();
    }
    onBytes(input.bytes);
    if (!made)
      throw new InchwormError("input", `${path} has column names but no rows.`, {
        hint: "Check how it was exported. Its first line must hold the names of the columns.",
      });
    const [counts] = await session.rows<{ rows: number; faulty: number; line: number | null }>(
      "select count(*) as rows, count(fault) as faulty, min(line) filter (where fault is not null) as line from flat",
    );
    const [first] = await session.rows<{ reason: string }>(
      `select fault as reason from flat where fault is not null and line = ${counts.line ?? 0} limit 1`,
    );
    const texts = new Map(columns.map((name, index) => [name, `c${index}`]));
    return {
      columns,
      rows: counts.rows,
      faults: { rows: counts.faulty, line: counts.line ?? 0, reason: first?.reason ?? "" },
      text(column) {
        const text = texts.get(column);
        if (text !== undefined) return text;
        throw new InchwormError("input", `${path} has no column "${column}".`);
      },
      query: (sql) => session.rows(sql),
      async floats(expressions, condition = "true") {
        const read: Float32Array[] = [];
        for (let from = 0; from < expressions.length; from += atOnce) {
          const some = expressions.slice(from, from + atOnce);
          const values = some.map((sql) => `coalesce(try_cast((${sql}) as float), 'nan'::float)`);
          const chunks = session.stream(`select ${values.join(", ")} from flat where ${condition}`);
          read.push(
            ...(await columnsOf(
              chunks,
              some.map(() => Float32Array),
            )),
          );
        }
        return read;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The texts of a query without blanks around them; NULL for nothing. */
function cleaned(query: string, columns: number): string {
  const each = (sql: (text: string) => string) =>
    Array.from({ length: columns }, (_, index) => `, ${sql(`c${index}`)} as c${index}`).join("");
  const marked = each((text) => `regexp_replace(trim(${text}, ${blanks}), ${nothing}, '')`);
  return `select line, fault${each((text) => `nullif(${text}, '')`)} from (select line, fault${marked} from (${query}))`;
}

function refuseTwins(path: string, columns: readonly string[]): void {
  const twin = columns.find((name, index) => columns.indexOf(name) !== index);
  if (twin === undefined) return;
  throw new InchwormError(
    "input",
    `${path} has two columns named ${twin.includes("@") ? "alike" : `"${twin}"`}.`,
    { hint: "Rename or remove one of them." },
  );
}
