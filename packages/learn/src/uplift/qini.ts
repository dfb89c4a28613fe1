import { sortedOrder } from "../metrics/metric.js";

/** Who was treated and what came of it, with weights that make the arms comparable where chances differed. */
export interface Compared {
  /** 1 = treated, 0 = control. */
  readonly treated: Uint8Array;
  readonly outcome: Float64Array;
  /** Defaults to 1 for all: arms drawn with the same chances for everybody. */
  readonly weights?: Float64Array;
}

/** Sorted once; each set of weights, such as how often a bootstrap sample drew each row, then costs one pass. */
export interface RankedTrial {
  /** Normalised area under the Qini curve; `perfect` is the same of the best order possible. NaN where it is not defined. */
  area(draws?: ArrayLike<number>): CurveArea;
  /** Difference in mean outcome between treated and control among the `share` of the rows ranked highest. */
  upliftAt(share: number): number;
}

export interface CurveArea {
  /** Area between the curve and the straight line to its end. */
  readonly above: number;
  /** Whether both arms are there. */
  readonly defined: boolean;
}

/**
 * The Qini curve V(k) = Yₜ(k) − Y꜀(k) · Nₜ(k) / N꜀(k) of the k rows ranked highest (Radcliffe 2007), rows of one score taken
 * together and joined by straight lines, as scikit-uplift's `qini_curve` has it.
 */
export function rankedTrial(scores: Float64Array, compared: Compared): RankedTrial {
  const { treated, outcome, weights } = compared;
  const order = sortedOrder(scores).reverse();
  const rows = order.length;
  const isLast = new Uint8Array(rows);
  for (let place = 0; place < rows; place++)
    if (place === rows - 1 || scores[order[place]] !== scores[order[place + 1]]) isLast[place] = 1;
  const own = Float64Array.from(order, (row) => weights?.[row] ?? 1);
  const isTreated = Uint8Array.from(order, (row) => treated[row]);
  const outcomes = Float64Array.from(order, (row) => outcome[row]);
  return {
    area(draws) {
      let treatedCount = 0;
      let controlCount = 0;
      let treatedSum = 0;
      let controlSum = 0;
      let area = 0;
      let lastCount = 0;
      let lastValue = 0;
      for (let place = 0; place < rows; place++) {
        const weight = draws ? own[place] * draws[order[place]] : own[place];
        if (isTreated[place] === 1) {
          treatedCount += weight;
          treatedSum += weight * outcomes[place];
        } else {
          controlCount += weight;
          controlSum += weight * outcomes[place];
        }
        if (isLast[place] === 0) continue;
        const count = treatedCount + controlCount;
        const ratio = controlCount > 0 ? treatedCount / controlCount : 0;
        const value = treatedSum - controlSum * ratio;
        area += ((count - lastCount) * (value + lastValue)) / 2;
        lastCount = count;
        lastValue = value;
      }
      return {
        above: area - (lastCount * lastValue) / 2,
        defined: treatedCount > 0 && controlCount > 0,
      };
    },
    upliftAt(share) {
      const wanted = Math.floor(share * rows + 1e-9);
      const counts = [0, 0];
      const sums = [0, 0];
      for (let from = 0; from < wanted; ) {
        let until = from + 1;
        while (isLast[until - 1] === 0) until++;
        // of rows of one score as many as there is room for, whichever they are
        const part = Math.min(1, (wanted - from) / (until - from));
        for (let place = from; place < until; place++) {
          const weight = part * own[place];
          counts[isTreated[place]] += weight;
          sums[isTreated[place]] += weight * outcomes[place];
        }
        from = until;
      }
      return sums[1] / counts[1] - sums[0] / counts[0];
    },
  };
}

/** The best order there could be: treated rows by falling outcome, then control rows by rising outcome. */
export function perfectTrial(compared: Compared): RankedTrial {
  const { treated, outcome } = compared;
  return rankedTrial(
    outcome.map((value, row) => (treated[row] === 1 ? value : -value)),
    compared,
  );
}

/**
 * The Qini coefficient: the area between the Qini curve and a random order, over the same of the perfect order, as scikit-uplift's
 * `qini_auc_score` has it. 0 = no better than random, 1 = perfect; NaN where nothing could be ranked. Coefficients of other
 * normalisations are not comparable.
 */
export function qini(scores: Float64Array, compared: Compared): number {
  const own = rankedTrial(scores, compared).area();
  const perfect = perfectTrial(compared).area();
  return own.defined && perfect.above > 0 ? own.above / perfect.above : Number.NaN;
}

/** Difference in mean outcome between treated and control among the `share` ranked highest; see scikit-uplift's `uplift_at_k`, "overall". */
export function upliftAt(share: number, scores: Float64Array, compared: Compared): number {
  return rankedTrial(scores, compared).upliftAt(share);
}
