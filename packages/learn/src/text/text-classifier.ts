import { openArtifact } from "../artifact.js";
import { LearnError } from "../error.js";
import { type Constraints, checkOptions } from "../options.js";
import type { Artifact, FitOptions } from "../types.js";
import type { TextEmbedding } from "./embedding.js";
import { foldsOf } from "./folds.js";
import { linearSvm } from "./linear-svm.js";
import { macroF1 } from "./macro-f1.js";
import { fitSharpness, softmax, softmaxLoss } from "./temperature.js";
import {
  kind,
  marginsOf,
  readTextModel,
  type TextModel,
  textModel,
  version,
} from "./text-model.js";
import { tfIdf } from "./tf-idf.js";

export interface TextClassifierOptions {
  /** Seed of folds and of the order in which texts are visited. Defaults to 1. */
  readonly seed?: number;
  /** Features of your own, beside words and characters; a model that was fitted with one must be loaded with it. */
  readonly embedding?: TextEmbedding;
}

export interface TextClassifier {
  readonly kind: typeof kind;
  /**
   * Learns which label a text has. Texts that say the same are never on both sides of a fold.
   *
   * @throws LearnError "input" when texts and labels differ in number, or there are fewer than two labels
   */
  fit(
    texts: readonly string[],
    labels: readonly string[],
    options?: Pick<FitOptions, "signal" | "onProgress">,
  ): Promise<TextModel>;
  /** @throws LearnError "artifact" when it is foreign, truncated, of another kind or version, or hostile */
  load(artifact: Artifact): TextModel;
}

const defaults = { seed: 1 };
const constraints: Constraints = { seed: { min: 0, integer: true } };
const folds = 5;
/** Costs of a mistake that are tried, in the order in which ties are decided. */
const costs = [1, 0.25, 4];

/**
 * Intent, sentiment or topic of short texts in any language: words and their pairs and runs of three to five characters, hashed and weighed by
 * tf-idf, one linear support vector machine per label, and a temperature that turns margins into probabilities. The model is
 * the mean of those of five folds, so that how sure it may be, learned from the texts that each had not seen, holds for the whole.
 */
export function textClassifier(options: TextClassifierOptions = {}): TextClassifier {
  const { seed, embedding } = { ...defaults, ...options };
  checkOptions(kind, { seed }, constraints);
  return {
    kind,
    async fit(texts, labels, { signal, onProgress } = {}) {
      const { classes, names } = namesOf(texts, labels);
      const k = names.length;
      const features = tfIdf(texts, undefined, embedding);
      const rows = features.rows(texts);
      const fold = foldsOf(texts, classes, folds, seed);
      const margins = new Float32Array(texts.length * k);
      const fits = folds + costs.length - 1;
      let done = 0;
      const learn = async (cost: number, among?: Int32Array) => {
        const weights = await linearSvm(rows, classes, k, {
          cost,
          seed,
          ...(among && { among }),
          signal,
          onProgress: (share) => onProgress?.((done + share) / fits),
        });
        done++;
        return weights;
      };
      const holdOut = async (number: number, cost: number) => {
        const weights = await learn(
          cost,
          Int32Array.from(fold.keys()).filter((row) => fold[row] !== number),
        );
        const held = Int32Array.from(fold.keys()).filter((row) => fold[row] === number);
        return { held, weights, margins: marginsOf(rows, held, weights, k) };
      };
      const average = new Float32Array((rows.columns + 1) * k);
      const keep = ({ held, weights, margins: found }: Awaited<ReturnType<typeof holdOut>>) => {
        for (let at = 0; at < average.length; at++) average[at] += weights[at] / folds;
        for (const [at, row] of held.entries())
          margins.set(found.subarray(at * k, (at + 1) * k), row * k);
      };
      let cost = costs[0];
      let best = Infinity;
      let first: Awaited<ReturnType<typeof holdOut>> | undefined;
      for (const candidate of costs) {
        const tried = await holdOut(0, candidate);
        const own = Int32Array.from(tried.held, (row) => classes[row]);
        const loss = softmaxLoss(tried.margins, own, k, fitSharpness(tried.margins, own, k));
        if (loss >= best) continue;
        best = loss;
        cost = candidate;
        first = tried;
      }
      if (first) keep(first);
      for (let number = 1; number < folds; number++) keep(await holdOut(number, cost));
      const sharpness = fitSharpness(margins, classes, k);
      onProgress?.(1);
      return textModel({
        labels: names,
        features,
        weights: average,
        sharpness,
        ...proofOf(margins, classes, k, sharpness),
      });
    },
    load: (artifact) => readTextModel(openArtifact(artifact, kind, version), embedding),
  };
}

function namesOf(texts: readonly string[], labels: readonly string[]) {
  if (texts.length !== labels.length)
    throw new LearnError(
      "input",
      `${kind}: there are ${texts.length} texts and ${labels.length} labels.`,
      { hint: "Give each text one label." },
    );
  const names = [...new Set(labels)].sort();
  if (names.length < 2)
    throw new LearnError(
      "input",
      `${kind}: two labels at least are needed, got ${names.length === 0 ? "none" : `only "${names[0]}"`}.`,
      { hint: "Give texts of every label that is to be told apart." },
    );
  const places = new Map(names.map((name, place) => [name, place]));
  return { names, classes: Int32Array.from(labels, (label) => places.get(label) as number) };
}

/** How sure the model was of texts it had not learned from, and how right. */
function proofOf(margins: Float32Array, classes: Int32Array, k: number, sharpness: number) {
  const confidences = new Float32Array(classes.length);
  const right = new Int32Array(classes.length);
  const likeliest = new Int32Array(classes.length);
  const shares = new Float64Array(k);
  for (let row = 0; row < classes.length; row++) {
    const best = softmax(margins, row * k, k, sharpness, shares, 0);
    likeliest[row] = best;
    confidences[row] = shares[best];
    right[row] = best === classes[row] ? 1 : 0;
  }
  return { macroF1: macroF1(likeliest, classes, k), proof: { confidences, right } };
}
