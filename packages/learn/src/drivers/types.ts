/** Sendings to be learned from: one row per line of a test, or per campaign and audience. Lists are as long as `shown`. */
export interface DriverTrials {
  /** How many people were shown it, > 0 to count. */
  readonly shown: ArrayLike<number>;
  /** How many of them clicked, or opened: no more than were shown it. */
  readonly clicked: ArrayLike<number>;
  /** The headline or subject line. */
  readonly texts?: readonly string[];
  /** The test or campaign. Rows of one number were sent at the same occasion, and compare with one another. Defaults to each its own. */
  readonly groups?: ArrayLike<number>;
  /** The audience, `undefined` where it is not known. */
  readonly segments?: readonly (string | undefined)[];
  /** What else varied, such as "hour", "color", "medium", "form" and "offer"; `undefined` is none, a level of its own. */
  readonly factors?: Readonly<Record<string, readonly (string | undefined)[]>>;
  /** When it was sent, milliseconds since 1970; `NaN` is unknown. Campaigns are then corrected for how tired the list is, and for the trend. */
  readonly at?: ArrayLike<number>;
}

/**
 * How good the evidence is. `randomised`: it varied within tests whose audience was the same. `adjusted`: it varies from campaign to
 * campaign, and audience, hour, fatigue of the list and all other factors are corrected for. `correlational`: it cannot be told apart from
 * the audience, the audience is not known, or what it seemed to do was the audience's.
 */
export type EvidenceGrade = "randomised" | "adjusted" | "correlational";

/** What one level of a factor was found to do to the click rate, against what else was sent in its place. */
export interface Driver {
  /** "term" and "style" for the text, else the factor's name. */
  readonly factor: string;
  readonly level: string;
  /** Present where it is said of this audience alone. */
  readonly segment?: string;
  /** Change of the click rate, as a share of those who were shown it: .004 is 0.4 points. Drawn towards 0 as far as the data leave it open. */
  readonly effect: number;
  /** 95 % interval of `effect`. */
  readonly low: number;
  readonly high: number;
  /** The same as a share of the click rate: .03 is three per cent more clicks. */
  readonly relative: number;
  readonly relativeLow: number;
  readonly relativeHigh: number;
  readonly grade: EvidenceGrade;
  /** Why it is graded so. */
  readonly because: string;
  /** How often chance alone would show as much, were there no effect. */
  readonly p: number;
  /** The least rate of false discoveries at which it would be among them (Benjamini & Hochberg 1995). */
  readonly q: number;
  /** Whether it stands out: `q` no more than the rate that was asked for, and the interval without 0. */
  readonly clear: boolean;
  /** How often something with it can be held against something without it: within tests, or campaigns. */
  readonly comparisons: number;
  /** The relative change with nothing corrected for; of what was found from campaign to campaign. */
  readonly crude?: number;
}

/** What to test next, because it would tell most. */
export interface NextTest {
  readonly factor: string;
  readonly level: string;
  readonly segment?: string;
  /** People per variant and test, and tests, so that an effect as large as may now be expected would stand out in four of five cases; at most 200 tests. */
  readonly shown: number;
  readonly tests: number;
  /** Clicks a thousand people more that knowing is expected to bring. */
  readonly gain: number;
  readonly because: string;
}

export interface DriverReport {
  /** Those that stand out first, then by `q`. */
  readonly drivers: readonly Driver[];
  readonly nextTest: NextTest | null;
  /** Click rate over all. */
  readonly rate: number;
  readonly rows: number;
  /** Tests within which something varied, and campaigns in all. */
  readonly tests: number;
  readonly campaigns: number;
  /** Standard deviations, in log-odds, of what nothing here tells: between lines of a test, and between campaigns; `null` where not estimated. */
  readonly noise: { readonly tests: number | null; readonly campaigns: number | null };
  /** What a reader should know, one sentence each. */
  readonly notes: readonly string[];
}

export interface DriversOptions {
  /** Rate of false discoveries among those that stand out. Defaults to 0.1. */
  readonly fdr?: number;
  /** Levels held against others less often than this are left out. Defaults to 5. */
  readonly comparisons?: number;
  /** Words looked at, the most often compared first. Defaults to 300. */
  readonly terms?: number;
}
