import type {
  LinePrior,
  LintFinding,
  Readability,
  TextEmbedding,
  WordEffect,
} from "@inchworm/learn";
import type { Campaign, Instant, OnProgress, ProbabilityCard } from "@inchworm/spec";
import type { ProfileColumn } from "@inchworm/store";

export interface LinesOptions {
  /** Defaults to "email". */
  readonly channel?: Campaign["channel"];
  /** What counts as an answer. What machines opened and clicked never does. */
  readonly by?: "opens" | "clicks";
  /**
   * The name of the test that a campaign is a part of: campaigns of one name were sent by lot, at the same time, with all else alike.
   * Defaults to campaigns whose names differ by a closing letter or number at most, sent within two days of one another to different
   * people. Either way groups that were unlike beforehand are not taken for a test.
   */
  readonly test?: (campaign: Campaign) => string | undefined;
  /** Tells words for each value apart too, where there are enough campaigns: a column of contacts, or what you know of them. */
  readonly segment?: ProfileColumn | ((contact: number) => string | undefined);
  /** Months of campaigns that are looked at. Defaults to 24. */
  readonly months?: number;
  /**
   * Features of your own, such as `sentenceEmbedding` of `@inchworm/learn` gives; it is asked to `prepare` the account's texts. Texts that
   * are scored later are yours to prepare.
   */
  readonly embedding?: PreparedEmbedding;
}

/** An embedding that may have to work out vectors before it gives them. */
export interface PreparedEmbedding extends TextEmbedding {
  prepare?(texts: readonly string[], options?: { readonly signal?: AbortSignal }): Promise<void>;
}

export interface CopyOptions extends LinesOptions {
  /** What of a campaign is compared. Defaults to "preview". */
  readonly part?: "preview" | "body" | "callToAction";
}

/** What the work of words is given. */
export interface WordsContext {
  readonly asOf: Instant;
  readonly seed: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

/**
 * How sure an effect can be meant. "randomised": lines that were sent by lot, in one test. "adjusted": lines of neighbouring weeks, after
 * what is known of audience, hour and fatigue was taken off; what is not known may still be in it. "correlational": nothing could be
 * taken off.
 */
export type EvidenceGrade = "randomised" | "adjusted" | "correlational";

export interface GradedWord extends WordEffect {
  readonly grade: EvidenceGrade;
}

/** One segment's words; `clear` says whether a word does something else there than among all. */
export interface SegmentWords {
  readonly segment: string;
  readonly words: readonly WordEffect[];
}

export interface ScoredLine {
  readonly text: string;
  /** ISO 639-1, or "unknown". */
  readonly language: string;
  /** Relative change of the rate against the account's median line: .03 is three per cent more answers. 0 where withheld. */
  readonly effect: number;
  /** 80 % interval. */
  readonly low: number;
  readonly high: number;
  /** Chance that it does better than the median line. */
  readonly better: number;
  /** What its words and style add, as relative changes, strongest first; empty where withheld. */
  readonly reasons: readonly { readonly word: string; readonly effect: number }[];
  readonly lint: readonly LintFinding[];
  /** Of bodies that are long enough to tell. */
  readonly readability?: Readability;
  /** What a reader should know of this line's advice, one plain sentence each. */
  readonly notes: readonly string[];
}

/** Scores lines by what this account's own campaigns say. It sends nothing. */
export interface LineScorer {
  readonly scorer: string;
  /** "prior": so little was compared that the answer rests on a declared prior. */
  readonly verdict: "published" | "withheld" | "prior";
  /** One sentence with the numbers that decided it. */
  readonly because: string;
  /** Absent where there was too little to judge by. */
  readonly card?: ProbabilityCard;
  readonly prior?: LinePrior;
  /** Clearest first. */
  readonly words: readonly GradedWord[];
  readonly style: readonly GradedWord[];
  readonly segments: readonly SegmentWords[];
  /** What was compared, what was corrected for, and what was left out, one plain sentence each. */
  readonly notes: readonly string[];
  /** What the account's own lines came to, best first: after correction, each line once. */
  readonly winners: readonly { readonly text: string; readonly effect: number }[];
  score(lines: readonly string[]): ScoredLine[];
}
