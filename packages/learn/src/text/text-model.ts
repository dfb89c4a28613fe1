import { type ArtifactReader, badArtifact, makeArtifact } from "../artifact.js";
import { packFloats, packWords, unpackFloats, unpackWords } from "../packed.js";
import type { Artifact } from "../types.js";
import { leastConfidence } from "./abstention.js";
import type { TextEmbedding } from "./embedding.js";
import type { SparseRows } from "./sparse.js";
import { softmax } from "./temperature.js";
import { type TfIdf, tfIdfOf } from "./tf-idf.js";
import { wordShares } from "./word-shares.js";

/** What texts were found to be, one entry per text. */
export interface TextAnswers {
  /** Place in `labels`; -1 where the model abstains. */
  readonly labels: Int32Array;
  /** Place in `labels` of the likeliest label, whether or not the model is sure enough; -1 of a text without a known word. */
  readonly likeliest: Int32Array;
  /** Probability of the likeliest label, 0 of a text without a known word. */
  readonly confidences: Float64Array;
}

/** How well labels were told of texts that were not learned from. */
export interface Proven {
  /** Share whose likeliest label is right. */
  readonly accuracy: number;
  readonly macroF1: number;
  /** Share left without an answer. */
  readonly abstained: number;
  /** Share of the others that is right; `null` when none is answered. */
  readonly answeredAccuracy: number | null;
}

export interface TextModel {
  readonly kind: "text-classifier";
  /** Sorted. */
  readonly labels: readonly string[];
  /**
   * Labels of texts. With `accuracy`, between 0 and 1, it abstains where it is not sure enough for its answers to be right that often
   * (a promise kept with probability .95, as long as texts and labels come as they did); defaults to answering whenever it knows a word.
   */
  predict(texts: readonly string[], options?: { readonly accuracy?: number }): TextAnswers;
  /** What `predict` came to in folds that the model had not seen: the share it abstained from, and how right the others were. */
  proven(options?: { readonly accuracy?: number }): Proven;
  /** The words of a text that speak most for a label, strongest first, by the margin they add. */
  reasons(
    text: string,
    label: string,
  ): readonly { readonly word: string; readonly effect: number }[];
  save(): Artifact;
}

export const kind = "text-classifier";
export const version = 1;

export interface TextFit {
  readonly labels: readonly string[];
  readonly features: TfIdf;
  /** (columns + 1) × labels, the last row the intercepts. */
  readonly weights: Float32Array;
  readonly sharpness: number;
  readonly macroF1: number;
  /** Of texts it had not learned from: how sure it was, and 1 where it was right. */
  readonly proof: { readonly confidences: Float32Array; readonly right: Int32Array };
}

export function textModel(fit: TextFit): TextModel {
  const { labels, features, weights, sharpness, macroF1, proof } = fit;
  const k = labels.length;
  const { columns } = features;
  const right = Uint8Array.from(proof.right);
  const thresholds = new Map<number, number>();
  const threshold = (accuracy: number): number => {
    const known = thresholds.get(accuracy);
    if (known !== undefined) return known;
    const found = leastConfidence(Float64Array.from(proof.confidences), right, accuracy);
    thresholds.set(accuracy, found);
    return found;
  };
  return {
    kind,
    labels,
    predict(texts, { accuracy = 0 } = {}) {
      const least = threshold(accuracy);
      const answers = {
        labels: new Int32Array(texts.length),
        likeliest: new Int32Array(texts.length),
        confidences: new Float64Array(texts.length),
      };
      const margins = new Float32Array(k);
      const shares = new Float64Array(k);
      for (let at = 0; at < texts.length; at++) {
        const { n, columns: found, values } = features.row(texts[at]);
        addMargins(weights, k, columns, found, values, 0, n, margins, 0);
        const best = n === 0 ? -1 : softmax(margins, 0, k, sharpness, shares, 0);
        answers.likeliest[at] = best;
        answers.confidences[at] = best < 0 ? 0 : shares[best];
        answers.labels[at] = answers.confidences[at] < least ? -1 : best;
      }
      return answers;
    },
    proven({ accuracy = 0 } = {}) {
      const least = threshold(accuracy);
      let answered = 0;
      let hits = 0;
      let all = 0;
      for (const [at, hit] of right.entries()) {
        all += hit;
        if (proof.confidences[at] < least) continue;
        answered++;
        hits += hit;
      }
      const texts = Math.max(1, right.length);
      return {
        accuracy: all / texts,
        macroF1,
        abstained: 1 - answered / texts,
        answeredAccuracy: answered === 0 ? null : hits / answered,
      };
    },
    reasons(text, label) {
      const one = labels.indexOf(label);
      if (one < 0) return [];
      const { n, columns: found, values } = features.row(text);
      const added = new Map<number, number>();
      for (let at = 0; at < n; at++)
        if (found[at] < features.buckets.length)
          added.set(features.buckets[found[at]], values[at] * weights[found[at] * k + one]);
      return wordShares(text, added)
        .filter(({ effect }) => effect > 0)
        .sort((left, next) => next.effect - left.effect || (left.word < next.word ? -1 : 1));
    },
    save: () =>
      makeArtifact(kind, version, {
        labels,
        columns: features.buckets.length,
        ...(columns > features.buckets.length && {
          dimensions: columns - features.buckets.length,
        }),
        buckets: packWords(features.buckets),
        weights: packFloats(features.weights),
        margins: packFloats(weights),
        sharpness,
        macroF1,
        proof: {
          texts: right.length,
          confidences: packFloats(proof.confidences),
          right: packWords(proof.right),
        },
      }),
  };
}

