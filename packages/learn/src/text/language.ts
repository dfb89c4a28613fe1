import { tokens } from "./tokens.js";

const scripts: readonly (readonly [language: string, script: RegExp])[] = [
  ["ja", /[\p{Script=Hiragana}\p{Script=Katakana}]/u],
  ["ko", /\p{Script=Hangul}/u],
  ["zh", /\p{Script=Han}/u],
  ["th", /\p{Script=Thai}/u],
  ["he", /\p{Script=Hebrew}/u],
  ["el", /\p{Script=Greek}/u],
];

/** Short words that are frequent in one language and rare in the others. */
const frequent: Readonly<Record<string, readonly string[]>> = {
  en: "the of and your you is for with this that are our it be from what how why don't we've it's until off back just only have has get new now their they here when".split(
    " ",
  ),
  de: "der die das und ist nicht sie ihr ihre für mit auf ein eine einen wir uns jetzt zum zur bis noch sind von wieder nur dem den im neu neue alle mehr haben wird auch".split(
    " ",
  ),
  fr: "le la les des et est vous votre vos pour avec une dans sur pas nous ce cette du aux notre plus".split(
    " ",
  ),
  es: "el los las y es tu tus para con una en por que no del al su más este esta nuestro".split(
    " ",
  ),
  it: "il lo gli e è tuo tua tuoi per con una di che non del della sul più questo nostro ai".split(
    " ",
  ),
  pt: "o os as e é seu sua para com uma em por que não do da dos das mais este nosso você".split(
    " ",
  ),
  nl: "de het een en is niet je jouw voor met op van wij ons nu tot nog zijn deze bij".split(" "),
};
const owners = new Map<string, string[]>();
for (const [language, words] of Object.entries(frequent))
  for (const word of words) owners.set(word, [...(owners.get(word) ?? []), language]);

/**
 * The language of a short text as ISO 639-1, by its script or its frequent small words; "unknown" where they do not tell, as of most lines of
 * two or three words, and of scripts that several languages share.
 */
export function languageOf(text: string): string {
  for (const [language, script] of scripts) if (script.test(text)) return language;
  if (!/\p{Script=Latin}/u.test(text)) return "unknown";
  const votes = new Map<string, number>();
  for (const word of new Set(tokens(text))) {
    const own = owners.get(word);
    for (const language of own ?? [])
      votes.set(language, (votes.get(language) ?? 0) + 1 / (own as string[]).length);
  }
  const [first, second] = [...votes].sort((left, right) => right[1] - left[1]);
  return first && first[1] >= 1.5 && first[1] >= 1.5 * (second?.[1] ?? 0) ? first[0] : "unknown";
}
