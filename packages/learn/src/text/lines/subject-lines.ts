import { openArtifact } from "../../artifact.js";
import { LearnError } from "../../error.js";
import { type Constraints, checkOptions } from "../../options.js";
import type { Artifact, FitOptions } from "../../types.js";
import type { TextEmbedding } from "../embedding.js";
import { declaredPrior, fewContests } from "./few.js";
import { bestPenalty, contestFolds, heldOut, penalties, ridgePath } from "./hold-out.js";
import { lineFeatures } from "./line-features.js";
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
  /** Features of your own, beside words, characters and style; a model that was fitted with one must be loaded with it. */
  readonly embedding?: TextEmbedding;
}

export interface SubjectLines {
  readonly kind: typeof who;
  /**
   * Learns from lines that met before the same people what makes one be clicked more than another. Where fewer than ten contests
   * compare different lines, the answer rests on a declared prior, and the model's `prior` says how far.
   *
   * @throws LearnError "input" when trials cannot be used, or no line was shown to anybody
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
  const { folds: asked, seed, embedding } = { ...defaults, ...options };
  checkOptions(who, { folds: asked, seed }, constraints);
  return {
    kind: who,
    async fit(trials, { signal, onProgress } = {}) {
      const contests = contestsOf(trials);
      const all = Int32Array.from(contests.starts.subarray(0, -1).keys());
      const apart = new Set(contests.blocks).size;
      if (apart < leastContests) {
        const few = await fewContests(contests, all, {
          seed,
          signal,
          embedding,
          needed: leastContests,
        });
        onProgress?.(1);
        return fewModel(few, contests, shownTexts(trials), embedding);
      }
      const folds = Math.min(asked, apart);
      const fits = folds * (innerFolds + 1);
      let done = 0;
      const step = () => onProgress?.(Math.min(1, ++done / fits));
      const fold = contestFolds(contests, all, folds, seed);
      const margins = new Float64Array(contests.texts.length);
      const chosen: number[] = [];
      for (let number = 0; number < folds; number++) {
        const inside = all.filter((_, at) => fold[at] !== number);
        const inner = { folds: innerFolds, seed, penalties, signal, embedding, onFold: step };
        const held = await heldOut(contests, inside, inner);
        const penalty = bestPenalty(contests, inside, held, penalties);
        chosen.push(penalty);
        const { rows, effects } = await ridgePath(contests, inside, [penalty], {
          signal,
          embedding,
        });
        for (const contest of all.filter((_, at) => fold[at] === number))
          for (let line = contests.starts[contest]; line < contests.starts[contest + 1]; line++)
            margins[line] = marginOf(rows, line, effects[0]);
        step();
      }
      const penalty = chosen.sort((left, right) => left - right)[folds >> 1];
      const { features, rows, effects } = await ridgePath(contests, all, [penalty], {
        signal,
        embedding,
      });
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
    load: (artifact) => readLineModel(openArtifact(artifact, who, version), embedding),
  };
}

/** Every line that was shown to anybody. */
function shownTexts({ texts, shown }: LineTrials): string[] {
  const found = texts.filter((_, line) => shown[line] > 0);
  if (found.length > 0) return found;
  throw new LearnError("input", `${who}: no line was shown to anybody.`, {
    hint: "Say how many people were shown each line, and how many of them clicked.",
  });
}

function fewModel(
  { fitted, spread, proof, prior }: Awaited<ReturnType<typeof fewContests>>,
  contests: Contests,
  texts: readonly string[],
  embedding: TextEmbedding | undefined,
): LineModel {
  const features = fitted?.features ?? lineFeatures(texts, embedding);
  const effects = fitted?.effects[0] ?? new Float64Array(features.columns);
  const rows = features.rows(texts);
  return lineModel({
    features,
    effects: Float32Array.from(effects),
    median: medianOf(texts.map((_, line) => marginOf(rows, line, effects))),
    slope: { value: 1, error: 0 },
    // what words do is as little known as what they do not tell
    spread: spread + 1 / declaredPrior.penalty,
    proof: {
      contests: contests.starts.length - 1,
      lines: contests.texts.length,
      ...proof,
    },
    prior,
    ...wordEffects(contests, spread),
  });
}

function medianOf(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
