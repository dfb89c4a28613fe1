import type { TextEmbedding } from "../embedding.js";
import { heldOut, ridgePath } from "./hold-out.js";
import { type PairAccuracy, pairAccuracy } from "./pairs.js";
import { spreadOf } from "./spread.js";
import type { Contests } from "./trials.js";

/**
 * What is taken to hold of an account that has tested too little to say it itself: how strong effects of words are and how far lines
 * lie apart for no reason that words tell, as among the headlines of the Upworthy Research Archive (Matias et al. 2021). Of accounts of
 * three to nine tests drawn from it, scores by this prior came true on other tests in full and more: slopes 1.2 to 1.9.
 */
export const declaredPrior = { penalty: 60, spread: 0.06 };

/** Degrees of freedom that the declared spread counts as. */
const spreadWeight = 20;

/** How much of an answer is the declared prior. */
export interface LinePrior {
  /** 0 to 1, of a line like those that were tested; 1 where none was. */
  readonly share: number;
  readonly because: string;
}

/** What few contests say with the declared prior: nothing is tuned, and what was held out only says how well that went. */
export async function fewContests(
  contests: Contests,
  all: Int32Array,
  options: {
    readonly seed: number;
    readonly signal?: AbortSignal | undefined;
    readonly needed: number;
    readonly embedding?: TextEmbedding | undefined;
  },
) {
  const { penalty, spread: declared } = declaredPrior;
  const { seed, signal, needed, embedding } = options;
  const blocks = new Set(contests.blocks).size;
  const free = contests.texts.length - all.length;
  const own = free === 0 ? declared : spreadOf(contests);
  const spread = (free * own + spreadWeight * declared) / (free + spreadWeight);
  const untold: PairAccuracy = {
    ...pairAccuracy(contests, new Float64Array(contests.texts.length)),
    accuracy: null,
    significantAccuracy: null,
  };
  const held =
    blocks < 2
      ? undefined
      : await heldOut(contests, all, {
          folds: blocks,
          seed,
          penalties: [penalty],
          signal,
          embedding,
        });
  const shares = Array.from(contests.variances, (variance) => {
    const noise = variance + spread;
    return noise / (noise + 1 / penalty);
  });
  const share = shares.length === 0 ? 1 : shares.reduce((sum, one) => sum + one, 0) / shares.length;
  return {
    fitted:
      all.length === 0
        ? undefined
        : await ridgePath(contests, all, [penalty], { signal, embedding }),
    spread,
    proof: held ? pairAccuracy(contests, held[0]) : untold,
    prior: {
      share,
      because: `${blocks === 0 ? "No test compares" : blocks === 1 ? "Only one test compares" : `Only ${blocks} tests compare`} different lines before the same people. Until there are ${needed}, words are taken to matter little, about as much as in published headlines, and lines to differ by ±${Math.round(100 * Math.expm1(1.28 * Math.sqrt(declared)))} % (80 %) for no reason that words tell.`,
    } satisfies LinePrior,
  };
}
