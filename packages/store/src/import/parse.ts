import { literal } from "../values.js";
import type { Reading } from "./fields.js";

/** Words by which exports say that there is nothing. Not for names: there are people called Null. */
const nothing = literal("|null|nan|none|n/a|na|\\n|nil|#n/a|-|");

const blanks = literal(" \t\r\n\u00a0\u200b\ufeff");

/** SQL, in two steps: a column's text without blanks around it; NULL when nothing is left, or only a word for it. */
export function cleanSteps(text: string, is: Reading, step: Step): readonly string[] {
  const bare = step(0);
  // most texts can be seen to have no blanks around them, which is ten times as fast as taking them off
  return [
    `case when ${text} >= '!' and strlen(${text}) = length(${text}) and not ends_with(${text}, ' ') and not ends_with(${text}, chr(9))
      then ${text} else nullif(trim(${text}, ${blanks}), '') end`,
    is === "text"
      ? bare
      : `case when strlen(${bare}) > 4 or not contains(${nothing}, '|' || lower(${bare}) || '|') then ${bare} end`,
  ];
}

/**
 * SQL that reads a cleaned text, in steps: each is a column of its own that later ones name, so that nothing is worked out twice,
 * and the costly ones only where a cheap one did not do. The last step is the value, NULL when the text is none.
 */
export interface Reader {
  readonly type: string;
  readonly steps: readonly string[];
  /** What to say of a text that is no value. */
  readonly fault?: string;
}

/** The name of a step's column. */
export type Step = (number: number) => string;

/** How texts of a field are read, instants apart: see `dates.ts`. */
export function readerOf(
  text: string,
  is: Exclude<Reading, "instant">,
  decimal: "." | ",",
  step: Step,
): Reader {
  switch (is) {
    case "text":
    case "cancelled":
      return { type: "varchar", steps: [text] };
    case "id":
      return { type: "varchar", steps: [idOf(text)] };
    case "email":
      return {
        type: "varchar",
        steps: [
          `case when regexp_full_match(${text}, '[^\\s@]+@[^\\s@]+') then lower(${text}) end`,
        ],
        fault: "not an e-mail address",
      };
    case "amount":
    case "quantity": {
      const type = is === "amount" ? "decimal(18,4)" : "decimal(18,6)";
      return {
        type: is === "amount" ? type : "double",
        steps: numberSteps(text, { decimal, type, units: "codes" }, step),
        fault: `not a number with decimal "${decimal}"`,
      };
    }
    case "flag":
      return { type: "boolean", steps: [wordOf(text, flags)], fault: "neither yes nor no" };
    default:
      return {
        type: "varchar",
        steps: [wordOf(text, is)],
        fault: "a word that means nothing here",
      };
  }
}

/** Spreadsheets make numbers of ids: 13047.0 is 13047. */
const idOf = (text: string): string =>
  `case when ends_with(${text}, '0') and contains(${text}, '.') then regexp_replace(${text}, '^(-?[0-9]+)\\.0+$', '\\1') else ${text} end`;

const flags = {
  true: "true yes y t 1 on".split(" "),
  false: "false no n f 0 off".split(" "),
};

/** SQL: our word for the file's, whatever its case, blanks and dashes. */
function wordOf(text: string, words: Readonly<Record<string, readonly string[]>>): string {
  const cases = Object.entries(words).flatMap(([ours, theirs]) =>
    theirs.map((word) => `when ${literal(word)} then ${literal(ours)}`),
  );
  return `case regexp_replace(lower(${text}), '[\\s-]+', '_', 'g') ${cases.join(" ")} end`;
}

export interface NumberForm {
  /** Mark before the fraction. */
  readonly decimal: "." | ",";
  /** SQL type of the value. */
  readonly type: string;
  /** What may stand beside a number: signs of currencies and %, or signs and codes of currencies, such as EUR. */
  readonly units: "signs" | "codes";
}

/**
 * Amounts as people and programs write them: currency signs and codes around, blanks, apostrophes or the other mark between
 * thousands, a minus before or after, or brackets for less than nothing. A thousand does not begin with 0: 0,123 is a fraction.
 */
export function numberSteps(
  text: string,
  { decimal, type, units }: NumberForm,
  step: Step,
): readonly string[] {
  const thousands = decimal === "." ? "," : ".";
  const point = `[${decimal}]`;
  const currency = `(?:\\p{Sc}|${units === "codes" ? "[A-Za-z]{1,3}\\p{Sc}?" : "%"})?`;
  const sign = "[-+\\x{2212}]?";
  const shape = `^\\(?(?:${sign}${currency}|${currency}${sign})([0-9][0-9.,]*|[.,][0-9]+)${currency}[-\\x{2212}]?\\)?$`;
  const grouped = `[1-9][0-9]{0,2}(?:[${thousands}][0-9]{2,3})*[${thousands}][0-9]{3}(?:${point}[0-9]*)?`;
  const gap = "[\\s\\x{a0}\\x{202f}\\x{2009}''’]";
  const bare = `[0-9]*${point}?[0-9]*`;
  const quick =
    decimal === "."
      ? `try_cast(${text} as ${type})`
      : `case when not contains(${text}, '.') then try_cast(replace(${text}, ',', '.') as ${type}) end`;
  const [plain, tight, digits, bald] = [0, 1, 2, 3].map(step);
  return [
    quick,
    // blanks and apostrophes stand between thousands, or beside all digits
    `case when ${plain} is null and ${text} is not null
        and not regexp_matches(${text}, '[0-9]${gap}+(?:[0-9]{1,2}|[0-9]{4,})(?:[^0-9]|$)')
      then regexp_replace(${text}, '${gap}', '', 'g') end`,
    `case when ${tight} is not null then regexp_extract(${tight}, ${literal(shape)}, 1) end`,
    `case when ${digits} <> '' and regexp_full_match(${digits}, ${literal(`${grouped}|${bare}`)})
      then try_cast(replace(replace(${digits}, '${thousands}', ''), '${decimal}', '.') as ${type}) end`,
    `case when ${plain} is not null then ${plain}
      when regexp_matches(${tight}, '[-\\x{2212}(]') then -${bald} else ${bald} end`,
  ];
}

/**
 * SQL: whether an order is marked as cancelled or returned. A column of instants, such as Shopify's "Cancelled at", marks those
 * that have one; a status has words for it.
 */
export function isCancelled(text: string, column: string): string {
  const name = column.toLowerCase();
  if (/(at|date|time)$/.test(name)) return `${text} is not null`;
  const words = `regexp_matches(lower(${text}), '^(cancel|refund|void|return|storn)')`;
  const yes = /status/.test(name) ? "false" : `lower(${text}) in ('true', 'yes', 'y', 't', '1')`;
  return `coalesce(${words} or ${yes}, false)`;
}
