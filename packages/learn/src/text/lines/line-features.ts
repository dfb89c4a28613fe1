import { type TextEmbedding, unitVector } from "../embedding.js";
import { textHasher } from "../hasher.js";
import type { SparseRows } from "../sparse.js";
import { sparseBuilder } from "../sparse.js";
import { styleNames, styleOf } from "../style.js";
import { type TfIdf, tfIdf, tfIdfOf } from "../tf-idf.js";

/** What a line is made of: words and their pairs, runs of characters, its style in standard deviations, and an embedding. */
export interface LineFeatures {
  readonly parts: readonly TfIdf[];
  /** Of each style feature. */
  readonly means: Float64Array;
  readonly deviations: Float64Array;
  readonly columns: number;
  rows(texts: readonly string[]): SparseRows;
}

/** Words and characters weigh the same; a standard deviation of style weighs a tenth of a line. */
const partWeight = Math.SQRT1_2;
const styleWeight = 0.1;

/** Lines unlike any that were sent are not extrapolated to. */
const within = (deviations: number): number => Math.max(-3, Math.min(3, deviations));

const hashers = () => [
  textHasher({ words: 2, characters: false }),
  textHasher({ words: 0, characters: [2, 6] }),
];

export function lineFeatures(texts: readonly string[], embedding?: TextEmbedding): LineFeatures {
  const k = styleNames.length;
  const means = new Float64Array(k);
  const deviations = new Float64Array(k);
  const styles = texts.map(styleOf);
  for (let one = 0; one < k; one++) {
    let sum = 0;
    for (const style of styles) sum += style[one];
    means[one] = sum / texts.length;
    let square = 0;
    for (const style of styles) square += (style[one] - means[one]) ** 2;
    deviations[one] = Math.sqrt(square / texts.length);
  }
  return made(
    hashers().map((hasher) => tfIdf(texts, hasher)),
    means,
    deviations,
    embedding,
  );
}

/** The same again from what was kept of it, one pair of buckets and weights per part. */
export const lineFeaturesOf = (
  kept: readonly { readonly buckets: Int32Array; readonly weights: Float32Array }[],
  means: Float64Array,
  deviations: Float64Array,
  embedding?: TextEmbedding,
): LineFeatures =>
  made(
    hashers().map((hasher, at) => tfIdfOf(kept[at].buckets, kept[at].weights, hasher)),
    means,
    deviations,
    embedding,
  );

function made(
  parts: readonly TfIdf[],
  means: Float64Array,
  deviations: Float64Array,
  embedding?: TextEmbedding,
): LineFeatures {
  const hashed = parts.reduce((sum, { buckets }) => sum + buckets.length, 0);
  const columns = hashed + means.length + (embedding?.dimensions ?? 0);
  return {
    parts,
    means,
    deviations,
    columns,
    rows(texts) {
      const built = sparseBuilder(columns);
      for (const text of texts) {
        let first = 0;
        for (const part of parts) {
          const { n, columns, values } = part.row(text);
          for (let at = 0; at < n; at++) built.add(first + columns[at], partWeight * values[at]);
          first += part.buckets.length;
        }
        for (const [one, value] of styleOf(text).entries())
          if (deviations[one] > 0)
            built.add(first + one, styleWeight * within((value - means[one]) / deviations[one]));
        if (embedding)
          for (const [at, value] of unitVector(embedding, text).entries())
            built.add(hashed + means.length + at, partWeight * value);
        built.endRow();
      }
      return built.done();
    },
  };
}
