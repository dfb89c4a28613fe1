import { spans } from "./tokens.js";

/** How hard a text is to read. */
export interface Readability {
  /** Words a sentence, plus the share of words above six letters in per cent: below 30 very easy, 40 plain, 50 factual, above 60 very hard. */
  readonly lix: number;
  readonly words: number;
  readonly sentences: number;
}

/** Fewer words than this tell little. */
const leastWords = 30;
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/**
 * The LIX of a text (Björnsson 1968), which holds across languages written in letters, unlike formulas that count English syllables.
 * `undefined` of texts below thirty words, and of scripts that write no blanks between words.
 */
export function readabilityOf(text: string): Readability | undefined {
  if (unspaced.test(text)) return undefined;
  const { plain, n, starts, ends } = spans(text);
  let words = 0;
  let long = 0;
  for (let at = 0; at < n; at++) {
    const letters = plain.slice(starts[at], ends[at]).match(/[\p{L}\p{N}]/gu)?.length ?? 0;
    if (letters === 0) continue;
    words++;
    if (letters > 6) long++;
  }
  if (words < leastWords) return undefined;
  // a sentence ends where a mark is followed by a blank or the end, and a line of its own is one too
  const sentences = plain
    .split(/[.!?…؟。]+(?=\s|$|["'”»)])|\n+/u)
    .filter((part) => /[\p{L}\p{N}]/u.test(part)).length;
  return { lix: words / sentences + (100 * long) / words, words, sentences };
}
