import { InchwormError } from "@inchworm/spec";
import { instant, type Parameter, type Sql, sql } from "../sql.js";

const millisecondsPerDay = 86_400_000;

/** The instant that features are cut at, and instants before it. Each is bound once per query. */
export interface Cut {
  readonly end: Parameter;
  ago(days: number): Parameter;
}

export function cutAt(asOf: number): Cut {
  const bounds = new Map<number, Parameter>();
  return {
    end: instant(asOf),
    ago(days) {
      const bound = bounds.get(days) ?? instant(asOf - days * millisecondsPerDay);
      bounds.set(days, bound);
      return bound;
    },
  };
}

/** The point-in-time rule: what happened at or after the cut is not known. Every query on history has it. */
export const known = (cut: Cut): Sql => sql`occurred_at < ${cut.end}`;

/** In the last so many days before the cut. Use it beside `known`. */
export const within = (cut: Cut, days: number): Sql => sql`occurred_at >= ${cut.ago(days)}`;

/** @throws InchwormError "input" naming what is no instant */
export function refuseNonInstants(
  question: string,
  options: Readonly<Record<string, unknown>>,
): void {
  for (const [option, value] of Object.entries(options)) {
    if (value === undefined || Number.isFinite(new Date(value as number).getTime())) continue;
    throw new InchwormError("input", `${question}: "${option}" must be an instant, got ${value}.`, {
      hint: "An instant is a number of milliseconds since 1970, such as Date.UTC(2025, 0, 31).",
    });
  }
}
