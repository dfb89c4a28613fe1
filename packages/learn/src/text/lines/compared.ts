import { pairsOf } from "./pairs.js";
import { spreadOf } from "./spread.js";
import { contestsOf, type LineTrials } from "./trials.js";
import { type WordEffects, wordEffects } from "./word-effects.js";

/** Two different lines that met before the same people. */
export interface LinePair {
  readonly left: string;
  readonly right: string;
  /** Log-odds of a click of the left less those of the right, and the variance of that. */
  readonly difference: number;
  readonly variance: number;
  /** The campaign of `LineTrials`. */
  readonly campaign: number;
}

/**
 * Every pair of lines of a campaign whose rates differ.
 *
 * @throws LearnError "input" when trials cannot be used
 */
export function linePairs(trials: LineTrials): LinePair[] {
  const contests = contestsOf(trials);
  const { texts, logits, variances, numbers } = contests;
  return Array.from(numbers).flatMap((campaign, contest) =>
    Array.from(pairsOf(contests, [contest]), ({ left, right }) => ({
      left: texts[left],
      right: texts[right],
      difference: logits[left] - logits[right],
      variance: variances[left] + variances[right],
      campaign,
    })),
  );
}

/** What single words and style do, and how far lines lie apart, without a model of whole lines. */
export interface LineWords extends WordEffects {
  /** Campaigns with two different lines at least. */
  readonly contests: number;
  /** Variance of log-odds between lines of a campaign beyond sampling. */
  readonly spread: number;
}

/** @throws LearnError "input" when trials cannot be used */
export function lineWords(trials: LineTrials): LineWords {
  const contests = contestsOf(trials);
  const spread = spreadOf(contests);
  return { ...wordEffects(contests, spread), spread, contests: contests.starts.length - 1 };
}
