import type { LineScorer, ScoredLine } from "../types.js";

/** What a campaign is about. Everything that candidates may claim must be in it. */
export interface SubjectBrief {
  /** One or two sentences in your words, such as "Summer sale: boots 20 % off until Sunday". */
  readonly about: string;
  /** Words of which a candidate should hold some. */
  readonly terms?: readonly string[];
  /** ISO 639-1. Defaults to the language of `about`. */
  readonly language?: string;
  /**
   * What customers wrote, to write in their words. It is given to a language model as quoted data, addresses and numbers taken out; it is
   * never followed, and no candidate may repeat it.
   */
  readonly voices?: readonly string[];
}

export interface BrandRules {
  /** How the brand speaks, told to a language model. */
  readonly voice?: string;
  /** Words and phrases that no candidate holds, whatever their case. */
  readonly forbidden?: readonly string[];
  /** Words and phrases of which every candidate holds all. */
  readonly required?: readonly string[];
  /** Most characters. Defaults to 60. */
  readonly maxLength?: number;
  /** Defaults to false. */
  readonly emoji?: boolean;
  /** Personalisation tokens that your system fills, such as "{{ first_name }}". Defaults to none. */
  readonly tokens?: readonly string[];
}

export interface SuggestOptions {
  /** How many are wanted. Defaults to 5, at most 50. */
  readonly n?: number;
  /** Ranks the candidates. Without one they stand in the order in which they were written. */
  readonly scorer?: LineScorer;
  readonly brand?: BrandRules;
  /** A language model of the AI SDK (package `ai`), such as `openai("gpt-5")`. Without one all candidates are made here. */
  readonly model?: unknown;
  /** Tokens that the model may write. Defaults to 800. */
  readonly maxOutputTokens?: number;
  /** Tokens, about, that it may be given to read. Defaults to 3,000. */
  readonly maxInputTokens?: number;
  /** How long it may take. Defaults to 20,000. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** A line to choose from. Nothing is sent by itself. */
export interface SubjectCandidate {
  readonly text: string;
  /** "account": the form of a line of yours that did well; "template": a common form; "model": a language model wrote it. */
  readonly origin: "account" | "template" | "model";
  /** Where there is a scorer. */
  readonly score?: ScoredLine;
}

export interface Suggestions {
  /** Best first, no two alike; fewer than asked for where fewer passed. */
  readonly candidates: readonly SubjectCandidate[];
  /** What was not offered, by rule. */
  readonly refused: Readonly<Record<string, number>>;
  /** What happened, one plain sentence each. */
  readonly notes: readonly string[];
  /** Tokens that the model says it read and wrote. */
  readonly usage?: { readonly inputTokens?: number; readonly outputTokens?: number };
}
