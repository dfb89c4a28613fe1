import { LearnError } from "../error.js";

/**
 * What sentences mean as numbers, by a model of your own: an additional block of features. It must give the same vector for the same text
 * whenever it is asked.
 */
export interface TextEmbedding {
  /** Length of every vector. */
  readonly dimensions: number;
  of(text: string): ArrayLike<number>;
}

/**
 * The vector of a text at unit length; zeros where it has no length.
 *
 * @throws LearnError "input" where it has another length than it should, or holds what is no number
 */
export function unitVector({ dimensions, of }: TextEmbedding, text: string): Float32Array {
  const vector = of(text);
  let square = 0;
  for (let at = 0; at < vector.length; at++) square += vector[at] ** 2;
  if (vector.length !== dimensions || !Number.isFinite(square))
    throw new LearnError(
      "input",
      `embedding: a vector of ${dimensions} numbers is needed, got ${vector.length}${vector.length === dimensions ? " that are not all finite" : ""}.`,
      { hint: "Give every text a vector of the same length." },
    );
  const scale = square > 0 ? 1 / Math.sqrt(square) : 0;
  return Float32Array.from(vector, (value) => value * scale);
}
