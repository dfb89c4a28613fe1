import { LearnError } from "../error.js";
import { styleNames, styleOf } from "../text/style.js";
import { tokens } from "../text/tokens.js";
import type { DriverTrials } from "./types.js";

export const who = "drivers";

/** What was sent, made of items: a text and a level of every factor. */
export interface Sendings {
  readonly rows: number;
  readonly shown: Float64Array;
  readonly clicked: Float64Array;
  readonly group: Int32Array;
  readonly groups: number;
  /** −1 where it is not known. */
  readonly segment: Int32Array;
  readonly segments: readonly string[];
  /** `NaN` where it is not known. */
  readonly at: Float64Array;
  readonly item: Int32Array;
  /** Of each item: which words and which traits of style it has, and its level of each factor. */
  readonly words: readonly Int32Array[];
  readonly traits: readonly Int32Array[];
  readonly levels: readonly Int32Array[];
  readonly vocabulary: readonly string[];
  readonly factors: readonly { readonly name: string; readonly levels: readonly string[] }[];
}

/** Traits that a line has or has not; "long" is longer than half of all lines. */
const told = [
  "question",
  "exclamation",
  "number",
  "number first",
  "quotation",
  "ellipsis",
  "money or percent",
  "emoji",
  "personal token",
] as const;
const places = told.map((name) => (styleNames as readonly string[]).indexOf(name));
export const traitNames: readonly string[] = [...told, "long"];

/** What a factor's level is called where there is none. */
export const noLevel = "(none)";

/** @throws LearnError "input" naming the row at fault, counted from 1 */
export function sendingsOf(trials: DriverTrials): Sendings {
  const { shown, clicked, texts, groups, segments, factors = {}, at } = trials;
  const rows = shown.length;
  const lists = { clicked, texts, groups, segments, at, ...factors };
  for (const [name, list] of Object.entries(lists))
    if (list && list.length !== rows)
      throw new LearnError(
        "input",
        `${who}: there are ${rows} entries of "shown" and ${list.length} of "${name}".`,
      );
  for (let row = 0; row < rows; row++)
    if (!(Number.isFinite(shown[row]) && clicked[row] >= 0 && clicked[row] <= shown[row]))
      throw new LearnError(
        "input",
        `${who}: row ${row + 1} was shown ${shown[row]} times and clicked ${clicked[row]} times.`,
        { hint: "Clicks are people who clicked: no fewer than none, no more than were shown it." },
      );
  const kept = Array.from({ length: rows }, (_, row) => row).filter((row) => shown[row] > 0);
  const group = numbered<number>();
  const segment = numbered<string>();
  const item = numbered<string>();
  const names = Object.keys(factors);
  const levels = names.map(() => numbered<string>());
  const first: number[] = [];
  const levelOf = (row: number) =>
    names.map((name, at) => levels[at].of(factors[name][row]?.trim() || noLevel));
  const itemOf = (row: number) => {
    const own = levelOf(row);
    const number = item.of(JSON.stringify([texts?.[row].trim() ?? "", ...own]));
    if (number === first.length) first.push(row);
    return number;
  };
  const items = Int32Array.from(kept, itemOf);
  const words = numbered<string>();
  const lines = texts ? first.map((row) => texts[row]) : [];
  return {
    rows: kept.length,
    shown: Float64Array.from(kept, (row) => shown[row]),
    clicked: Float64Array.from(kept, (row) => clicked[row]),
    group: Int32Array.from(kept, (row) => group.of(groups ? groups[row] : row)),
    groups: group.all().length,
    segment: Int32Array.from(kept, (row) => {
      const name = segments?.[row]?.trim();
      return name ? segment.of(name) : -1;
    }),
    segments: segment.all(),
    at: Float64Array.from(kept, (row) => at?.[row] ?? Number.NaN),
    item: items,
    words: lines.map((line) =>
      Int32Array.from(
        new Set(tokens(line).filter((token) => /\p{L}/u.test(token))),
        words.of,
      ).sort(),
    ),
    traits: traitsOf(lines),
    levels: first.map((row) => Int32Array.from(levelOf(row))),
    vocabulary: words.all(),
    factors: names.map((name, at) => ({ name, levels: levels[at].all() })),
  };
}

/** Numbers things from 0 on, as they come. */
function numbered<Thing>() {
  const numbers = new Map<Thing, number>();
  return {
    of(thing: Thing): number {
      const number = numbers.get(thing) ?? numbers.size;
      numbers.set(thing, number);
      return number;
    },
    all: () => [...numbers.keys()],
  };
}

function traitsOf(lines: readonly string[]): Int32Array[] {
  const styles = lines.map(styleOf);
  const lengths = styles.map(([characters]) => characters).sort((left, right) => left - right);
  const median = lengths[lengths.length >> 1];
  return styles.map((style) => {
    const traits = places.map((place) => style[place] > 0);
    traits.push(style[0] > median);
    return Int32Array.from(traits.keys()).filter((trait) => traits[trait]);
  });
}

/** Only those rows; numbers of groups, segments, items, words and levels stay. */
export function some(sendings: Sendings, rows: readonly number[]): Sendings {
  const { shown, clicked, group, segment, at, item } = sendings;
  const numbers = (list: Float64Array) => Float64Array.from(rows, (row) => list[row]);
  const codes = (list: Int32Array) => Int32Array.from(rows, (row) => list[row]);
  return {
    ...sendings,
    rows: rows.length,
    shown: numbers(shown),
    clicked: numbers(clicked),
    group: codes(group),
    segment: codes(segment),
    at: numbers(at),
    item: codes(item),
  };
}
