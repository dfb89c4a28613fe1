import { checkAborted } from "../abort.js";
import { LearnError } from "../error.js";
import { type Constraints, checkOptions } from "../options.js";
import { checkBinary, takeRows } from "../table.js";
import type { Estimator, FitOptions, Table } from "../types.js";
import { calibrateLatest, chooseCalibrator, together, type Unseen } from "./calibration.js";
import { contendersFor, only } from "./contenders.js";
import { type BinaryClassifierModel, classifierModel, kind, loadClassifier } from "./model.js";
import { pick, race } from "./race.js";
import { foldSplits, latestSplit } from "./splits.js";

export interface BinaryClassifierOptions {
  /** Defaults to 0. */
  readonly seed?: number;
  /**
   * Rows stand in order of time, the oldest first: the race is judged, and the scores are calibrated, on the latest rows by what
   * those before them taught. Defaults to false.
   */
  readonly ordered?: boolean;
  /** Folds of the race, where rows have no order. Defaults to 5, and to 3 above 100,000 rows. */
  readonly folds?: number;
  /** Only the contender of this name, such as an earlier race's winner: no race. Where these rows have none of that name, all race. */
  readonly contender?: string;
  /** 0 = one below 20,000 rows, else one per core. Never changes the result. Defaults to 0. */
  readonly threads?: number;
}

export interface BinaryClassifierFitOptions extends FitOptions {
  /** One id per row, such as the person: rows of one id are never on both sides of a split. Not for ordered rows. */
  readonly groups?: ArrayLike<number>;
}

export interface BinaryClassifier extends Estimator<BinaryClassifierModel> {
  fit(
    table: Table,
    labels: Float64Array,
    options?: BinaryClassifierFitOptions,
  ): Promise<BinaryClassifierModel>;
}

const defaults = { seed: 0, ordered: false, threads: 0 };
export const binaryClassifierConstraints: Constraints = {
  seed: { min: 0, integer: true },
  folds: { min: 2, max: 100, integer: true },
  threads: { min: 0, max: 16, integer: true },
};

/** How much of the work the last fit is taken for. */
const lastFit = 0.1;

/**
 * The classifier to start from: logistic regression, straight and bent, and gradient boosting race by cross-validated log loss
 * with settings that suit the number of rows; the plainest that is not clearly beaten wins, learns from all rows, and is calibrated
 * on the scores of rows it had not seen.
 */
export function binaryClassifier(options: BinaryClassifierOptions = {}): BinaryClassifier {
  const { seed, ordered, threads, folds, contender } = { ...defaults, ...options };
  checkOptions(kind, { seed, threads, folds: folds ?? 2 }, binaryClassifierConstraints);
  return {
    kind,
    async fit(table, labels, fitOptions = {}) {
      const { signal, onProgress } = fitOptions;
      const counts = checkBinary(kind, table, labels, fitOptions.weights);
      const { groups } = fitOptions;
      if (groups && groups.length !== table.rows)
        throw new LearnError("input", `${kind}: ${groups.length} groups for ${table.rows} rows.`);
      if (groups && ordered)
        throw new LearnError("input", `${kind}: "groups" are for rows without an order of time.`);
      checkAborted(signal);
      const data = withoutWeightless(table, labels, fitOptions);
      const rarer = Math.min(counts.positives, counts.negatives);
      const contenders = only(contendersFor(data.table, rarer, seed, threads), contender);
      const most = folds ?? (data.table.rows > 100_000 ? 3 : 5);
      const splits = ordered
        ? latestSplit(data.labels)
        : foldSplits(data.labels, data.groups, most, seed);
      const last = {
        ...(data.weights && { weights: data.weights }),
        ...(signal && { signal }),
        onProgress: (share: number) => onProgress?.(1 - lastFit + lastFit * share),
      };
      if (splits.length === 0) {
        const [first] = contenders[0].contenders;
        const learner = await first.fit(data.table, data.labels, last);
        return classifierModel(first.name, learner, undefined, []);
      }
      const { winner, results, margins } = await race({
        ...data,
        splits,
        groups: contenders,
        signal,
        onProgress: (share) => onProgress?.((1 - lastFit) * share),
      });
      const unseen = together(
        splits.map(({ judged }, split): Unseen => {
          const { weights } = data;
          return {
            margins: margins[split],
            labels: pick(data.labels, judged),
            weights: weights && pick(weights, judged),
          };
        }),
      );
      const learner = await winner.fit(data.table, data.labels, last);
      const calibrator = ordered
        ? calibrateLatest(unseen, learner.margin(takeRows(data.table, splits[0].judged)))
        : chooseCalibrator(unseen, seed);
      return classifierModel(winner.name, learner, calibrator, results);
    },
    load: loadClassifier,
  };
}

interface Data {
  readonly table: Table;
  readonly labels: Float64Array;
  readonly weights: Float64Array | undefined;
  readonly groups: ArrayLike<number> | undefined;
}

/** A row of weight 0 is as if it were not there: it must not move the folds either. */
function withoutWeightless(
  table: Table,
  labels: Float64Array,
  { weights, groups }: BinaryClassifierFitOptions,
): Data {
  if (!weights?.includes(0)) return { table, labels, weights, groups };
  const kept = Int32Array.from(labels.keys()).filter((row) => weights[row] > 0);
  return {
    table: takeRows(table, kept),
    labels: pick(labels, kept),
    weights: pick(weights, kept),
    groups: groups && Array.from(kept, (row) => groups[row]),
  };
}
