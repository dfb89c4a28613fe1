import { InchwormError } from "@inchworm/spec";
import { columnNamed } from "../table/names.js";

/**
 * What a column of a log says of each event.
 * - `id`: who or what, as text. Without one nothing is known of the event: it is left out and counted.
 * - `date`: when, as milliseconds since 1970 (UTC). `day`: on which day, as days since 1970 on the calendar of the time zone. An
 *   event without a date is rejected.
 * - `number`: how much, NaN where nothing is written. `A*B` is the product of two columns, and not above 0 unless both are.
 */
export type RoleKind = "id" | "date" | "day" | "number";

export interface Role {
  /** The option that names its column, such as "--customer": what the role goes by. */
  readonly option: string;
  readonly kind: RoleKind;
  /** The name of the column, or its number from 1 on. */
  readonly column: string;
}

const byNumber = /^[1-9][0-9]*$/;
/** Only a number or a date has no letters but those of an exponent, a month or a clock, and some digit. */
const asData = /^(?=.*\d)[-+(]?\p{Sc}?\s?[\d.,:/ TZ+-]+(?:e[+-]?\d+)?\s?(?:\p{Sc}|%|\))?$/u;

/**
 * Whether a file's first record names its columns: it holds a name that was asked for, or nothing that looks like data. Columns
 * that are called 1, 2, 3 are data.
 */
export function isHeader(first: readonly string[], roles: readonly Role[]): boolean {
  const wanted = roles.flatMap(({ column }) => [column, ...(factorsOf(column) ?? [])]);
  if (wanted.some((name) => !byNumber.test(name) && first.includes(name))) return true;
  return !first.some((field) => asData.test(field));
}

/** The columns of a role, of those that are there. */
export function columnsOf(
  path: string,
  columns: readonly string[],
  { kind, column, option }: Role,
): readonly string[] {
  if (columns.includes(column)) return [column];
  const factors = kind === "number" ? factorsOf(column) : undefined;
  return (factors ?? [column]).map((name) => columnOf(path, columns, option, name));
}

function columnOf(path: string, columns: readonly string[], option: string, name: string): string {
  if (columns.includes(name)) return name;
  const nameless = columns.every((column, index) => column === String(index + 1));
  if (byNumber.test(name) && Number(name) <= columns.length) return columns[Number(name) - 1];
  if (nameless || byNumber.test(name))
    throw new InchwormError(
      "input",
      nameless
        ? `${path} has no line of column names: its ${columns.length} columns go by number, and "${name.includes("@") ? "…" : name}" is none of them.`
        : `${path} has ${columns.length} columns, and none named "${name}".`,
      {
        hint: nameless
          ? `Give ${option} a number from 1 to ${columns.length}, or say --header if the first line does name them.`
          : `Its columns are ${columns
              .slice(0, 40)
              .map((column) => `"${column}"`)
              .join(", ")}.`,
      },
    );
  return columnNamed(path, columns, option, name);
}

function factorsOf(column: string): readonly string[] | undefined {
  const factors = column.split("*").map((name) => name.trim());
  return factors.length > 1 && factors.every((name) => name !== "") ? factors : undefined;
}
