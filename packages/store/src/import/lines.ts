import { isUtf8 } from "node:buffer";
import { InchwormError } from "@inchworm/spec";
import { emptyFile, type InputFile, readFault } from "./open.js";

/** Longer than any row of a table: a file without line breaks is none. */
const longestLine = 64 << 20;

/**
 * A text file in blocks of whole lines, LF between them and none at the end. UTF-8 with or without a mark, UTF-16 with one; a line that is no
 * UTF-8 is read as Windows-1252, which Latin-1 text is also right in. Lines of the file end in LF, CRLF or CR.
 *
 * @throws InchwormError "input" when the file is cut off, damaged, empty or no text
 */
export async function* textBlocks(
  input: InputFile,
  onBytes: (bytes: number) => void,
): AsyncGenerator<string> {
  let rest: Buffer = Buffer.alloc(0);
  let utf16: TextDecoder | undefined;
  let lone = false;
  let first = true;
  const { content, bytesRead } = input.stream();
  try {
    for await (const piece of content as AsyncIterable<Buffer>) {
      onBytes(bytesRead());
      let bytes = piece;
      if (first) {
        first = false;
        utf16 = utf16Of(bytes);
        if (utf16 === undefined) {
          if (bytes.subarray(0, 8192).includes(0)) throw noText(input.path);
          if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf)
            bytes = bytes.subarray(3);
          if (bytes.subarray(0, 4).toString("latin1") === "PAR1") throw gzippedParquet(input.path);
          lone = !bytes.includes(10) && bytes.includes(13);
        }
      }
      if (utf16 !== undefined) bytes = Buffer.from(utf16.decode(bytes, { stream: true }), "utf8");
      if (lone) bytes = bytes.map((byte) => (byte === 13 ? 10 : byte)) as Buffer;
      const end = bytes.lastIndexOf(10);
      if (end < 0) {
        rest = Buffer.concat([rest, bytes]);
        if (rest.length > longestLine) throw noText(input.path);
        continue;
      }
      const whole = Buffer.concat([rest, bytes.subarray(0, end)]);
      rest = Buffer.from(bytes.subarray(end + 1));
      yield decode(whole);
    }
  } catch (error) {
    throw readFault(error, input.path);
  }
  if (first) throw emptyFile(input.path);
  if (rest.length > 0) yield decode(rest);
}

function utf16Of(bytes: Buffer): TextDecoder | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le");
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder("utf-16be");
  return undefined;
}

/** Windows-1252 from 0x80 to 0x9f, the bytes in which it differs from Latin-1 (encoding.spec.whatwg.org/index-windows-1252.txt). */
const windows = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";

const decodeWindows = (bytes: Buffer): string =>
  bytes
    .toString("latin1")
    .replace(/[\u0080-\u009f]/g, (character) => windows[character.charCodeAt(0) - 0x80]);

function decode(bytes: Buffer): string {
  const text = isUtf8(bytes)
    ? bytes.toString("utf8")
    : splitBytes(bytes)
        .map((line) => (isUtf8(line) ? line.toString("utf8") : decodeWindows(line)))
        .join("\n");
  if (!text.includes("\r")) return text;
  return (text.endsWith("\r") ? text.slice(0, -1) : text).replaceAll("\r\n", "\n");
}

function splitBytes(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let from = 0; from <= bytes.length; ) {
    const end = bytes.indexOf(10, from);
    lines.push(bytes.subarray(from, end < 0 ? bytes.length : end));
    if (end < 0) break;
    from = end + 1;
  }
  return lines;
}

const noText = (path: string): InchwormError =>
  new InchwormError("input", `${path} is not a text file.`, {
    hint: "Import a CSV, Parquet or NDJSON file, gzipped or not.",
  });

const gzippedParquet = (path: string): InchwormError =>
  new InchwormError("input", `${path} is a gzipped Parquet file.`, {
    hint: "Unpack it first: Parquet is compressed inside already.",
  });
