import { tokens } from "../tokens.js";
import { pairsOf } from "./pairs.js";
import { spreadOf } from "./spread.js";
import { contestsOf, type LineTrials } from "./trials.js";
import { type WordEffect, type WordEffects, wordEffects } from "./word-effects.js";

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

/**
 * How many campaigns compare different lines, and how far those lie apart: the variance of log-odds beyond sampling.
 *
 * @throws LearnError "input" when trials cannot be used
 */
export function lineSpread(trials: LineTrials): { contests: number; spread: number } {
  const contests = contestsOf(trials);
  return { contests: contests.starts.length - 1, spread: spreadOf(contests) };
}

/**
 * What single words and style do, without a model of whole lines.
 *
 * @throws LearnError "input" when trials cannot be used
 */
export function lineWords(trials: LineTrials): WordEffects {
  const contests = contestsOf(trials);
  return wordEffects(contests, spreadOf(contests));
}

/**
 * What words do among some of the people, given what they do among all: how each differs is drawn towards not at all, as little as is
 * known of it. Of an effect told here `clear` says whether it differs from that among all beyond chance (see `WordEffect`), and `p` how
 * often chance alone would show such a difference.
 *
 * @throws LearnError "input" when trials cannot be used
 */
export function wordsAmong(some: LineTrials, all: WordEffects): WordEffect[] {
  const known = new Map(all.words.map((one) => [one.word, one]));
  const offsets = some.texts.map((text, line) => {
    let told = some.offsets?.[line] ?? 0;
    for (const word of new Set(tokens(text))) told += Math.log1p(known.get(word)?.effect ?? 0);
    return told;
  });
  const { words } = lineWords({ ...some, offsets });
  return words.flatMap((differs) => {
    const whole = known.get(differs.word);
    if (whole === undefined) return [];
    const middle = Math.log1p(whole.effect) + Math.log1p(differs.effect);
    const reach = Math.hypot(reachOf(whole), reachOf(differs));
    return {
      ...differs,
      effect: Math.expm1(middle),
      low: Math.expm1(middle - reach),
      high: Math.expm1(middle + reach),
    };
  });
}

const reachOf = ({ low, high }: WordEffect): number => (Math.log1p(high) - Math.log1p(low)) / 2;
