import { random } from "../random.js";

/** A fold for each row, `0 … folds − 1`: treated and control rows, and high and low outcomes of each, as even as can be. */
export function trialFolds(
  treated: Uint8Array,
  outcome: Float64Array,
  folds: number,
  seed: number,
): Int32Array {
  const draws = random(seed, 0x0f01d);
  const order = draws.shuffle(Int32Array.from(outcome.keys()));
  order.sort((one, other) => treated[one] - treated[other] || outcome[one] - outcome[other]);
  const fold = new Int32Array(outcome.length);
  const turns = Int32Array.from({ length: folds }, (_, turn) => turn);
  for (let from = 0; from < order.length; from += folds) {
    draws.shuffle(turns);
    const until = Math.min(order.length, from + folds);
    for (let place = from; place < until; place++) fold[order[place]] = turns[place - from];
  }
  return fold;
}

/** The rows of one fold, or all but these. */
export function rowsOf(folds: Int32Array, fold: number, inside: boolean): Int32Array {
  return Int32Array.from(folds.keys()).filter((row) => (folds[row] === fold) === inside);
}
