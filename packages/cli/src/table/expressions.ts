import { daysOf } from "@inchworm/store";
import type { Reading } from "./reading.js";

/** Which mark stands before the fraction of a number. */
export type Decimal = "." | ",";

export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** SQL: a text as a number: plain, or as people write it (€ 1,234.50, 12 %, 1.234,5). NULL when it is none; it may be infinite. */
export function numberOf(text: string, decimal: Decimal): string {
  const written = dressedNumber(text, decimal);
  return decimal === "." ? `coalesce(${plainNumber(text)}, ${written})` : written;
}

/** SQL: a text as a program writes a number. */
export const plainNumber = (text: string): string =>
  `case when not contains(${text}, '_') then try_cast(${text} as double) end`;

function dressedNumber(text: string, decimal: Decimal): string {
  const [point, mark] = decimal === "." ? ["[.]", ","] : [",", "."];
  const sign = "[-+\\x{2212}]?";
  // a thousand does not begin with 0: 0,123 is a fraction
  const thousands = `[1-9][0-9]{0,2}(?:[${mark}'’ ][0-9]{3})+`;
  const shape = `${sign}\\p{Sc}?${sign}(?:${thousands}|[0-9]+)(?:${point}[0-9]*)?(?:%|\\p{Sc})?`;
  const spaced = `regexp_replace(${text}, '[\\s\\x{a0}\\x{202f}\\x{2009}]+', ' ', 'g')`;
  const tight = `regexp_replace(${spaced}, '(^| )([-+\\x{2212}%\\p{Sc}]+)( |$)', '\\2', 'g')`;
  const digits = `regexp_replace(replace(${tight}, chr(8722), '-'), '[^-0-9${decimal}]', '', 'g')`;
  return `case when regexp_full_match(${tight}, ${literal(shape)})
    then try_cast(replace(${digits}, ',', '.') as double) end`;
}

/** Words that also stand for a missing number or date; among categories they are levels like any other. */
const noValue = `['none', 'nil', '-', '--', '.', 'n.a.', 'unknown', 'missing', 'undefined',
  '#div/0!', '#value!', '#ref!', '#name?', '#num!', 'inf', '+inf', '-inf', 'infinity', '+infinity', '-infinity']`;

/** SQL: whether a text is one of a list. The engine makes a join of every IN: too much for many columns. */
const isOneOf = (text: string, list: string): string => `list_contains(${list}, lower(${text}))`;

export const isNoValue = (text: string): string => isOneOf(text, noValue);

const truths = "['true', 't', 'yes', 'y', '1']";
const falsehoods = "['false', 'f', 'no', 'n', '0']";

/** SQL: what a model gets of a column's text: a number, days since 1970, or the index of a level. NULL = missing. */
export function readingSql(text: string, reading: Reading): string {
  switch (reading.kind) {
    case "number": {
      const number = numberOf(text, reading.decimal);
      return `case when isfinite(${number}) then ${number} end`;
    }
    case "date":
      return daysOf(text, reading.order);
    case "boolean":
      return `case when ${isOneOf(text, truths)} then 1 when ${isOneOf(text, falsehoods)} then 0 end`;
    case "category":
      return `enum_code(try_cast(${text} as enum(${reading.levels.map(literal).join(", ")})))`;
  }
}
