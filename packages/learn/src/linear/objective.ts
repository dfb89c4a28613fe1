import type { Design } from "./design.js";
import type { Rows } from "./fill.js";
import { addGram } from "./gram.js";

/** Penalised negative log-likelihood: Σ weight · log loss + l2/2 · ‖coefficients‖². The intercept comes last and is free. */
export interface Objective {
  readonly size: number;
  /** Fills `gradient`, and the lower triangle of `hessian` (row-major) when given. Returns the value. */
  evaluate(at: Float64Array, gradient: Float64Array, hessian?: Float64Array): number;
  /** The Hessian's diagonal, and its blocks `[from, to)` (row-major) along it. */
  blocks(
    at: Float64Array,
    ranges: readonly (readonly [from: number, to: number])[],
  ): { diagonal: Float64Array; blocks: Float64Array[] };
}

/** Numbers held at once, 64 MB. */
const mostKept = 2 ** 23;

export function logisticObjective(
  design: Design,
  rows: Rows,
  labels: Float64Array,
  weights: Float64Array | undefined,
  l2: number,
): Objective {
  const { dense, width } = design;
  const { stride, slots } = rows;
  const size = width + 1;
  const blockRows = Math.max(16, Math.min(512, Math.floor(2 ** 18 / Math.max(1, stride))));
  // what fits is kept as numbers from the first pass on; more rows are read again block by block
  const kept = rows.count * (stride + slots) <= mostKept;
  const room = kept ? rows.count : blockRows;
  const numbers = new Float64Array(room * stride);
  const active = new Int32Array(room * slots);
  if (kept) rows.fill(0, rows.count, numbers, active);
  const margins = new Float64Array(blockRows);
  const scaled = new Float64Array(blockRows * stride);

  /**
   * Finds the margins of a block after another. A row's numbers are then at `place × stride`, for places from `first` on.
   */
  function pass(
    at: Float64Array,
    visit: (from: number, count: number, first: number) => void,
  ): void {
    for (let from = 0; from < rows.count; from += blockRows) {
      const count = Math.min(rows.count - from, blockRows);
      if (!kept) rows.fill(from, from + count, numbers, active);
      const first = kept ? from : 0;
      for (let place = first; place < first + count; place++) {
        let margin = at[width];
        for (let j = 0, z = place * stride; j < dense; j++, z++) margin += at[j] * numbers[z];
        for (let a = place * slots; a < (place + 1) * slots; a++)
          if (active[a] >= 0) margin += at[active[a]];
        margins[place - first] = margin;
      }
      visit(from, count, first);
    }
  }

  function addGradient(place: number, residual: number, gradient: Float64Array): void {
    for (let j = 0, z = place * stride; j < dense; j++, z++) gradient[j] += residual * numbers[z];
    for (let a = place * slots; a < (place + 1) * slots; a++)
      if (active[a] >= 0) gradient[active[a]] += residual;
    gradient[width] += residual;
  }

  /** All of the Hessian but the dense block. */
  function addSparse(place: number, curvature: number, hessian: Float64Array): void {
    const first = place * stride;
    const last = width * size;
    for (let k = 0; k < dense; k++) hessian[last + k] += curvature * numbers[first + k];
    hessian[last + width] += curvature;
    for (let a = place * slots; a < (place + 1) * slots; a++) {
      if (active[a] < 0) continue;
      const row = active[a] * size;
      for (let k = 0; k < dense; k++) hessian[row + k] += curvature * numbers[first + k];
      for (let b = place * slots; b <= a; b++)
        if (active[b] >= 0) hessian[row + active[b]] += curvature;
      hessian[last + active[a]] += curvature;
    }
  }

  function evaluate(at: Float64Array, gradient: Float64Array, hessian?: Float64Array): number {
    let value = 0;
    gradient.fill(0);
    hessian?.fill(0);
    const gram = hessian && new Float64Array(stride * stride);
    pass(at, (from, count, first) => {
      for (let index = 0; index < count; index++) {
        const weight = weights ? weights[from + index] : 1;
        const margin = margins[index];
        const decay = Math.exp(-Math.abs(margin));
        const probability = (margin >= 0 ? 1 : decay) / (1 + decay);
        const label = labels[from + index];
        value += weight * (Math.log1p(decay) + Math.max(label === 1 ? -margin : margin, 0));
        addGradient(first + index, weight * (probability - label), gradient);
        if (!hessian) continue;
        const curvature = (weight * decay) / (1 + decay) ** 2;
        const root = Math.sqrt(curvature);
        for (let j = 0, z = (first + index) * stride; j < stride; j++, z++)
          scaled[index * stride + j] = root * numbers[z];
        addSparse(first + index, curvature, hessian);
      }
      if (gram) addGram(scaled, count, stride, gram);
    });
    for (let j = 0; j < width; j++) {
      value += 0.5 * l2 * at[j] * at[j];
      gradient[j] += l2 * at[j];
    }
    if (hessian && gram) {
      for (let j = 0; j < dense; j++)
        for (let k = 0; k <= j; k++) hessian[j * size + k] += gram[j * stride + k];
      for (let j = 0; j < width; j++) hessian[j * size + j] += l2;
    }
    return value;
  }

  function blocks(at: Float64Array, ranges: readonly (readonly [number, number])[]) {
    const diagonal = new Float64Array(size).fill(l2, 0, width);
    const sums = ranges.map(([from, to]) => new Float64Array((to - from) ** 2));
    pass(at, (from, count, begin) => {
      for (let index = 0; index < count; index++) {
        const place = begin + index;
        const decay = Math.exp(-Math.abs(margins[index]));
        const curvature = ((weights ? weights[from + index] : 1) * decay) / (1 + decay) ** 2;
        const first = place * stride;
        for (let j = 0; j < dense; j++) diagonal[j] += curvature * numbers[first + j] ** 2;
        for (let a = place * slots; a < (place + 1) * slots; a++)
          if (active[a] >= 0) diagonal[active[a]] += curvature;
        diagonal[width] += curvature;
        ranges.forEach(([start, end], range) => {
          for (let j = start, cell = 0; j < end; j++)
            for (let k = start; k < end; k++, cell++)
              sums[range][cell] += curvature * numbers[first + j] * numbers[first + k];
        });
      }
    });
    ranges.forEach(([from, to], index) => {
      for (let j = 0; j < to - from; j++) sums[index][j * (to - from + 1)] += l2;
    });
    return { diagonal, blocks: sums };
  }

  return { size, evaluate, blocks };
}
