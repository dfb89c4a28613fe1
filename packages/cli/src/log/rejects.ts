import { plural } from "../terminal.js";

/** Why rows could not be read: how many, and the first line of them. */
export interface Reason {
  readonly reason: string;
  readonly rows: number;
  readonly line: number;
}

/** Counts rejected rows by reason, beginning with some that are known. */
export function rejects(known: readonly Reason[]) {
  const reasons = new Map(known.map((one) => [one.reason, { ...one }]));
  return {
    /** Lines come in their order. */
    add(line: number, reason: string): void {
      const found = reasons.get(reason);
      if (found) found.rows++;
      else reasons.set(reason, { reason, rows: 1, line });
    },
    /** The most frequent first. */
    all: (): readonly Reason[] =>
      [...reasons.values()].sort((one, other) => other.rows - one.rows || one.line - other.line),
  };
}

export const rejectNote = ({ reason, rows, line }: Reason): string =>
  rows === 1
    ? `One row cannot be read and is left out, line ${line}: ${reason}.`
    : `${plural(rows, "row")} cannot be read and are left out, the first in line ${line}: ${reason}.`;
