import { openArtifact } from "../../artifact.js";
import { LearnError } from "../../error.js";
import { type Constraints, checkOptions } from "../../options.js";
import type { Artifact, FitOptions } from "../../types.js";
import { bestPenalty, contestFolds, heldOut, penalties, ridgePath } from "./hold-out.js";
import { type LineModel, lineModel, readLineModel, version } from "./line-model.js";
import { pairAccuracy } from "./pairs.js";
import { slopeOf } from "./slope.js";
import { spreadOf } from "./spread.js";
import { type Contests, contestsOf, type LineTrials, who } from "./trials.js";
import { marginOf } from "./within-ridge.js";
import { wordEffects } from "./word-effects.js";

export interface SubjectLinesOptions {
  /** Folds of cross-validation, 2 to 20. Defaults to 5. */
  readonly folds?: number;
  /** Defaults to 1. */
  readonly seed?: number;
}

export interface SubjectLines {
  readonly kind: typeof who;
  /**
   * Learns from lines that met before the same people what makes one be clicked more than another.
   *
   * @throws LearnError "input" when trials cannot be used, or fewer than ten contests compare different lines
   */
  fit(trials: LineTrials, options?: Pick<FitOptions, "signal" | "onProgress">): Promise<LineModel>;
  /** @throws LearnError "artifact" when it is foreign, truncated, of another kind or version, or hostile */
  load(artifact: Artifact): LineModel;
}

const defaults = { folds: 5, seed: 1 };
const constraints: Constraints = {
  folds: { min: 2, max: 20, integer: true },
  seed: { min: 0, integer: true },
};
const innerFolds = 3;
const leastContests = 10;

/**
 * Scores headlines, subject lines and other short copy by what this account's own tests say. Only lines that met before the same people
 * are compared, so that audience and hour cancel out; words, runs of characters and style have effects on the log-odds of a
 * click, drawn towards none (ridge, its strength by cross-validation inside each fold). How good it is, is measured on contests that it
 * never saw, and a score is taken as far as those bear it out.
 */
export function subjectLines(options: SubjectLinesOptions = {}): SubjectLines {
  const { folds, seed } = { ...defaults, ...options };
  checkOptions(who, { folds, seed }, constraints);
  return {
    kind: who,
    async fit(trials, { signal, onProgress } = {}) {
      const contests = contestsOf(trials);
      const all = Int32Array.from(contests.starts.subarray(0, -1).keys());
      checkEnough(contests, all, folds);
      const fits = folds * (innerFolds + 1);
      let done = 0;
      const step = () => onProgress?.(Math.min(1, ++done / fits));
      const fold = contestFolds(contests, all, folds, seed);
      const margins = new Float64Array(contests.texts.length);
      const chosen: number[] = [];
      for (let number = 0; number < folds; number++) {
        const inside = all.filter((_, at) => fold[at] !== number);
        const inner = { folds: innerFolds, seed, penalties, signal, onFold: step };
        const held = await heldOut(contests, inside, inner);
        const penalty = bestPenalty(contests, inside, held, penalties);
        chosen.push(penalty);
        const { rows, effects } = await ridgePath(contests, inside, [penalty], signal);
        for (const contest of all.filter((_, at) => fold[at] === number))
          for (let line = contests.starts[contest]; line < contests.starts[contest + 1]; line++)
            margins[line] = marginOf(rows, line, effects[0]);
        step();
      }
      const penalty = chosen.sort((left, right) => left - right)[folds >> 1];
      const { features, rows, effects } = await ridgePath(contests, all, [penalty], signal);
      const spread = spreadOf(contests);
      const slope = slopeOf(contests, margins, spread);
      const left = spreadOf(
        contests,
        margins.map((margin) => slope.value * margin),
      );
      onProgress?.(1);
      return lineModel({
        features,
        effects: Float32Array.from(effects[0]),
        median: medianOf(contests.texts.map((_, line) => marginOf(rows, line, effects[0]))),
        slope,
        spread: left,
        proof: {
          contests: all.length,
          lines: contests.texts.length,
          ...pairAccuracy(contests, margins),
        },
        ...wordEffects(contests, spread),
      });
    },
    load: (artifact) => readLineModel(openArtifact(artifact, who, version)),
  };
}

function checkEnough({ blocks }: Contests, all: Int32Array, folds: number): void {
  const apart = new Set(blocks).size;
  const least = Math.max(leastContests, folds);
  if (apart >= least) return;
  throw new LearnError(
    "input",
    `${who}: ${least} contests of different lines are needed, got ${apart}${apart < all.length ? ` that share no line (${all.length} in all)` : ""}.`,
    {
      hint: "A contest is two or more different lines that were shown to the same kind of people at the same time.",
    },
  );
}

function medianOf(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
