import { random } from "../random.js";
import { normalise } from "./normalise.js";

/** A fold of each text, `0 … folds − 1`: every label as even as can be, the same text always in the same fold. */
export function foldsOf(
  texts: readonly string[],
  classes: Int32Array,
  folds: number,
  seed: number,
): Int32Array {
  const draws = random(seed);
  const order = draws.shuffle(Int32Array.from(texts.keys()));
  const next = new Map<number, number>();
  const known = new Map<string, number>();
  const fold = new Int32Array(texts.length);
  for (const row of order) {
    const said = normalise(texts[row]).trim();
    const own = known.get(said);
    if (own !== undefined) {
      fold[row] = own;
      continue;
    }
    const label = classes[row];
    const turn = next.get(label) ?? draws.below(folds);
    next.set(label, (turn + 1) % folds);
    fold[row] = turn;
    known.set(said, turn);
  }
  return fold;
}
