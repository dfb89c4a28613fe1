import { amountOf, daysOf } from "@inchworm/store";
import type { Reading } from "./reading.js";

/** Which mark stands before the fraction of a number. */
export type Decimal = "." | ",";

export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** SQL: a text as a number: plain, or as people write it (€ 1,234.50, 12 %, 1.234,5), but for codes of letters. NULL when it is none. */
export const numberOf = (text: string, decimal: Decimal): string =>
  amountOf(text, { decimal, units: "signs" });

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
    case "number":
      return numberOf(text, reading.decimal);
    case "date":
      return daysOf(text, reading.order);
    case "boolean":
      return `case when ${isOneOf(text, truths)} then 1 when ${isOneOf(text, falsehoods)} then 0 end`;
    case "category":
      return `enum_code(try_cast(${text} as enum(${reading.levels.map(literal).join(", ")})))`;
  }
}