export function readTextModel(data: ArtifactReader, embedding?: TextEmbedding): TextModel {
  const labels = data.texts("labels");
  if (labels.length < 2 || new Set(labels).size !== labels.length)
    throw badArtifact(kind, '"labels" are not two or more different ones');
  const columns = data.number("columns", { min: 0, max: 2 ** 18, integer: true });
  const buckets = unpackWords(kind, data, "buckets", columns);
  for (let at = 0; at < columns; at++)
    if (buckets[at] >= 2 ** 18 || buckets[at] <= (at === 0 ? -1 : buckets[at - 1]))
      throw badArtifact(kind, '"buckets" are not ascending');
  const dimensions = data.has("dimensions")
    ? data.number("dimensions", { min: 1, max: 65_536, integer: true })
    : 0;
  if (dimensions !== (embedding?.dimensions ?? 0))
    throw badArtifact(
      kind,
      `it was fitted with ${dimensions === 0 ? "no embedding" : `an embedding of ${dimensions} numbers`}`,
    );
  const weights = unpackFloats(kind, data, "weights", columns);
  const proof = data.object("proof");
  const texts = proof.number("texts", { min: 0, max: 50_000_000, integer: true });
  const right = unpackWords(kind, proof, "right", texts);
  if (right.some((one) => one !== 0 && one !== 1))
    throw badArtifact(kind, '"proof.right" holds more than 0 and 1');
  return textModel({
    labels,
    features: tfIdfOf(buckets, weights, undefined, embedding),
    weights: unpackFloats(kind, data, "margins", (columns + dimensions + 1) * labels.length),
    sharpness: data.number("sharpness", { min: 1e-6, max: 1e6 }),
    macroF1: data.number("macroF1", { min: 0, max: 1 }),
    proof: { confidences: unpackFloats(kind, proof, "confidences", texts), right },
  });
}

/** Margins of rows, row-major, rows × k. */
export function marginsOf(
  rows: SparseRows,
  among: Int32Array,
  weights: Float32Array,
  k: number,
): Float32Array {
  const margins = new Float32Array(among.length * k);
  for (let at = 0; at < among.length; at++) {
    const from = rows.starts[among[at]];
    const to = rows.starts[among[at] + 1];
    addMargins(weights, k, rows.columns, rows.indices, rows.values, from, to, margins, at * k);
  }
  return margins;
}

function addMargins(
  weights: Float32Array,
  k: number,
  columns: number,
  found: Int32Array,
  values: Float32Array,
  from: number,
  to: number,
  into: Float32Array,
  at: number,
): void {
  const intercepts = columns * k;
  for (let one = 0; one < k; one++) into[at + one] = weights[intercepts + one];
  let entry = from;
  // four rows at once: each sum is read and written a quarter as often
  for (const last = to - 3; entry < last; entry += 4) {
    const [v0, v1, v2, v3] = [
      values[entry],
      values[entry + 1],
      values[entry + 2],
      values[entry + 3],
    ];
    const w0 = found[entry] * k;
    const w1 = found[entry + 1] * k;
    const w2 = found[entry + 2] * k;
    const w3 = found[entry + 3] * k;
    for (let one = 0; one < k; one++)
      into[at + one] +=
        v0 * weights[w0 + one] +
        v1 * weights[w1 + one] +
        v2 * weights[w2 + one] +
        v3 * weights[w3 + one];
  }
  for (; entry < to; entry++) {
    const value = values[entry];
    const first = found[entry] * k;
    for (let one = 0; one < k; one++) into[at + one] += value * weights[first + one];
  }
}
