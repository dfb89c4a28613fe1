import type { LineScorer } from "../types.js";
import { longestLine } from "./check-candidate.js";
import { forms } from "./forms.js";
import type { BrandRules, SubjectBrief, SubjectCandidate } from "./types.js";

/** Winners whose form is taken over, at most. */
const mostWinners = 40;
const breaks = /\s*(?::|–|—|\||…|\.\.\.|!|\?|,)\s+|\s+-\s+/u;

/**
 * Lines made of the brief's own words: in the form of lines of the account that did well, with what they opened or closed with, and in
 * forms common in the language. What such a form claims is checked like everything else.
 */
export function localCandidates(
  brief: SubjectBrief,
  brand: BrandRules,
  language: string,
  scorer: LineScorer | undefined,
): SubjectCandidate[] {
  const most = brand.maxLength ?? longestLine;
  const phrases = phrasesOf(brief, most);
  const tokens = brand.tokens ?? [];
  const withRequired = (text: string) =>
    (brand.required ?? []).reduce(
      (line, word) =>
        line.toLowerCase().includes(word.toLowerCase()) ? line : `${line} – ${word}`,
      text,
    );
  const made = (text: string, origin: SubjectCandidate["origin"]): SubjectCandidate => ({
    text: withRequired(text.replace(/\s+/gu, " ").trim()),
    origin,
  });
  const winners = (scorer?.winners ?? []).filter(({ effect }) => effect > 0).slice(0, mostWinners);
  const candidates: SubjectCandidate[] = [];
  for (const { text } of winners) {
    const { opening, closing, sign } = framesOf(text);
    for (const phrase of phrases) {
      if (opening !== undefined) candidates.push(made(`${opening} ${phrase}`, "account"));
      if (closing !== undefined) candidates.push(made(`${phrase} ${closing}`, "account"));
      if (sign !== undefined) candidates.push(made(`${phrase}${sign}`, "account"));
    }
  }
  for (const phrase of phrases) {
    candidates.push(made(phrase, "template"));
    for (const form of forms(language))
      candidates.push(made(form.replace("…", phrase), "template"));
    for (const token of tokens) candidates.push(made(`${token}, ${phrase}`, "template"));
    if (brand.emoji) candidates.push(made(`✨ ${phrase}`, "template"));
  }
  return candidates;
}

/** What a line opens with before its first break, what it closes with after its last, and the sign it ends on. */
function framesOf(text: string) {
  const first = text.match(breaks);
  const cut = first?.index ?? -1;
  const opening =
    cut > 1 && cut <= 25 ? text.slice(0, cut + (first?.[0].length ?? 0)).trim() : undefined;
  const parts = [...text.matchAll(new RegExp(breaks, "gu"))];
  const last = parts.at(-1);
  const closing =
    last && text.length - last.index <= 30 && last.index > 0
      ? text.slice(last.index).trim()
      : undefined;
  const sign = text.match(/[?!？！]$/u)?.[0];
  return { opening, closing: closing === sign ? undefined : closing, sign };
}

/** The brief in pieces that fit into a line: its sentences, their parts, and its terms with each. */
function phrasesOf({ about, terms = [] }: SubjectBrief, most: number): string[] {
  const sentences = about
    .split(/(?<=[.!?。！？])\s+|[。！？\n]+/u)
    .map((sentence) => sentence.replace(/[.\s]+$/u, "").trim());
  const parts = sentences.flatMap((sentence) => [
    sentence,
    ...sentence.split(/\s*[:;–—,、]\s*|\s+-\s+/u),
  ]);
  const bare = parts.map((part) => part.trim()).filter((part) => [...part].length >= 2);
  const joined = terms.flatMap((term) =>
    bare
      .filter((part) => !part.toLowerCase().includes(term.toLowerCase()))
      .flatMap((part) => [`${term}: ${part}`, `${part} – ${term}`]),
  );
  const all = [...bare, ...joined].map((text) => fitted(text, most));
  return [...new Set(all)].filter((text) => text !== "").slice(0, 24);
}

/** As many whole words as fit. */
function fitted(text: string, most: number): string {
  if ([...text].length <= most) return text;
  const words = text.split(/\s+/u);
  let line = "";
  for (const word of words) {
    if ([...line].length + [...word].length + 1 > most - 2) break;
    line = line === "" ? word : `${line} ${word}`;
  }
  return line;
}
