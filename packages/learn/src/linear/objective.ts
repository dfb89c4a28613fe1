import type { Design } from "./design.js";

/** Penalised negative log-likelihood: Σ weight · log loss + l2/2 · ‖coefficients‖². The intercept comes last and is free. */
export interface Objective {
  readonly size: number;
  /** Fills `gradient`, and the lower triangle of `hessian` (row-major) when given. Returns the value. */
  evaluate(at: Float64Array, gradient: Float64Array, hessian?: Float64Array): number;
  /** The Hessian's diagonal. */
  diagonal(at: Float64Array): Float64Array;
}

export function logisticObjective(
  design: Design,
  labels: Float64Array,
  weights: Float64Array | undefined,
  l2: number,
): Objective {
  const rows = labels.length;
  const { dense, width, slots } = design;
  const size = width + 1;
  const blockRows = Math.max(16, Math.min(512, Math.floor(2 ** 18 / Math.max(1, dense))));
  const numbers = new Float64Array(blockRows * dense);
  const active = new Int32Array(blockRows * slots);

  /** Calls `visit` with the row's place in the block, its margin, label and weight. */
  function pass(
    at: Float64Array,
    visit: (place: number, margin: number, label: number, weight: number) => void,
  ): void {
    const intercept = at[width];
    for (let from = 0; from < rows; from += blockRows) {
      const to = Math.min(rows, from + blockRows);
      design.fill(from, to, numbers, active);
      for (let row = from; row < to; row++) {
        const weight = weights ? weights[row] : 1;
        if (weight === 0) continue;
        const place = row - from;
        let margin = intercept;
        for (let j = 0, z = place * dense; j < dense; j++, z++) margin += at[j] * numbers[z];
        for (let slot = 0, a = place * slots; slot < slots; slot++, a++)
          if (active[a] >= 0) margin += at[active[a]];
        visit(place, margin, labels[row], weight);
      }
    }
  }

  function addGradient(place: number, residual: number, gradient: Float64Array): void {
    for (let j = 0, z = place * dense; j < dense; j++, z++) gradient[j] += residual * numbers[z];
    for (let slot = 0, a = place * slots; slot < slots; slot++, a++)
      if (active[a] >= 0) gradient[active[a]] += residual;
    gradient[width] += residual;
  }

  function addHessian(place: number, curvature: number, hessian: Float64Array): void {
    const first = place * dense;
    for (let j = 0; j < dense; j++) {
      const scaled = curvature * numbers[first + j];
      for (let k = 0, cell = j * size; k <= j; k++, cell++)
        hessian[cell] += scaled * numbers[first + k];
    }
    for (let slot = 0, a = place * slots; slot < slots; slot++, a++) {
      const row = active[a];
      if (row < 0) continue;
      for (let k = 0, cell = row * size; k < dense; k++, cell++)
        hessian[cell] += curvature * numbers[first + k];
      // later slots have larger numbers, so this is below the diagonal
      for (let other = 0, b = place * slots; other <= slot; other++, b++)
        if (active[b] >= 0) hessian[row * size + active[b]] += curvature;
    }
    const last = width * size;
    for (let k = 0; k < dense; k++) hessian[last + k] += curvature * numbers[first + k];
    for (let slot = 0, a = place * slots; slot < slots; slot++, a++)
      if (active[a] >= 0) hessian[last + active[a]] += curvature;
    hessian[last + width] += curvature;
  }

  return {
    size,
    evaluate(at, gradient, hessian) {
      let value = 0;
      gradient.fill(0);
      hessian?.fill(0);
      pass(at, (place, margin, label, weight) => {
        const decay = Math.exp(-Math.abs(margin));
        const probability = margin >= 0 ? 1 / (1 + decay) : decay / (1 + decay);
        value +=
          weight * (Math.log1p(decay) + (label === 1 ? Math.max(-margin, 0) : Math.max(margin, 0)));
        addGradient(place, weight * (probability - label), gradient);
        if (hessian) addHessian(place, (weight * decay) / (1 + decay) ** 2, hessian);
      });
      for (let j = 0; j < width; j++) {
        value += 0.5 * l2 * at[j] * at[j];
        gradient[j] += l2 * at[j];
        if (hessian) hessian[j * size + j] += l2;
      }
      return value;
    },
    diagonal(at) {
      const diagonal = new Float64Array(size).fill(l2, 0, width);
      pass(at, (place, margin, _label, weight) => {
        const decay = Math.exp(-Math.abs(margin));
        const curvature = (weight * decay) / (1 + decay) ** 2;
        for (let j = 0, z = place * dense; j < dense; j++, z++)
          diagonal[j] += curvature * numbers[z] * numbers[z];
        for (let slot = 0, a = place * slots; slot < slots; slot++, a++)
          if (active[a] >= 0) diagonal[active[a]] += curvature;
        diagonal[width] += curvature;
      });
      return diagonal;
    },
  };
}
