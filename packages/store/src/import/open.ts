import { closeSync, createReadStream, openSync, readSync, statSync } from "node:fs";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { InchwormError } from "@inchworm/spec";

export type Content = "parquet" | "text";

export interface InputFile {
  readonly path: string;
  readonly bytes: number;
  readonly content: Content;
  /** The content, uncompressed, and how much of the file itself has been read. */
  stream(): { readonly content: Readable; bytesRead(): number };
}

/** First bytes of what is often taken for a table, and what to do with it. */
const foreign: readonly (readonly [hex: string, what: string, hint: string])[] = [
  ["504b0304", "an Excel workbook or a zip archive", "Save it as CSV, or unpack it first."],
  ["d0cf11e0", "an old Excel workbook", "Save it as CSV first."],
  ["28b52ffd", "compressed with zstd", "Decompress it first: zstd -d FILE"],
  ["425a68", "compressed with bzip2", "Decompress it first: bunzip2 FILE"],
  ["fd377a58", "compressed with xz", "Decompress it first: unxz FILE"],
  ["25504446", "a PDF document", "Export the table as CSV."],
  ["53514c69746520666f726d617420", "an SQLite database", "Export the table as CSV."],
];

/**
 * Looks at a file before anything is read from it. What it holds is told by its first bytes, whatever its name.
 *
 * @throws InchwormError "input": no such file, a directory, empty, unreadable, or no table
 */
export function openInput(path: string): InputFile {
  const head = Buffer.alloc(64);
  let bytes: number;
  try {
    const stat = statSync(path);
    if (stat.isDirectory()) {
      throw new InchwormError("input", `${path} is a directory, not a file.`, {
        hint: "Name one CSV, Parquet or NDJSON file in it.",
      });
    }
    bytes = stat.size;
    const handle = openSync(path, "r");
    try {
      readSync(handle, head);
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    if (InchwormError.is(error)) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    throw code === "ENOENT" || code === "ENOTDIR"
      ? new InchwormError("input", `There is no file ${path}.`, {
          hint: "Check its name and folder.",
        })
      : new InchwormError("input", `${path} cannot be read (${code}).`, {
          hint: "Check its permissions.",
        });
  }
  if (bytes === 0) throw emptyFile(path);
  const start = head.toString("hex");
  for (const [hex, what, hint] of foreign) {
    if (start.startsWith(hex)) throw new InchwormError("input", `${path} is ${what}.`, { hint });
  }
  const gzipped = start.startsWith("1f8b");
  return {
    path,
    bytes,
    content: start.startsWith("50415231") ? "parquet" : "text",
    stream() {
      const raw = createReadStream(path, { highWaterMark: chunkBytes });
      const bytesRead = () => raw.bytesRead;
      if (!gzipped) return { content: raw, bytesRead };
      const content = createGunzip({ chunkSize: chunkBytes });
      raw.on("error", (error) => content.destroy(error));
      content.on("close", () => raw.destroy());
      return { content: raw.pipe(content), bytesRead };
    },
  };
}

const chunkBytes = 1 << 20;

export const emptyFile = (path: string): InchwormError =>
  new InchwormError("input", `${path} is empty.`, { hint: "Check how it was exported." });

/** What a failure while reading means. */
export function readFault(error: unknown, path: string): unknown {
  if (InchwormError.is(error)) return error;
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (code === "Z_BUF_ERROR") {
    return new InchwormError("input", `${path} ends too early: its gzip data is cut off.`, {
      hint: "Download or export it again.",
    });
  }
  if (code?.startsWith("Z_")) {
    return new InchwormError("input", `${path} is damaged: its gzip data cannot be read.`, {
      hint: "Download or export it again.",
    });
  }
  return code === undefined
    ? error
    : new InchwormError("input", `${path} cannot be read (${code}).`, {
        hint: "Check the disk and the file's permissions.",
      });
}
