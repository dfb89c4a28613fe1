import { spans } from "./tokens.js";

/** What a line looks like, whatever its language. Counts, shares and 0/1, in the order of `styleNames`. */
export const styleNames = [
  "characters",
  "words",
  "characters per word",
  "question",
  "exclamation",
  "number",
  "number first",
  "words in capitals",
  "words with a capital",
  "quotation",
  "ellipsis",
  "commas, colons and dashes",
  "full stops",
  "money or percent",
  "emoji",
  "personal token",
] as const;

const has = (text: string, what: RegExp): number => (what.test(text) ? 1 : 0);
const count = (text: string, what: RegExp): number => text.match(what)?.length ?? 0;

const personal = /\{\{[^}]*\}\}|\*\|[^|]*\|\*|%%[^%]+%%|\[\[[^\]]*\]\]|\{![^}]*\}/u;

export function styleOf(line: string): number[] {
  const text = line.normalize("NFC");
  const { n } = spans(text);
  const words = Math.max(1, n);
  const characters = [...text].length;
  const written = text.match(/[\p{L}\p{M}\p{N}'’]+/gu) ?? [];
  const cased = written.filter((word) => /\p{Lu}|\p{Ll}/u.test(word));
  return [
    Math.log1p(characters),
    Math.log1p(n),
    characters / words,
    has(text, /[?？؟]/u),
    has(text, /[!！¡]/u),
    has(text, /\p{N}/u),
    has(text, /^\P{L}*\p{N}/u),
    cased.filter((word) => /\p{Lu}.*\p{Lu}/u.test(word) && word === word.toUpperCase()).length /
      words,
    cased.filter((word) => /^\p{Lu}/u.test(word)).length / Math.max(1, cased.length),
    has(text, /["“”„«»「」]/u),
    has(text, /\.\.\.|…/u),
    count(text, /[,:;،、：–—-]/gu),
    count(text, /[.。](?=\s|$)/gu),
    has(text, /[%\p{Sc}]/u),
    has(text, /\p{Extended_Pictographic}/u),
    has(text, personal),
  ];
}
