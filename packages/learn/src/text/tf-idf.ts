import { type TextEmbedding, unitVector } from "./embedding.js";
import { type Counts, type TextHasher, textHasher } from "./hasher.js";
import { type SparseRows, sparseBuilder } from "./sparse.js";

/** Which buckets are columns, and how much each counts. */
export interface TfIdf {
  /** Buckets that became columns, ascending. */
  readonly buckets: Int32Array;
  /** Inverse document frequency of each bucket. */
  readonly weights: Float32Array;
  /** Buckets, and the dimensions of an embedding after them. */
  readonly columns: number;
  rows(texts: readonly string[]): SparseRows;
  /** The row of one text: entries `0 … n − 1` of two buffers that the next call writes over. */
  row(text: string): {
    readonly n: number;
    readonly columns: Int32Array;
    readonly values: Float32Array;
  };
}

/** N-grams seen in a single text teach nothing once there are this many texts. */
const manyTexts = 5000;

/**
 * Term frequencies with a logarithm (1 + ln tf) times smoothed inverse document frequencies (1 + ln((1 + n) / (1 + df))), each row of
 * Euclidean length 1, and so is its embedding.
 */
export function tfIdf(
  texts: readonly string[],
  hasher: TextHasher = textHasher(),
  embedding?: TextEmbedding,
): TfIdf {
  const documents = new Int32Array(hasher.buckets);
  for (const text of texts) {
    const { n, buckets } = hasher.count(text);
    for (let at = 0; at < n; at++) documents[buckets[at]]++;
  }
  const least = texts.length > manyTexts ? 2 : 1;
  const buckets = Int32Array.from(documents.keys()).filter((bucket) => documents[bucket] >= least);
  const weights = Float32Array.from(
    buckets,
    (bucket) => 1 + Math.log((1 + texts.length) / (1 + documents[bucket])),
  );
  return tfIdfOf(buckets, weights, hasher, embedding);
}

export function tfIdfOf(
  buckets: Int32Array,
  weights: Float32Array,
  hasher: TextHasher = textHasher(),
  embedding?: TextEmbedding,
): TfIdf {
  const columnOf = new Int32Array(hasher.buckets).fill(-1);
  for (const [column, bucket] of buckets.entries()) columnOf[bucket] = column;
  let columns = new Int32Array(2048);
  let values = new Float32Array(2048);
  const dimensions = embedding?.dimensions ?? 0;
  const fill = ({ n: all, buckets: found, counts }: Counts, text: string): number => {
    if (columns.length < all + dimensions) {
      columns = new Int32Array(2 * (all + dimensions));
      values = new Float32Array(2 * (all + dimensions));
    }
    let n = 0;
    let square = 0;
    for (let at = 0; at < all; at++) {
      const column = columnOf[found[at]];
      if (column < 0) continue;
      const count = counts[at];
      const value = (count === 1 ? 1 : 1 + Math.log(count)) * weights[column];
      columns[n] = column;
      values[n++] = value;
      square += value * value;
    }
    const scale = n === 0 ? 0 : 1 / Math.sqrt(square);
    for (let at = 0; at < n; at++) values[at] *= scale;
    if (embedding)
      for (const [at, value] of unitVector(embedding, text).entries()) {
        columns[n] = buckets.length + at;
        values[n++] = value;
      }
    return n;
  };
  return {
    buckets,
    weights,
    columns: buckets.length + dimensions,
    rows(texts) {
      const built = sparseBuilder(buckets.length + dimensions);
      for (const text of texts) {
        const n = fill(hasher.count(text), text);
        for (let at = 0; at < n; at++) built.add(columns[at], values[at]);
        built.endRow();
      }
      return built.done();
    },
    row: (text) => {
      const n = fill(hasher.count(text), text);
      return { n, columns, values };
    },
  };
}
