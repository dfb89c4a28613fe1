import { createReadStream, createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";

/** How the lines of a text file are made. */
export interface Layout {
  /** Columns stand apart by runs of blanks, as in the tables of old papers. */
  readonly blanks: boolean;
  /** The first line names the columns. */
  readonly header: boolean;
  readonly columns: number;
}

/** Lines looked at before the file is read. */
const firstLines = 100;
const numberLike = /^[-+]?(?:\p{Sc}\s?)?[0-9][0-9.,'’]*(?:[eE][-+]?[0-9]+)?$/u;
const dateLike = /^[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}(?:[T ].*)?$/;

/** Tells the layout from the first lines; `undefined` when the file holds something else than plain lines, or nothing. */
export async function layoutOf(
  path: string,
  separator: string | undefined,
): Promise<Layout | undefined> {
  const lines = await beginning(path);
  const [first] = lines;
  if (first === undefined || /^\s*[{[]/.test(first)) return undefined;
  const marks = separator === undefined ? [",", ";", "\t", "|"] : [separator];
  const mark = marks.find(
    (one) => first.includes(one) && lines.every((line) => line.includes(one)),
  );
  const words = lines.map((line) => line.trim().split(/\s+/));
  const even = words.every(({ length }) => length === words[0].length);
  const blanks = mark === undefined && separator === undefined && words[0].length > 1 && even;
  const cells = blanks
    ? words[0]
    : first.split(mark ?? ",").map((cell) => cell.trim().replace(/^"(.*)"$/, "$1"));
  const data = cells.some((cell) => numberLike.test(cell) || dateLike.test(cell));
  return { blanks, header: !data, columns: cells.length };
}

/** The names of columns that have none: their numbers, from 1. */
export const numbered = (columns: number): string[] =>
  Array.from({ length: columns }, (_, index) => String(index + 1));

/**
 * A copy of the file as a table with a line of names, in a folder of its own.
 *
 * @param header false gives the columns their numbers as names
 */
export async function tableCopy(
  path: string,
  { blanks, columns }: Layout,
  header: boolean,
  separator?: string,
): Promise<{ readonly path: string; remove(): void }> {
  const folder = mkdtempSync(join(tmpdir(), "inchworm-log-"));
  const copy = join(folder, "table.csv");
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    const mark = blanks ? "," : (separator ?? (await separatorOf(path)));
    const target = createWriteStream(copy);
    if (!header) target.write(`${numbered(columns).join(mark)}\n`);
    const source = await content(path);
    if (blanks) await pipeline(source, commas(), target);
    else await pipeline(source, target);
    return { path: copy, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

/** Lines of words apart by blanks as lines of words apart by commas. */
function commas(): Transform {
  let rest = "";
  const row = (line: string) =>
    line
      .trim()
      .split(/\s+/)
      .map((cell) => (/[",]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
      .join(",");
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const lines = (rest + chunk.toString("latin1")).split("\n");
      rest = lines.pop() ?? "";
      const text = lines.map((line) => `${row(line)}\n`).join("");
      done(null, Buffer.from(text, "latin1"));
    },
    flush(done) {
      done(null, rest.trim() === "" ? null : Buffer.from(`${row(rest)}\n`, "latin1"));
    },
  });
}

async function separatorOf(path: string): Promise<string> {
  const [first = ""] = await beginning(path);
  const counts = [",", ";", "\t", "|"].map((mark) => [mark, first.split(mark).length] as const);
  return counts.sort(([, one], [, other]) => other - one)[0][0];
}

async function beginning(path: string): Promise<string[]> {
  const source = await content(path);
  const lines: string[] = [];
  try {
    for await (const line of createInterface({ input: source })) {
      const clean = line.replace(/^\uFEFF/, "");
      if (clean.trim() !== "") lines.push(clean);
      if (lines.length === firstLines) break;
    }
  } finally {
    source.destroy();
  }
  return lines.some((line) => line.includes("\0")) ? [] : lines;
}

/** The content, unpacked. */
async function content(path: string): Promise<Readable> {
  const handle = await open(path);
  const head = Buffer.alloc(2);
  try {
    await handle.read(head, 0, 2, 0);
  } finally {
    await handle.close();
  }
  const raw = createReadStream(path);
  if (head.toString("hex") !== "1f8b") return raw;
  const unpacked = createGunzip();
  raw.on("error", (error) => unpacked.destroy(error));
  unpacked.on("close", () => raw.destroy());
  return raw.pipe(unpacked);
}
