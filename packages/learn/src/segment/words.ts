import type { Rule } from "./surrogate.js";

/** How people speak of a column. Whatever is left out is made from the column's name. */
export interface ColumnWords {
  /** Such as "days since the last order". */
  readonly label?: string;
  /** What somebody with a high or low value is called, such as "frequent". */
  readonly high?: string;
  readonly low?: string;
  /** Of a column whose numbers stand for words: each number and its word, such as "country Norway". Takes the place of the rest. */
  readonly levels?: readonly { readonly value: number; readonly name: string }[];
}

/** What sets one segment apart in one column. */
export interface Difference {
  readonly column: string;
  /** Typical value in the segment, and among all others. */
  readonly here: number;
  readonly rest: number;
  /** Difference of the means in standard deviations of the column, on the scale that distances are taken on. */
  readonly deviations: number;
  /** Of a column whose numbers stand for words: the one that is more frequent here than elsewhere, by the most, and its shares. */
  readonly level?: { readonly name: string; readonly here: number; readonly rest: number };
}

export type Words = Readonly<Record<string, ColumnWords>>;

/** Fewer deviations than these are not worth a word, or are worth a strong one. */
const notable = 0.4;
const strong = 1.5;

const label = (words: Words, column: string): string => words[column]?.label ?? column;

function named(words: Words, { column, deviations, level }: Difference): string {
  if (level) return level.name;
  const own = deviations > 0 ? words[column]?.high : words[column]?.low;
  const degree = Math.abs(deviations) >= strong ? "very " : "";
  return own ?? `${degree}${deviations > 0 ? "high" : "low"} ${label(words, column)}`;
}

/** A name per segment, from what sets it apart most; names that would be alike get more words, and at last typical values. */
export function segmentNames(
  words: Words,
  differences: readonly (readonly Difference[])[],
): string[] {
  const all = differences.map((own) =>
    [...own].filter(({ deviations }) => Math.abs(deviations) >= notable),
  );
  const sayings = [
    (segment: number) =>
      all[segment]
        .slice(0, 2)
        .map((one) => named(words, one))
        .join(", "),
    (segment: number) =>
      all[segment]
        .slice(0, 3)
        .map((one) => named(words, one))
        .join(", "),
    (segment: number) =>
      differences[segment]
        .slice(0, 2)
        .map(({ column, here, level }) =>
          level
            ? `${percent(level.here)} ${level.name}`
            : `${label(words, column)} about ${short(here)}`,
        )
        .join(", "),
  ];
  const names = new Array<string>(differences.length).fill("");
  let open = names.map((_, segment) => segment);
  for (const say of sayings) {
    const said = open.map(say);
    const taken = new Set(names);
    const rest: number[] = [];
    for (const [index, segment] of open.entries()) {
      const name = said[index];
      const alone = said.indexOf(name) === said.lastIndexOf(name) && !taken.has(name);
      if (name !== "" && alone) names[segment] = name;
      else rest.push(segment);
    }
    open = rest;
  }
  for (const segment of open) names[segment] = numbered(sayings[0](segment) || "middling", names);
  return names;
}

/** The name, with a number where it is taken already. */
export function numbered(name: string, taken: readonly string[]): string {
  if (!taken.includes(name)) return name;
  let number = 2;
  while (taken.includes(`${name} (${number})`)) number++;
  return `${name} (${number})`;
}

/** One clause per column that sets the segment apart, strongest first. */
export const clauses = (words: Words, differences: readonly Difference[]): string[] =>
  differences
    .filter(({ deviations }) => Math.abs(deviations) >= notable)
    .slice(0, 3)
    .map(({ column, here, rest, deviations, level }) => {
      if (level) return `${percent(level.here)} ${level.name} (${percent(level.rest)} of the rest)`;
      const much = Math.abs(deviations) >= strong ? "much " : "";
      return `${label(words, column)} ${much}${deviations > 0 ? "higher" : "lower"} than the rest (${short(here)} against ${short(rest)})`;
    });

export const percent = (share: number): string => `${Math.round(100 * share)} %`;

const mostListed = 3;

function listed(names: readonly string[]): string {
  const some = names.slice(0, mostListed).join(" or ");
  const more = names.length - mostListed;
  return more > 0 ? `${some} or ${more} more` : some;
}

/** A rule as a sentence, with how far it may be trusted. */
export function ruleText(words: Words, columns: readonly string[], rule: Rule): string {
  const parts = rule.bounds.map(({ column, from, to }) => {
    const name = label(words, columns[column]);
    const { levels } = words[columns[column]] ?? {};
    if (levels) {
      const within = levels.filter(({ value }) => value >= from && value < to);
      return listed(within.map(({ name }) => name));
    }
    if (to === Infinity) return `${name} at least ${short(from)}`;
    return from === -Infinity
      ? `${name} below ${short(to)}`
      : `${name} from ${short(from)} to ${short(to)}`;
  });
  return `As a rule: ${parts.join(" and ")} (finds ${percent(rule.found)} of them, ${percent(rule.right)} of those found belong).`;
}

/** Three significant digits, or all digits before the point. */
export function short(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size >= 100) return Math.round(value).toLocaleString("en-US");
  return String(Number(value.toPrecision(3)));
}
