import { basename } from "node:path";
import { InchwormError, type OnProgress } from "@inchworm/spec";
import { openDatabase } from "../database.js";
import { columnsOf } from "../features/gather.js";
import { openInput } from "../import/open.js";
import { readTable } from "../import/read.js";
import { literal } from "../values.js";
import { amountOf } from "./amounts.js";
import { type FlatDateOptions, type FlatDates, tellFlatDates } from "./dates.js";

export interface FlatFileOptions {
  /** Column separator of a CSV file. Defaults to what the file looks like. */
  readonly separator?: string;
  /** Whether a first record names the columns. Where it does not, they are named "1", "2", …. Defaults to yes. */
  readonly hasHeader?: (first: readonly string[]) => boolean;
  /** Whether columns may stand apart by runs of blanks alone; `separator: "blanks"` says that they do. Defaults to no. */
  readonly blanks?: boolean;
  /** The columns to be read, of those that are there; what it throws ends the reading. Defaults to all. */
  readonly only?: (columns: readonly string[]) => readonly string[];
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** Anyone's CSV, Parquet or NDJSON file as a table of text in memory, in the order of its rows. It belongs to no store. */
export interface FlatFile {
  /** Names of the columns read. A column without a name never is. */
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
  /** The same in double precision. */
  doubles(expressions: readonly string[], condition?: string): Promise<Float64Array[]>;
  /** The different texts of an expression in the order of their code points, and which one each row has, in the order of the file; -1 is NULL. */
  levels(
    expression: string,
    condition?: string,
  ): Promise<{ readonly codes: Int32Array; readonly levels: readonly string[] }>;
  /**
   * How the dates of a column are read, told from all of them: ISO 8601 and its relatives, months as words, seconds or milliseconds
   * since 1970, day and month in numbers where one of them above 12 tells their order; or as `dateFormat` says.
   *
   * @throws InchwormError "input" when the format or the zone is none, or nothing tells day from month (with formats to choose from)
   */
  dates(column: string, options?: FlatDateOptions): Promise<FlatDates>;
  /**
   * SQL over `flat`: a column as numbers, as programs or people write amounts: 1e3, € 1,234.50, EUR 12.50, 12.50-, (12.50). NULL
   * when the text is none.
   */
  amounts(column: string, decimal: "." | ","): string;
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
export async function openFlatFile(path: string, options: FlatFileOptions = {}): Promise<FlatFile> {
  const { separator, onProgress, signal, only = (columns) => columns } = options;
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
    const table = await readTable(session, input, separator, onBytes, options);
    const named = table.columns.filter((name) => name !== "");
    let columns = named;
    let made = false;
    try {
      columns = [...new Set(only(named))];
      refuseTwins(
        path,
        named.filter((name) => columns.includes(name)),
      );
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
    const numbers = async <Numbers extends Float32Array | Float64Array>(
      type: new (length: number) => Numbers,
      name: "float" | "double",
      expressions: readonly string[],
      condition = "true",
    ): Promise<Numbers[]> => {
      const read: Numbers[] = [];
      for (let from = 0; from < expressions.length; from += atOnce) {
        const some = expressions.slice(from, from + atOnce);
        const values = some.map((sql) => `coalesce(try_cast((${sql}) as ${name}), 'nan'::${name})`);
        const chunks = session.stream(`select ${values.join(", ")} from flat where ${condition}`);
        const columns = await columnsOf(
          chunks,
          some.map(() => type),
        );
        read.push(...columns);
      }
      return read;
    };
    const texts = new Map(columns.map((name, index) => [name, `c${index}`]));
    const text = (column: string): string => {
      const name = texts.get(column);
      if (name !== undefined) return name;
      throw new InchwormError("input", `${path} has no column "${column}".`);
    };
    return {
      columns,
      rows: counts.rows,
      faults: { rows: counts.faulty, line: counts.line ?? 0, reason: first?.reason ?? "" },
      text,
      query: (sql) => session.rows(sql),
      floats: (expressions, condition) => numbers(Float32Array, "float", expressions, condition),
      doubles: (expressions, condition) => numbers(Float64Array, "double", expressions, condition),
      async levels(expression, condition = "true") {
        await session.run(`create or replace temp table flat_levels as
          select x, (row_number() over (order by x) - 1)::integer as code
          from (select distinct ${expression} as x from flat where ${condition}) where x is not null`);
        const found = await session.rows<{ x: string }>("select x from flat_levels order by code");
        const [codes] = await columnsOf(
          session.stream(`select coalesce(code, -1)::integer as code
            from (select line, ${expression} as x from flat where ${condition}) left join flat_levels using (x) order by line`),
          [Int32Array],
        );
        return { codes, levels: found.map(({ x }) => x) };
      },
      dates: (column, options = {}) => tellFlatDates(session, path, column, text(column), options),
      amounts: (column, decimal) => amountOf(text(column), { decimal }),
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
