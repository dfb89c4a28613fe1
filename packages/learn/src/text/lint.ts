import { languageOf } from "./language.js";

/** One thing a careful colleague would point out, whatever the score. */
export interface LintFinding {
  /** Name of the rule. */
  readonly rule:
    | "empty"
    | "cut-off"
    | "shouting"
    | "marks"
    | "emoji"
    | "false-reply"
    | "broken-token"
    | "spam-word"
    | "odd-character";
  readonly says: string;
}

/** About what the list of a telephone's mail shows of a subject line, upright; wide characters count twice. */
const shownOnPhones = 41;
const opening = ["{{", "*|", "[[", "{!"] as const;
const closing: Readonly<Record<string, string>> = { "{{": "}}", "*|": "|*", "[[": "]]", "{!": "}" };
/** Words that filters and readers hold against a line. English only, and only asked of lines in English or of unknown language. */
const spamWords =
  /\b(?:act now|100% free|free money|risk[- ]free|no obligation|winner|you(?:'ve| have) won|cash bonus|double your|earn \$|extra income|click here|buy direct|miracle|viagra|casino|guaranteed|limited time only|urgent response)\b/giu;
const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Extended_Pictographic}\uff01-\uff60]/u;

/** Rules of plain craft, each with its name. What they say is advice, not a prediction. */
export function lintLine(line: string): LintFinding[] {
  const text = line.trim();
  if (text === "") return [{ rule: "empty", says: "The line is empty." }];
  const found: LintFinding[] = [];
  const say = (rule: LintFinding["rule"], says: string) => found.push({ rule, says });
  const width = [...text].reduce((sum, one) => sum + (wide.test(one) ? 2 : 1), 0);
  if (width > shownOnPhones)
    say(
      "cut-off",
      `About ${shownOnPhones} characters are seen on a telephone; this line is ${width} wide and ends at "${upTo(text, shownOnPhones)}".`,
    );
  const letters = text.match(/[\p{Lu}\p{Ll}]/gu) ?? [];
  const capitals = text.match(/\p{Lu}/gu)?.length ?? 0;
  if (letters.length >= 8 && capitals > 0.7 * letters.length)
    say("shouting", "Nearly all letters are capitals.");
  if (/[!?！？]{2,}/u.test(text) || (text.match(/[!！]/gu)?.length ?? 0) > 1)
    say("marks", "More than one exclamation mark, or several marks in a row.");
  if ((text.match(/\p{Extended_Pictographic}/gu)?.length ?? 0) > 3)
    say("emoji", "More than three emoji.");
  if (/^(?:re|fwd?|aw|wg|tr|rv)\s*:/iu.test(text))
    say(
      "false-reply",
      'It begins like a reply or a forwarded mail ("Re:"); where it is none, that misleads.',
    );
  for (const open of opening) {
    const close = closing[open];
    if (text.split(open).length !== text.split(close).length && text.includes(open))
      say("broken-token", `A token opened with "${open}" is not closed with "${close}".`);
  }
  const language = languageOf(text);
  if (language === "en" || language === "unknown")
    for (const [word] of text.matchAll(spamWords))
      say("spam-word", `"${word}" is on the lists of many spam filters.`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
  if (/[\u0000-\u001f\u200b-\u200f\u202a-\u202e\ufeff\ufffd]/u.test(text.replace(/\u200d/gu, "")))
    say(
      "odd-character",
      "It holds a character that cannot be seen, or the mark of one that was lost.",
    );
  return found;
}

function upTo(text: string, width: number): string {
  let used = 0;
  let shown = "";
  for (const one of text) {
    used += wide.test(one) ? 2 : 1;
    if (used > width) break;
    shown += one;
  }
  return shown;
}
