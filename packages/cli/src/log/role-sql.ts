import type { FlatFile } from "@inchworm/store";
import { isNoValue } from "../table/expressions.js";
import type { LogOptions } from "./read-log.js";
import type { RoleKind } from "./roles.js";

type Options = Pick<LogOptions, "dateFormat" | "timeZone" | "decimal">;

/**
 * SQL over `flat`: what a role says. An id is text, anything else a number: NULL where nothing is written, infinite where it cannot
 * be read.
 */
export async function roleSql(
  file: FlatFile,
  kind: RoleKind,
  columns: readonly string[],
  { dateFormat, timeZone, decimal }: Options,
): Promise<string> {
  const [column] = columns;
  const text = file.text(column);
  if (kind === "id") return idOf(text);
  if (kind === "number") return amountSql(file, columns, decimal);
  const dates = await file.dates(column, {
    ...(dateFormat !== undefined && { dateFormat }),
    ...(timeZone !== undefined && { timeZone }),
  });
  return readOr(text, kind === "day" ? dates.day : dates.milliseconds);
}

const readOr = (text: string, value: string): string =>
  `case when ${text} is not null then coalesce(${value}, 'infinity'::double) end`;

/** Spreadsheets make numbers of ids: 13047.0 is 13047. */
const idOf = (text: string): string =>
  `case when ends_with(${text}, '.0') then regexp_replace(${text}, '^(-?[0-9]+)[.]0$', '\\1') else ${text} end`;

async function amountSql(
  file: FlatFile,
  columns: readonly string[],
  given: Options["decimal"],
): Promise<string> {
  const factors: string[] = [];
  for (const column of columns) {
    const text = file.text(column);
    const amount = file.amounts(column, given ?? (await decimalOf(file, column)));
    factors.push(`case when not ${isNoValue(text)} then ${readOr(text, amount)} end`);
  }
  if (factors.length === 1) return factors[0];
  const product = factors.map((sql) => `(${sql})`).join(" * ");
  // two negative ones are no purchase
  return `case when least(${factors.join(", ")}) > 0 then ${product} else -abs(${product}) end`;
}

/** 1,234 is a thousand and more unless another value says otherwise. A number that the first rows' mark does not fit is none. */
async function decimalOf(file: FlatFile, column: string): Promise<"." | ","> {
  const text = file.text(column);
  const [counts] = await file.query<{ point: number; comma: number }>(`
    select count(${file.amounts(column, ".")}) as point, count(${file.amounts(column, ",")}) as comma
    from (from flat where fault is null and contains(${text}, ',') order by line limit ${firstRows})`);
  return counts.point >= counts.comma ? "." : ",";
}

const firstRows = 50_000;
