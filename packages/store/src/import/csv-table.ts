import { InchwormError } from "@inchworm/spec";
import type { Session } from "../session.js";
import { eachBatch } from "./batches.js";
import { fieldsOf, isInWords, recordSplitter, sniffSeparator } from "./csv.js";
import { recordsOf, type TextTable } from "./table.js";

const names: Readonly<Record<string, string>> = { tab: "\t", "\\t": "\t" };

/** What else than a CSV file with a line of names is a table. */
export interface Layout {
  /** Whether a first record names the columns. Where it does not, they are named by their numbers from 1 on. Defaults to yes. */
  readonly hasHeader?: (first: readonly string[]) => boolean;
  /** Whether columns may stand apart by runs of blanks, as in a report or a fixed-width file. Defaults to no. */
  readonly blanks?: boolean;
}

/** A CSV file as a table. The first line that is not blank names the columns; Excel's `sep=;` before it is heeded. */
export function readCsv(
  session: Session,
  path: string,
  block: string,
  blocks: AsyncGenerator<string>,
  given: string | undefined,
  { hasHeader = () => true, blanks = false }: Layout = {},
): TextTable {
  const blank = /^(?:[^\S\n]*\n)*/.exec(block)?.[0] ?? "";
  let text = block.slice(blank.length);
  let line = blank.split("\n").length;
  let separator = given === undefined ? undefined : (names[given] ?? given);
  const told = /^[^\S\n]*"?sep=([^\n])"?[^\S\n]*\n/i.exec(text);
  if (told !== null) {
    separator ??= told[1];
    text = text.slice(told[0].length);
    line++;
  }
  const words = separator === "blanks" || (separator === undefined && blanks && isInWords(text));
  if (words) {
    separator = "\t";
    text = tabbed(text);
  }
  separator ??= sniffSeparator(text);
  if (separator.length !== 1 || separator === '"') {
    throw new InchwormError("input", `A column separator is one character, not "${separator}".`, {
      hint: 'Pass for example --separator ";" or --separator tab.',
    });
  }
  const header = headerOf(text, separator);
  if (header === undefined) {
    throw new InchwormError("input", `The names of the columns in ${path} cannot be read.`, {
      hint: "Check the quotes in its first line.",
    });
  }
  const first = header.fields.map((name) => name.replace(/\s+/g, " ").trim());
  while (first.length > 1 && first.at(-1) === "") first.pop();
  const named = hasHeader(first);
  const columns = named ? first : first.map((_, index) => String(index + 1));
  const rest = named ? text.slice(header.end) : text;
  const empty = named && header.end > text.length;
  const width = columns.length;
  return {
    columns,
    each: (wanted, take) =>
      eachBatch(
        session,
        empty ? undefined : rest,
        words ? tabbedBlocks(blocks) : blocks,
        recordSplitter(separator, named ? line + header.lines : line),
        () =>
          take(`
            select line::bigint as line, coalesce(fault, case when len(f) < ${width} then 'too few columns'
                when len(f) > ${width} and array_to_string(f[${width + 1}:], '') <> '' then 'too many columns'
              end) as fault${wanted.map((name, index) => `, f[${columns.indexOf(name) + 1}] as c${index}`).join("")}
            from (
              select line, null::varchar as fault, string_split(record, chr(31)) as f from (${recordsOf})
              where strlen(record) > ${width + mostBlanks} or trim(replace(record, chr(31), ' ')) <> ''
              union all select line, fault, null from in_fault
            )`),
      ),
    async close() {
      await blocks.return(undefined);
    },
  };
}

/** Blanks around words are no columns of their own. */
const tabbed = (text: string): string => text.replace(/[^\S\n]+/g, "\t").replace(/^\t|\t$/gm, "");

async function* tabbedBlocks(blocks: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const block of blocks) yield tabbed(block);
}

/** Spreadsheets end a sheet with rows of separators alone; a row with more besides is not searched for being blank. */
const mostBlanks = 16;

/** The first record, how many lines it takes, and where the next begins. */
function headerOf(
  text: string,
  separator: string,
):
  | { readonly fields: readonly string[]; readonly lines: number; readonly end: number }
  | undefined {
  for (let end = text.indexOf("\n"), lines = 1; lines < mostHeaderLines; lines++) {
    const stop = end < 0 ? text.length : end;
    const fields = fieldsOf(text.slice(0, stop), separator);
    if (fields !== undefined) return { fields, lines, end: stop + 1 };
    if (end < 0) return undefined;
    end = text.indexOf("\n", end + 1);
  }
  return undefined;
}

const mostHeaderLines = 20;
