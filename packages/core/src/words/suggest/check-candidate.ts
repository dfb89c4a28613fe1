import { languageOf, lintLine } from "@inchworm/learn";
import type { BrandRules, SubjectBrief } from "./types.js";

/** What candidates are held to. */
export interface CandidateRules {
  readonly brief: SubjectBrief;
  readonly brand: BrandRules;
  readonly language: string;
}

export const longestLine = 60;

/** The name of the first rule that a line breaks; `undefined` where it may be offered. */
export function refusal(
  line: string,
  { brief, brand, language }: CandidateRules,
): string | undefined {
  const text = line.normalize("NFC").trim();
  if (text === "" || !/[\p{L}\p{N}]/u.test(text)) return "empty";
  if (/[\r\n\u2028\u2029]/u.test(text) || [...text].length > (brand.maxLength ?? longestLine))
    return "too long";
  const bare = (brand.tokens ?? []).reduce((rest, token) => rest.replaceAll(token, " "), text);
  if (/\{\{|\}\}|\*\||\|\*|\[\[|\]\]|\{!|%%|<%|\$\{/u.test(bare)) return "unknown token";
  if (/[<>`\\]|\]\(|^\s*(?:#|```|\*\*)/u.test(bare)) return "markup";
  if (addresses.some((pattern) => pattern.test(bare))) return "address or link";
  if (secrets.some((pattern) => pattern.test(bare))) return "secret";
  if (aboutItself.test(text)) return "not a subject line";
  const plain = folded(text);
  if ((brand.forbidden ?? []).some((word) => holds(plain, word))) return "forbidden word";
  if ((brand.required ?? []).some((word) => !holds(plain, word))) return "required word missing";
  if (!brand.emoji && /\p{Extended_Pictographic}|\p{Regional_Indicator}/u.test(bare))
    return "emoji";
  const given = folded(
    [brief.about, ...(brief.terms ?? []), ...(brand.required ?? [])].join(" \n "),
  );
  const known = new Set(numbers(given));
  if (numbers(plain).some((number) => !known.has(number))) return "number not in the brief";
  if (claims.some((claim) => claim.test(plain) && !claim.test(given)))
    return "claim not in the brief";
  if (!sameLanguage(text, language, brief.about)) return "wrong language";
  if (!isAbout(plain, given)) return "not about the brief";
  if ((brief.voices ?? []).some((voice) => repeats(plain, folded(voice))))
    return "repeats a customer";
  return lintLine(text)[0]?.rule;
}

const addresses = [
  /https?:|www\.|:\/\//iu,
  /[^\s@]+@[^\s@]+/u,
  /\b[\p{L}\p{N}-]{2,}\.(?:com|net|org|io|ai|de|fr|es|it|nl|uk|eu|co|info|biz|shop|app|dev|xyz|ru|cn|me|link|site|online|top|zip)\b/iu,
  /(?:\d[\s().+-]?){9,}/u,
];
const secrets = [
  /\b(?:sk|pk|rk|pat|ghp|gho|xox[abp]|AKIA|AIza|eyJ)[-_]?[A-Za-z0-9][A-Za-z0-9_-]{8,}/u,
  /\b(?=[A-Za-z0-9+/=_-]*\d)(?=[A-Za-z0-9+/=_-]*[A-Za-z])[A-Za-z0-9+/=_-]{20,}/u,
  /\b(?:api[\s_-]?key|password|passwort|passcode|mot de passe|contraseña|cvv|iban)\b/iu,
];
/** A model that speaks of itself or of its orders, or obeys somebody else's. */
const aboutItself =
  /\b(?:as an ai|language model|system prompt|previous instructions|ignore (?:all|any|the|previous|prior)|i (?:can(?:no|')t|am unable|'m sorry|apologi[sz]e)|here (?:are|is) (?:the |your |some |\d)|sure[,!]|subject lines?:)/iu;
/** Promises that a shop may be held to: never made up. */
const claims = [
  /\bfree\b|\bgratis\b|\bkostenlos|\bgratuit|\bgratuito?s?\b|無料|免费/u,
  /\bguarantee|\bgarant/u,
  /\bwinner\b|\byou(?:'ve)? won\b|\bgewonnen\b|\bgagné\b|\bganado\b/u,
  /\brefund|\bgeld zurück|\brembours/u,
  /\bdiscount|\brabatt|\bremise\b|\bdescuento|\bsconto|\bkorting|割引|\bsale\b|\bschlussverkauf|\bsoldes\b|\brebajas\b/u,
  /\btoday\b|\btonight\b|\btomorrow\b|\bheute\b|\bmorgen\b|\baujourd'hui|\bdemain\b|\bhoy\b|\bmañana\b|\boggi\b|\bdomani\b|\bvandaag\b|\bhoje\b/u,
  /\blast chance\b|\bends?\b.*\bsoon\b|\bletzte chance\b|\bdernière chance\b|\búltima oportunidad\b|\bultima occasione\b|\blaatste kans\b|\búltima chance\b/u,
];

export const folded = (text: string): string =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll("’", "'")
    .replace(/\p{Cf}/gu, "");

/** Whole words where words are written apart, anywhere in scripts that do not part them. */
function holds(plain: string, word: string): boolean {
  const wanted = folded(word).trim();
  if (wanted === "") return false;
  for (let at = plain.indexOf(wanted); at >= 0; at = plain.indexOf(wanted, at + 1)) {
    const [before, after] = [
      plain.slice(0, at).match(/.$/su)?.[0],
      plain.slice(at + wanted.length).match(/^./su)?.[0],
    ];
    if (!joins(before, wanted) && !joins(after, wanted)) return true;
  }
  return false;
}

const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
const joins = (neighbour: string | undefined, word: string): boolean =>
  neighbour !== undefined && /[\p{L}\p{N}]/u.test(neighbour) && !unspaced.test(word);

/** Numbers as they are meant: "1.000" and "1,000" alike. */
const numbers = (text: string): string[] =>
  (text.match(/\p{N}+(?:[.,]\p{N}+)*/gu) ?? []).map((number) => number.replace(/[.,]/gu, ""));

/** Whether a line is in a language, or where that is not known in the scripts of what it is about. */
export function sameLanguage(text: string, language: string, about: string): boolean {
  const own = languageOf(text);
  if (own !== "unknown" && language !== "unknown") return own === language;
  const scripts = (of: string) => scriptNames.filter((_, at) => scriptsKnown[at].test(of));
  const wanted = scripts(about);
  const found = scripts(text);
  return (
    wanted.length === 0 || found.length === 0 || found.every((script) => wanted.includes(script))
  );
}

const scriptNames = [
  "Latin",
  "Cyrillic",
  "Greek",
  "Arabic",
  "Hebrew",
  "Han",
  "Kana",
  "Hangul",
  "Thai",
  "Devanagari",
];
const scriptsKnown = [
  /\p{Script=Latin}{2}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Arabic}/u,
  /\p{Script=Hebrew}/u,
  /\p{Script=Han}/u,
  /[\p{Script=Hiragana}\p{Script=Katakana}]/u,
  /\p{Script=Hangul}/u,
  /\p{Script=Thai}/u,
  /\p{Script=Devanagari}/u,
];

/** Whether five words on end, or twelve characters of scripts without spaces, are somebody else's. */
function repeats(plain: string, voice: string): boolean {
  const words = plain.match(/[\p{L}\p{N}']+/gu) ?? [];
  const theirs = ` ${(voice.match(/[\p{L}\p{N}']+/gu) ?? []).join(" ")} `;
  for (let at = 0; at + 5 <= words.length; at++)
    if (theirs.includes(` ${words.slice(at, at + 5).join(" ")} `)) return true;
  if (!unspaced.test(plain)) return false;
  const letters = plain.replace(/[^\p{L}\p{N}]/gu, "");
  const whole = voice.replace(/[^\p{L}\p{N}]/gu, "");
  for (let at = 0; at + 12 <= letters.length; at++)
    if (whole.includes(letters.slice(at, at + 12))) return true;
  return false;
}

/** Whether a line shares the beginning of a longer word with the brief, or two characters of scripts without spaces. */
function isAbout(plain: string, given: string): boolean {
  const words = (text: string) => text.match(/[\p{L}\p{M}\p{N}']+/gu) ?? [];
  if (unspaced.test(given)) {
    const pairs = new Set(words(given).flatMap((word) => pairsOf(word)));
    return (
      pairs.size === 0 || words(plain).some((word) => pairsOf(word).some((pair) => pairs.has(pair)))
    );
  }
  const long = words(given).filter((word) => [...word].length >= 4);
  const wanted = (long.length > 0 ? long : words(given)).map((word) => word.slice(0, 5));
  return wanted.length === 0 || words(plain).some((word) => wanted.includes(word.slice(0, 5)));
}

const pairsOf = (word: string): string[] =>
  Array.from({ length: Math.max(0, word.length - 1) }, (_, at) => word.slice(at, at + 2));
