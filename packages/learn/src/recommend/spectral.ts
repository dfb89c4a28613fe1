import { breathe } from "../abort.js";
import { leadingSubspace } from "../kernels/subspace.js";
import { type Constraints, checkOptions } from "../options.js";
import { packFloats, unpackFloats } from "../packed.js";
import { factorRanker } from "./factors.js";
import type { Histories } from "./histories.js";
import { rowPowers, transpose, withValues } from "./matrix.js";
import { estimator, type InnerModel } from "./model.js";
import type { ItemFactors } from "./ranker.js";
import type { RecommenderEstimator } from "./types.js";

export interface SpectralOptions {
  readonly seed: number;
  /** Directions kept. Defaults to 256, or the number of items where that is less. */
  readonly factors?: number;
  /** Rounds of orthogonal iteration. Defaults to 5. */
  readonly rounds?: number;
  /** 0 = as many threads as there are cores. Defaults to 0; the model does not depend on it. */
  readonly threads?: number;
}

const defaults = { factors: 256, rounds: 5, threads: 0 };
const constraints: Constraints = {
  seed: { min: 0, integer: true },
  factors: { min: 1, max: 4096, integer: true },
  rounds: { min: 1, max: 100, integer: true },
  threads: { min: 0, integer: true },
};
const kind = "spectral";

/**
 * Histories smoothed over the graph of users and items: projected on the leading eigenvectors of the normalised co-occurrences (the ideal
 * low-pass filter of GF-CF, Shen et al. 2021).
 */
export function spectral(options: SpectralOptions): RecommenderEstimator<InnerModel> {
  const settings = { ...defaults, ...options };
  checkOptions(kind, settings, constraints);
  const { seed, factors, rounds, threads } = settings;
  return estimator(kind, {
    async fit({ entries }, { signal, onProgress }) {
      const size = 8 * Math.max(1, Math.floor(Math.min(factors + 7, entries.columns) / 8));
      const userSums = rowPowers(entries, 1);
      const itemSums = rowPowers(transpose(entries), 1);
      const normalised = withValues(
        entries,
        (user, item, value) => value / Math.sqrt(userSums[user] * itemSums[item]),
      );
      const basis = await leadingSubspace(
        normalised,
        transpose(normalised),
        size,
        rounds,
        seed,
        threads,
        async (share) => {
          onProgress?.(share);
          await breathe(signal);
        },
      );
      return spectralRanker({ size, values: basis }, Float32Array.from(itemSums, Math.sqrt));
    },
    save: ({ basis, roots }) => ({
      blocks: basis.size / 8,
      basis: packFloats(basis.values),
      roots: packFloats(roots),
    }),
    load(data, itemCount) {
      const size = 8 * data.number("blocks", { min: 1, max: 512, integer: true });
      const values = unpackFloats(kind, data, "basis", itemCount * size);
      return spectralRanker({ size, values }, unpackFloats(kind, data, "roots", itemCount));
    },
  });
}

/** Score = x D^-½ V Vᵀ D^½: the basis on one side is divided by the roots of the items' sums, on the other multiplied. */
function spectralRanker(basis: ItemFactors, roots: Float32Array) {
  const { size, values } = basis;
  const outward = values.map((value, at) => value * roots[Math.floor(at / size)]);
  const inward = values.map((value, at) => {
    const root = roots[Math.floor(at / size)];
    return root === 0 ? 0 : value / root;
  });
  const vectors = async ({ entries }: Histories) => {
    const found = new Float32Array(entries.rows * size);
    const sums = new Float64Array(size);
    for (let user = 0; user < entries.rows; user++) {
      sums.fill(0);
      for (let at = entries.pointers[user]; at < entries.pointers[user + 1]; at++) {
        const from = entries.indices[at] * size;
        for (let axis = 0; axis < size; axis++)
          sums[axis] += entries.values[at] * inward[from + axis];
      }
      found.set(sums, user * size);
    }
    return found;
  };
  const ranker = factorRanker({ size, values: outward }, vectors, { kind: "sum", rows: inward });
  return { ...ranker, basis, roots };
}
