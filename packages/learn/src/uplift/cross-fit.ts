import { breathe } from "../abort.js";
import { sortedOrder } from "../metrics/metric.js";
import { seedOf } from "../seed-of.js";
import { rowsOf, trialFolds } from "./folds.js";
import { learnAll } from "./learners.js";
import type { Settings } from "./outcomes.js";
import { scoreBy } from "./ranker.js";
import { robustScores, type Sample, takeSample } from "./sample.js";
import type { UpliftLearner } from "./types.js";

/** What models say of rows that they had not seen. */
export interface CrossFitted {
  /** By learner, for each repeat: the rank of each row within its fold, 0 to 1. Only ranks of one model are comparable. */
  readonly ranks: ReadonlyMap<UpliftLearner, readonly Float64Array[]>;
  /** By learner: scores in the learner's own units, the mean over repeats. */
  readonly scores: ReadonlyMap<UpliftLearner, Float64Array>;
  /** Doubly robust scores, the mean over repeats. */
  readonly robust: Float64Array;
  /** The fold of each row in each repeat. */
  readonly folds: readonly Int32Array[];
}

export interface CrossFitOptions extends Settings {
  readonly folds: number;
  readonly repeats: number;
  readonly onProgress: (share: number) => void;
}

export async function crossFit(sample: Sample, options: CrossFitOptions): Promise<CrossFitted> {
  const { seed, signal, repeats, onProgress } = options;
  const rows = sample.outcome.length;
  const ranks = new Map<UpliftLearner, Float64Array[]>();
  const scores = new Map<UpliftLearner, Float64Array>();
  const robust = new Float64Array(rows);
  const drawn: Int32Array[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    const folds = trialFolds(
      sample.treated,
      sample.outcome,
      options.folds,
      seedOf(seed, `repeat ${repeat}`),
    );
    drawn.push(folds);
    for (let fold = 0; fold < options.folds; fold++) {
      await breathe(signal);
      const own = rowsOf(folds, fold, true);
      const judged = takeSample(sample, own);
      const training = takeSample(sample, rowsOf(folds, fold, false));
      const learned = await learnAll(training, { seed: seedOf(seed, `${repeat} ${fold}`), signal });
      const psi = robustScores(judged, {
        control: learned.control.predict(judged.table),
        treated: learned.treated.predict(judged.table),
      });
      for (const [place, row] of own.entries()) robust[row] += psi[place] / repeats;
      for (const [name, ranker] of learned.rankers) {
        const raw = scoreBy(ranker, judged.table);
        const places = ranksOf(raw);
        const sums = entry(scores, name, () => new Float64Array(rows));
        const all = entry(ranks, name, () => []);
        all[repeat] ??= new Float64Array(rows);
        for (const [place, row] of own.entries()) {
          sums[row] += raw[place] / repeats;
          all[repeat][row] = places[place];
        }
      }
      onProgress((repeat * options.folds + fold + 1) / (repeats * options.folds));
    }
  }
  return { ranks, scores, robust, folds: drawn };
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key) ?? make();
  map.set(key, known);
  return known;
}

/** Share of rows below each, ties in the middle. */
export function ranksOf(values: Float64Array): Float64Array {
  const order = sortedOrder(values);
  const ranks = new Float64Array(values.length);
  for (let from = 0; from < order.length; ) {
    let until = from + 1;
    while (until < order.length && values[order[until]] === values[order[from]]) until++;
    for (let place = from; place < until; place++)
      ranks[order[place]] = (from + until) / 2 / order.length;
    from = until;
  }
  return ranks;
}
