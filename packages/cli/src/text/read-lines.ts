import type { LineTrials } from "@inchworm/learn";
import { InchwormError, type OnProgress } from "@inchworm/spec";
import { type Role, readLog } from "../log/read-log.js";
import { plural } from "../terminal.js";
import type { LineColumns } from "./columns.js";

export interface ReadLinesOptions {
  readonly columns: LineColumns;
  /** Columns in which lines must agree to be compared, such as the picture beside them. */
  readonly same?: readonly string[];
  /** The column of what is never to be on both sides of a fold. */
  readonly together?: string;
  readonly separator?: string;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

export interface Lines {
  readonly trials: LineTrials;
  readonly notes: readonly string[];
}

/** @throws InchwormError "input" when the file or a column is not there, or clicks are no part of those who were shown a line */
export async function readLines(path: string, options: ReadLinesOptions): Promise<Lines> {
  const { columns, same = [], together, separator, signal, onProgress } = options;
  const named = same.flatMap((list) => list.split(",")).map((name) => name.trim());
  const alike = named.map((column, at) => ({ option: `--same ${at + 1}`, kind: "id", column }));
  const roles = [
    { option: "--text", kind: "id", column: columns.text },
    { option: "--group", kind: "id", column: columns.group },
    { option: "--shown", kind: "number", column: columns.shown },
    { option: "--clicked", kind: "number", column: columns.clicked },
    ...alike,
    ...(together === undefined ? [] : [{ option: "--together", kind: "id", column: together }]),
  ] as Role[];
  const log = await readLog(path, roles, {
    header: true,
    signal,
    onProgress,
    ...(separator !== undefined && { separator }),
  });
  const shown = log.values("--shown");
  const clicked = log.values("--clicked");
  const kept = Int32Array.from(shown.keys()).filter((row) => shown[row] >= 0 && clicked[row] >= 0);
  const wrong = kept.filter((row) => clicked[row] > shown[row]);
  if (wrong.length > 0)
    throw new InchwormError(
      "input",
      `${plural(wrong.length, "line")} of ${path} ${wrong.length === 1 ? "has" : "have"} more in "${columns.clicked}" than in "${columns.shown}".`,
      { hint: "Name a column of people who clicked, not of clicks, with --clicked." },
    );
  const texts = log.id("--text");
  const groups = ["--group", ...alike.map(({ option }) => option)].map((option) => log.id(option));
  const numbers = new Map<string, number>();
  const campaigns = Array.from(kept, (row) => {
    const key = groups.map(({ codes }) => codes[row]).join(" ");
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    return number;
  });
  const blocks = together === undefined ? undefined : log.id("--together").codes;
  const left = log.rows - kept.length;
  return {
    trials: {
      texts: Array.from(kept, (row) => texts.levels[texts.codes[row]]),
      campaigns,
      shown: Array.from(kept, (row) => shown[row]),
      clicked: Array.from(kept, (row) => clicked[row]),
      ...(blocks && { together: Array.from(kept, (row) => blocks[row]) }),
    },
    notes: [
      ...log.notes,
      ...(left > 0
        ? [`${plural(left, "line")} without how often they were shown and clicked are left out.`]
        : []),
    ],
  };
}
