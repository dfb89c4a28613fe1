import { readFileSync } from "node:fs";
import { LearnError } from "@inchworm/learn";
import { InchwormError } from "@inchworm/spec";

/** Whose file it is, and how one is made. */
export interface SavedBy {
  /** The command that writes such files, such as "inchworm fit". */
  readonly command: string;
  /** A whole line that writes one. */
  readonly example: string;
}

/**
 * Reads a model that may come from anywhere; `read` opens what the JSON says.
 *
 * @throws InchwormError "input" when there is no such file; "artifact" when it is none that the command wrote
 */
export function readSaved<T>(
  path: string,
  { command, example }: SavedBy,
  read: (saved: unknown) => T,
): T {
  const none = (why: string) =>
    new InchwormError(
      "artifact",
      `${path} is no model that ${command} wrote: ${why.replace(/\.$/, "")}.`,
      { hint: `Name the file that ${command} wrote, or make it again: ${example}` },
    );
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR")
      throw new InchwormError("input", `There is no model ${path}.`, {
        hint: `Make one first: ${example}`,
      });
    if (code === "ERR_STRING_TOO_LONG" || code === "ERR_FS_FILE_TOO_LARGE")
      throw none("it is too large");
    throw new InchwormError(
      "input",
      code === "EISDIR"
        ? `${path} is a directory, not a model.`
        : `${path} cannot be read (${code}).`,
      { hint: `Name the file that ${command} wrote.` },
    );
  }
  let saved: unknown;
  try {
    saved = JSON.parse(text);
  } catch {
    throw none("it is not JSON, or cut off");
  }
  try {
    return read(saved);
  } catch (error) {
    if (LearnError.is(error)) throw none(error.message);
    throw error;
  }
}
