import { InchwormError } from "@inchworm/spec";

/** Text from the engine with every quoted value and address taken out: it may hold what a user's row held. */
const masked = (text: string): string =>
  text
    .split("\n\nLINE ")[0]
    .replace(/'(?:[^']|'')*'/g, "'…'")
    .replace(/[^\s"'<>()]+@[^\s"'<>()]+/g, "…")
    .trim();

/** What the engine's failure means to the reader. Errors of ours pass through untouched. */
export function storeFault(error: unknown, path: string): InchwormError {
  if (InchwormError.is(error)) return error;
  const text = error instanceof Error ? error.message : String(error);
  if (/^INTERRUPT Error/i.test(text)) return new InchwormError("aborted", "The work was stopped.");
  const holder = /Conflicting lock is held in .*?\(PID (\d+)\)/.exec(text);
  if (holder || /Could not set lock/i.test(text)) {
    return new InchwormError(
      "locked",
      `${path} is in use by ${holder ? `process ${holder[1]}` : "another process"}.`,
      { hint: "Wait until that process ends, or stop it; one process at a time opens a store." },
    );
  }
  if (/No space left on device/i.test(text)) {
    return new InchwormError("input", `The disk that holds ${path} is full.`, {
      hint: "Free some space and run the command again; nothing half-done was kept.",
    });
  }
  if (/^Out of Memory Error/i.test(text)) {
    return new InchwormError("input", "The work did not fit into the store's memory limit.", {
      hint: "Close other programs, or open the store with a larger memoryLimit.",
    });
  }
  return new InchwormError("internal", `The store failed: ${masked(text)}`);
}

export const notStore = (path: string): InchwormError =>
  new InchwormError("input", `${path} is not a store.`, {
    hint: "Name a new file, or the .duckdb file of an earlier run. To read a CSV file, import it.",
  });

/** Why a file could not be opened as a store, from what the engine said. */
export function openFault(error: unknown, path: string): InchwormError {
  const text = error instanceof Error ? error.message : String(error);
  if (/Could not set lock|Conflicting lock/i.test(text)) return storeFault(error, path);
  if (/not a valid DuckDB database file/i.test(text)) {
    return notStore(path);
  }
  if (/Permission denied|EACCES|EPERM|Read-only file system|Cannot open file/i.test(text)) {
    return new InchwormError("input", `${path} cannot be opened for writing.`, {
      hint: "Check the permissions of the file and its folder, or choose another place.",
    });
  }
  if (/version|storage/i.test(text) && /newer|older|cannot read/i.test(text)) {
    return new InchwormError("input", `${path} was written by another version of the engine.`, {
      hint: "Open it with the version of Inchworm that made it, or a newer one.",
    });
  }
  return storeFault(error, path);
}
