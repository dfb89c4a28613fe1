import { LearnError } from "../error.js";
import { BINARY, POISSON, QUANTILE, SQUARED_ERROR } from "../kernels/layout.js";
import type { Objective } from "./options.js";

/** What an objective means outside the kernels: margins in, numbers out. */
export interface ObjectiveRules {
  readonly code: number;
  /** Labels are moved by the base and divided by a power of two, so that floats hold them well. */
  readonly centred: boolean;
  base(labels: Float64Array, weights: Float64Array | undefined, order: Rows): number;
  /** What `predict` returns for a margin. */
  link(margin: number): number;
  /** Loss of one row, up to a constant; `label` and `margin` as the kernels see them. */
  loss(label: number, margin: number): number;
  /** Largest |gradient| and hessian of a row of weight 1; 0 where there is no bound. */
  readonly bounds: { readonly gradient: number; readonly hessian: number };
}

/** Row numbers to look at, in order: a list, or the first `count`. */
export interface Rows {
  readonly count: number;
  at(index: number): number;
}

export function rules(objective: Objective, quantile: number): ObjectiveRules {
  switch (objective) {
    case "binary":
      return {
        code: BINARY,
        centred: false,
        base(labels, weights, rows) {
          const share = Math.min(Math.max(mean(labels, weights, rows), 1e-6), 1 - 1e-6);
          return Math.log(share / (1 - share));
        },
        link: (margin) => 1 / (1 + Math.exp(-margin)),
        loss: (label, margin) =>
          Math.max(margin, 0) - margin * label + Math.log1p(Math.exp(-Math.abs(margin))),
        bounds: { gradient: 1, hessian: 0.25 },
      };
    case "poisson":
      return {
        code: POISSON,
        centred: false,
        base(labels, weights, rows) {
          const rate = mean(labels, weights, rows);
          if (rate > 0) return Math.log(rate);
          throw new LearnError("input", "gradient-boosting: every label is 0.", {
            hint: "A Poisson model needs at least one label above 0.",
          });
        },
        link: Math.exp,
        loss: (label, margin) => Math.exp(margin) - label * margin,
        bounds: { gradient: 0, hessian: 0 },
      };
    case "quantile":
      return {
        code: QUANTILE,
        centred: true,
        base: (labels, weights, rows) => weightedQuantile(labels, weights, rows, quantile),
        link: (margin) => margin,
        loss: (label, margin) =>
          label > margin ? quantile * (label - margin) : (1 - quantile) * (margin - label),
        bounds: { gradient: Math.max(quantile, 1 - quantile), hessian: 1 },
      };
    case "squared-error":
      return {
        code: SQUARED_ERROR,
        centred: true,
        base: mean,
        link: (margin) => margin,
        loss: (label, margin) => 0.5 * (label - margin) ** 2,
        bounds: { gradient: 0, hessian: 0 },
      };
  }
}

function mean(labels: Float64Array, weights: Float64Array | undefined, rows: Rows): number {
  // a running mean stays finite where a sum would not
  let sum = 0;
  let result = 0;
  for (let index = 0; index < rows.count; index++) {
    const row = rows.at(index);
    const weight = weights ? weights[row] : 1;
    if (weight === 0) continue;
    sum += weight;
    result += (labels[row] - result) * (weight / sum);
  }
  return result;
}

function weightedQuantile(
  labels: Float64Array,
  weights: Float64Array | undefined,
  rows: Rows,
  level: number,
): number {
  const sorted = Uint32Array.from({ length: rows.count }, (_, index) => rows.at(index));
  sorted.sort((one, other) => labels[one] - labels[other] || one - other);
  let total = 0;
  for (const row of sorted) total += weights ? weights[row] : 1;
  let sum = 0;
  for (const row of sorted) {
    sum += weights ? weights[row] : 1;
    if (sum >= level * total) return labels[row];
  }
  return labels[sorted[sorted.length - 1]];
}
