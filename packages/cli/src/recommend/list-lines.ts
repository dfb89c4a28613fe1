import type { PersonList } from "./recommend-file.js";

/** The lists as CSV, a line per person and item; popular items that fill a list have no score. */
export function* listLines(lists: Iterable<PersonList>): Generator<string> {
  yield "user,rank,item,score,because\n";
  for (const { user, items } of lists)
    for (const [at, { item, score }] of items.entries()) {
      const because = score === undefined ? "popular" : "history";
      const value = score === undefined ? "" : score.toPrecision(6);
      yield `${quoted(user)},${at + 1},${quoted(item)},${value},${because}\n`;
    }
}

const quoted = (text: string): string =>
  /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
