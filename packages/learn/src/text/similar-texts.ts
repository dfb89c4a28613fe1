import { tfIdf } from "./tf-idf.js";

export interface SimilarText {
  /** Place among the texts that were given. */
  readonly text: number;
  /** Cosine of their weighted words and runs of characters: 0 = none in common, 1 = the same. */
  readonly similarity: number;
}

export interface SimilarTexts {
  /** The most alike first; none that has nothing in common. */
  nearest(text: string, options?: { readonly k?: number }): SimilarText[];
}

/** Finds the texts that say most nearly the same, in any language. `k` defaults to 1. */
export function similarTexts(texts: readonly string[]): SimilarTexts {
  const features = tfIdf(texts);
  const rows = features.rows(texts);
  const { columns } = rows;
  // which texts have each column
  const starts = new Int32Array(columns + 1);
  for (const column of rows.indices) starts[column + 1]++;
  for (let column = 0; column < columns; column++) starts[column + 1] += starts[column];
  const next = starts.slice(0, columns);
  const owners = new Int32Array(rows.indices.length);
  const values = new Float32Array(rows.indices.length);
  for (let row = 0; row < rows.rows; row++)
    for (let entry = rows.starts[row]; entry < rows.starts[row + 1]; entry++) {
      const place = next[rows.indices[entry]]++;
      owners[place] = row;
      values[place] = rows.values[entry];
    }
  return {
    nearest(text, { k = 1 } = {}) {
      const found = features.row(text);
      const scores = new Float64Array(texts.length);
      for (let at = 0; at < found.n; at++) {
        const column = found.columns[at];
        for (let entry = starts[column]; entry < starts[column + 1]; entry++)
          scores[owners[entry]] += found.values[at] * values[entry];
      }
      return Array.from(scores, (similarity, at) => ({
        text: at,
        similarity: Math.min(1, similarity),
      }))
        .filter(({ similarity }) => similarity > 0)
        .sort((left, right) => right.similarity - left.similarity || left.text - right.text)
        .slice(0, k);
    },
  };
}
