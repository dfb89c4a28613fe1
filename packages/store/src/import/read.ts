import { InchwormError } from "@inchworm/spec";
import type { Session } from "../session.js";
import { type Layout, readCsv } from "./csv-table.js";
import { readJson } from "./json-table.js";
import { textBlocks } from "./lines.js";
import { emptyFile, type InputFile } from "./open.js";
import { readParquet } from "./parquet-table.js";
import type { TextTable } from "./table.js";

/**
 * Opens a file as a table. Whether text is CSV or NDJSON is told by its first character.
 *
 * @throws InchwormError "input" when it is empty or no table
 */
export async function readTable(
  session: Session,
  input: InputFile,
  separator: string | undefined,
  onBytes: (bytes: number) => void,
  layout: Layout = {},
): Promise<TextTable> {
  if (input.content === "parquet") return readParquet(session, input.path);
  const blocks = textBlocks(input, onBytes);
  try {
    const first = (await blocks.next()).value ?? "";
    const start = first.trimStart();
    if (start === "") throw emptyFile(input.path);
    if (start.startsWith("[")) {
      throw new InchwormError("input", `${input.path} is one JSON array.`, {
        hint: "Write one object a line: jq -c '.[]' FILE > FILE.ndjson",
      });
    }
    return start.startsWith("{")
      ? readJson(session, input.path, first, blocks)
      : readCsv(session, input.path, first, blocks, separator, layout);
  } catch (error) {
    await blocks.return(undefined);
    throw error;
  }
}
