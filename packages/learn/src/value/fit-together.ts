import type { Cells } from "./cells.js";
import type { FamilyFit } from "./fit-family.js";
import { logLikelihoodIn } from "./fit-family.js";
import { invert, maximise, type Prior, precisionAt, priorShare } from "./maximise.js";

export interface Together {
  readonly everybody: FamilyFit;
  readonly cohorts: readonly FamilyFit[];
  /** Standard deviation of each log parameter between cohorts. */
  readonly spread: Float64Array;
}

const rounds = 40;
/** What is believed of the spread before: as much as this many cohorts would say of this deviation. */
const spreadPrior = { cohorts: 1, deviation: 0.1 };

/**
 * θ_g ~ N(μ, τ²) on log parameters: EM in which each cohort's θ_g is known by Laplace's approximation, that is its maximum and the
 * curvature there. Begins where all cohorts are as one.
 */
export async function fitTogether(
  pooled: FamilyFit,
  cohorts: readonly Cells[],
  top: Prior,
  signal: AbortSignal | undefined,
): Promise<Together> {
  const { family } = pooled;
  const size = pooled.at.length;
  const likelihoods = cohorts.map((cells) => family.likelihood(cells));
  let middle = pooled.at.slice();
  let spread = new Float64Array(size).fill(0.3);
  let found = cohorts.map(() => pooled.at);
  let covariances: Float64Array[] = [];
  for (let round = 0; round < rounds; round++) {
    const prior: Prior = { centres: middle, deviations: spread };
    const next: Float64Array[] = [];
    covariances = [];
    for (const [code, cells] of cohorts.entries()) {
      const at =
        cells.rows === 0
          ? middle
          : (await maximise(likelihoods[code], prior, [found[code]], cells.customers, signal)).at;
      next.push(at);
      covariances.push(invert(precisionAt(likelihoods[code], prior, at), size));
    }
    found = next;
    const before = [...middle, ...spread];
    middle = middle.map((_, index) => {
      const pull = 1 / spread[index] ** 2;
      const rest = 1 / top.deviations[index] ** 2;
      const sum = found.reduce((total, at) => total + at[index], 0);
      return (sum * pull + top.centres[index] * rest) / (found.length * pull + rest);
    });
    spread = spread.map((_, index) => {
      const squares = found.reduce(
        (sum, at, code) =>
          sum + (at[index] - middle[index]) ** 2 + covariances[code][index * (size + 1)],
        spreadPrior.cohorts * spreadPrior.deviation ** 2,
      );
      return Math.sqrt(squares / (found.length + spreadPrior.cohorts));
    });
    if ([...middle, ...spread].every((value, index) => Math.abs(value - before[index]) < 1e-3))
      break;
  }
  const prior: Prior = { centres: middle, deviations: spread };
  const fits = cohorts.map(
    (cells, code): FamilyFit => ({
      ...pooled,
      at: found[code],
      covariance: covariances[code],
      logLikelihood: logLikelihoodIn(
        cells,
        family,
        likelihoods[code](found[code], new Float64Array(size)),
      ),
      customers: cells.customers,
      priorShare: priorShare(covariances[code], prior),
    }),
  );
  // a cohort never seen may lie anywhere in the spread
  const covariance = new Float64Array(size * size);
  for (let index = 0; index < size; index++)
    covariance[index * (size + 1)] = spread[index] ** 2 * (1 + 1 / cohorts.length);
  return {
    everybody: { ...pooled, at: middle, covariance, priorShare: 0 },
    cohorts: fits,
    spread,
  };
}
