import { type Batch, batchOf, fieldMark, recordMark } from "./table.js";

/** A quoted field may go over as many lines as a long message; past that its quote was a stray one. */
const mostLines = 5000;
const mostCharacters = 8 << 20;

/** The first lines, without what is quoted. */
const sampleOf = (text: string): string[] =>
  text
    .slice(0, 1 << 16)
    .split("\n")
    .filter((line) => line.trim() !== "")
    .slice(0, 50)
    .map((line) => line.replace(/"(?:[^"]|"")*"?/g, ""));

/**
 * Whether columns stand apart by blanks: the first lines all have the same number of words, and no separator cuts them evenly, commas
 * between two digits apart.
 */
export function isInWords(text: string): boolean {
  const sample = sampleOf(text);
  const count = (line: string | undefined, mark: string | RegExp) =>
    line === undefined ? 1 : line.trim().split(mark).length;
  const words = count(sample[0], /\s+/);
  const separator = sniffSeparator(text);
  const fields = count(sample[0], separator);
  const even = sample.every((line) => count(line, separator) === fields);
  const decimal = separator === "," && !sample.some((line) => /(?<!\d),|,(?!\d)/.test(line));
  return (
    words > fields &&
    (fields < 2 || !even || decimal) &&
    sample.every((line) => count(line, /\s+/) === words)
  );
}

/** The separator under which the first lines have the same number of fields, most of them. Defaults to ",". */
export function sniffSeparator(text: string): string {
  const sample = sampleOf(text);
  let best = ",";
  let most = 0;
  for (const separator of [",", ";", "\t", "|"]) {
    const widths = sample.map((line) => line.split(separator).length);
    const width = widths[0] ?? 1;
    if (width < 2) continue;
    const agreeing = widths.filter((other) => other === width).length / widths.length;
    const score = agreeing * Math.log2(width);
    if (score > most) [best, most] = [separator, score];
  }
  return best;
}

/** The fields of a record; `undefined` when text follows a closing quote, or a quote is not closed. */
export function fieldsOf(text: string, separator: string): string[] | undefined {
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    let start = at;
    while (text[start] === " ") start++;
    if (text[start] !== '"') {
      const end = text.indexOf(separator, at);
      fields.push(text.slice(at, end < 0 ? undefined : end));
      if (end < 0) return fields;
      at = end + 1;
      continue;
    }
    let value = "";
    let from = start + 1;
    for (;;) {
      const quote = text.indexOf('"', from);
      if (quote < 0) return undefined;
      value += text.slice(from, quote);
      from = quote + 1;
      if (text[from] !== '"') break;
      value += '"';
      from++;
    }
    fields.push(value);
    while (text[from] === " ") from++;
    if (from >= text.length) return fields;
    if (text[from] !== separator) return undefined;
    at = from + 1;
  }
}

/** Whether a quoted field is open at the end of the line, given whether one was at its beginning. */
function leavesOpen(line: string, separator: string, within: boolean): boolean {
  let at = 0;
  let quoted = within;
  for (;;) {
    if (!quoted) {
      while (line[at] === " ") at++;
      if (line[at] === '"') at++;
      else {
        const next = line.indexOf(separator, at);
        if (next < 0) return false;
        at = next + 1;
        continue;
      }
    }
    for (;;) {
      const quote = line.indexOf('"', at);
      if (quote < 0) return true;
      at = quote + 1;
      if (line[at] !== '"') break;
      at++;
    }
    quoted = false;
    const next = line.indexOf(separator, at);
    if (next < 0) return false;
    at = next + 1;
  }
}

/**
 * Cuts text into records with marks between their fields: fields may be quoted by `"`, and a quote in them is doubled. A record
 * that is none costs its own line only: what follows a stray quote is looked at again. `push` takes whole lines.
 */
export function recordSplitter(separator: string, firstLine: number) {
  let line = firstLine;
  let open: string[] = [];
  let size = 0;
  let batch = batchOf();

  /** Ends the open record: as a record if it is one, else its first line is at fault and the others start anew. */
  const close = (complete: boolean): void => {
    const lines = open;
    open = [];
    size = 0;
    const start = line - lines.length;
    const fields = complete ? fieldsOf(lines.join("\n"), separator) : undefined;
    if (fields !== undefined) {
      batch.add(start, fields.map(unmarked).join(fieldMark), 1, lines.length);
      return;
    }
    batch.fault(start, complete ? "text after a closing quote" : "a quote that is not closed");
    line = start + 1;
    if (lines.length > 1) push(lines.slice(1).join("\n"));
  };
  const takeQuoted = (text: string): void => {
    const within = open.length > 0;
    open.push(text);
    size += text.length;
    line++;
    if (!(within && !text.includes('"')) && !leavesOpen(text, separator, within)) close(true);
    else if (open.length > mostLines || size > mostCharacters) close(false);
  };
  const takePlain = (text: string): void => {
    const lines = countLines(text);
    const marked = unmarked(text).replaceAll("\n", recordMark);
    batch.add(line, marked.replaceAll(separator, fieldMark), lines, lines);
    line += lines;
  };
  const push = (text: string): void => {
    let at = 0;
    while (at <= text.length) {
      let start = at;
      if (open.length === 0) {
        const quote = text.indexOf('"', at);
        if (quote < 0) {
          takePlain(text.slice(at));
          return;
        }
        start = text.lastIndexOf("\n", quote) + 1;
        if (start > at) takePlain(text.slice(at, start - 1));
      }
      const end = text.indexOf("\n", start);
      at = (end < 0 ? text.length : end) + 1;
      takeQuoted(text.slice(start, at - 1));
    }
  };
  return {
    push,
    /** No more lines will come. */
    end(): void {
      while (open.length > 0) close(false);
    },
    /** The records cut since the last call. */
    drain(): Batch {
      const full = batch;
      full.finish();
      batch = batchOf();
      return full;
    },
  };
}

const unmarked = (text: string): string =>
  text.includes(fieldMark) || text.includes(recordMark)
    ? text.replaceAll(fieldMark, " ").replaceAll(recordMark, " ")
    : text;

function countLines(text: string): number {
  let lines = 1;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lines++;
  return lines;
}
