import { languageOf } from "@inchworm/learn";
import { InchwormError } from "@inchworm/spec";
import { type Asked, askModel } from "./ask-model.js";
import { folded, refusal, sameLanguage } from "./check-candidate.js";
import { localCandidates } from "./local-candidates.js";
import { promptFor } from "./prompt.js";
import type { SubjectBrief, SubjectCandidate, Suggestions, SuggestOptions } from "./types.js";

const defaults = { n: 5, maxOutputTokens: 800, maxInputTokens: 3000, timeoutMs: 20_000 };
const ranges: Readonly<Record<keyof typeof defaults, readonly [least: number, most: number]>> = {
  n: [1, 50],
  maxOutputTokens: [1, 100_000],
  maxInputTokens: [1, 1_000_000],
  timeoutMs: [1, 600_000],
};

/**
 * Subject lines to choose from: in the form of the account's own that did well, in common forms, and by a language model where one is
 * given. Each passes lint and the brand's rules, claims nothing that the brief does not say, and holds no address, link or secret; they
 * are ranked by the scorer, and none is sent. A model that fails leaves the others.
 *
 * @throws InchwormError "input" for a brief or an option that cannot be; "config" with a model but without the package `ai`; "aborted"
 * @example
 * const { candidates } = await shop.suggestSubjects("Winter boots are back in stock", { n: 3 });
 */
export async function suggestSubjects(
  brief: string | SubjectBrief,
  options: SuggestOptions = {},
): Promise<Suggestions> {
  const whole = typeof brief === "string" ? { about: brief } : brief;
  if (typeof whole.about !== "string" || whole.about.trim() === "")
    throw new InchwormError("input", "suggestSubjects: the brief says nothing.", {
      hint: 'Say what the campaign is about: suggestSubjects("Winter boots are back in stock").',
    });
  const { n, maxOutputTokens, maxInputTokens, timeoutMs } = checked(options);
  const { scorer, brand = {}, model, signal } = options;
  if (signal?.aborted) throw new InchwormError("aborted", "The work was stopped.");
  const language = whole.language ?? languageAmong([whole.about, ...winnersOf(scorer)]);
  const notes: string[] = [];
  let asked: Asked | undefined;
  if (model !== undefined) {
    const prompt = promptFor(whole, brand, {
      n: Math.min(50, 2 * n),
      language,
      scorer,
      maxInputTokens,
    });
    if (prompt === undefined)
      notes.push(
        `The brief does not fit into ${maxInputTokens} tokens: the language model was not asked.`,
      );
    else {
      asked = await askModel(prompt, { model, maxOutputTokens, timeoutMs, signal });
      if (asked.note !== undefined) notes.push(asked.note);
    }
  }
  const written = (asked?.lines ?? []).map(
    (text): SubjectCandidate => ({ text: text.normalize("NFC").trim(), origin: "model" }),
  );
  const refused: Record<string, number> = {};
  const refuse = (rule: string) => {
    refused[rule] = (refused[rule] ?? 0) + 1;
  };
  const sent = new Set(winnersOf(scorer).map(alike));
  const seen = new Set<string>();
  const passed: SubjectCandidate[] = [];
  for (const candidate of [...written, ...localCandidates(whole, brand, language, scorer)]) {
    const rule = refusal(candidate.text, { brief: whole, brand, language });
    const key = alike(candidate.text);
    if (rule !== undefined) refuse(rule);
    else if (sent.has(key)) refuse("sent before");
    else if (seen.has(key)) refuse("duplicate");
    else {
      seen.add(key);
      passed.push(candidate);
    }
  }
  const candidates = ranked(passed, scorer).slice(0, n);
  if (candidates.length < n) notes.push(`${candidates.length} of ${n} lines passed every rule.`);
  if (scorer && scorer.verdict !== "published")
    notes.push(`The order says little: ${scorer.because}`);
  return {
    candidates,
    refused,
    notes,
    ...(asked?.usage && { usage: asked.usage }),
  };
}

function checked(options: SuggestOptions): typeof defaults {
  const settings = { ...defaults };
  for (const key of Object.keys(defaults) as (keyof typeof defaults)[]) {
    const value = options[key] ?? defaults[key];
    const [least, most] = ranges[key];
    if (!(Number.isInteger(value) && value >= least && value <= most))
      throw new InchwormError(
        "input",
        `suggestSubjects: "${key}" must be an integer from ${least} to ${most}, got ${value}.`,
      );
    settings[key] = value;
  }
  return settings;
}

const winnersOf = (scorer: SuggestOptions["scorer"]): string[] =>
  (scorer?.winners ?? []).map(({ text }) => text);

/** Of the brief where it tells, else what most of the account's lines are in that tell. */
function languageAmong([about, ...lines]: readonly string[]): string {
  const own = languageOf(about);
  if (own !== "unknown") return own;
  const counts = new Map<string, number>();
  for (const line of lines.slice(0, 500)) {
    const language = languageOf(line);
    if (language !== "unknown" && sameLanguage(about, language, line))
      counts.set(language, (counts.get(language) ?? 0) + 1);
  }
  return [...counts].sort((left, right) => right[1] - left[1])[0]?.[0] ?? "unknown";
}

/** What differs in case, signs and blanks alone is one line; a question is another. */
const alike = (text: string): string =>
  folded(text)
    .replace(/[^\p{L}\p{N}?？؟\p{Extended_Pictographic}]+/gu, " ")
    .trim();

function ranked(
  passed: readonly SubjectCandidate[],
  scorer: SuggestOptions["scorer"],
): SubjectCandidate[] {
  if (scorer === undefined) return [...passed];
  const scores = scorer.score(passed.map(({ text }) => text));
  return passed
    .map((candidate, at) => ({ ...candidate, score: scores[at] }))
    .sort((left, right) => right.score.effect - left.score.effect);
}
