import { type Cells, thin } from "./cells.js";
import type { Family } from "./family.js";
import {
  invert,
  type Maximum,
  maximise,
  type Prior,
  polish,
  precisionAt,
  priorShare,
} from "./maximise.js";
import type { PurchaseLimit } from "./types.js";

/** All that a model needs to answer, and to be saved. Times in units of `unit`. */
export interface FamilyFit {
  readonly family: Family;
  readonly limit: PurchaseLimit | undefined;
  readonly at: Float64Array;
  readonly covariance: Float64Array;
  readonly unit: number;
  readonly logLikelihood: number;
  readonly customers: number;
  readonly priorShare: number;
}

/** Cells enough to find the neighbourhood of the maximum, from several starts. */
const sketch = 2000;

export function priorOf(family: Family, weight: number): Prior {
  const root = Math.sqrt(weight);
  return {
    centres: family.centres,
    deviations: family.deviations.map((deviation) => (root > 0 ? deviation / root : Infinity)),
  };
}

export async function fitFamily(
  family: Family,
  cells: Cells,
  prior: Prior,
  signal: AbortSignal | undefined,
): Promise<FamilyFit> {
  const whole = await search(family, cells, prior, signal);
  const limited = family.limit && (await limitOf(family, cells, prior, whole, signal));
  const [chosen, found, own]: [Family, Maximum, Prior] =
    family.limit && limited
      ? [family.limit, limited, first(prior, family.limit.letters.length)]
      : [family, whole, prior];
  const covariance = invert(
    precisionAt(chosen.likelihood(cells), own, found.at),
    chosen.letters.length,
  );
  return {
    family: chosen,
    limit: limited ? "nobody-drops-out" : undefined,
    at: found.at,
    covariance,
    unit: cells.unit,
    logLikelihood: logLikelihoodIn(cells, family, found.logLikelihood),
    customers: cells.customers,
    priorShare: priorShare(covariance, own),
  };
}

/** In the time unit of the purchases: a rate's density is per unit of time. */
export function logLikelihoodIn(cells: Cells, family: Family, scaled: number): number {
  return scaled - (family.whole ? 0 : purchases(cells) * Math.log(cells.unit));
}

/** From several starts on a part of the cells, and from the best of them on all. */
async function search(
  family: Family,
  cells: Cells,
  prior: Prior,
  signal: AbortSignal | undefined,
): Promise<Maximum> {
  const few = thin(cells, sketch);
  const sketched = family.likelihood(few);
  const near = await maximise(sketched, prior, startsOf(family, few), few.customers, signal);
  if (few === cells) return near;
  const precision = precisionAt(sketched, prior, near.at).map(
    (entry) => (entry * cells.customers) / few.customers,
  );
  return polish(family.likelihood(cells), prior, near.at, cells.customers, precision, signal);
}

/** How much likelier the limit must be than the model held inside by its priors, in log likelihood. */
const contradiction = 0.5;

/** So much less likely on a part of the customers, the limit cannot win on all. */
const hopeless = 15;

/** The limit where the likelihood grows towards it all the way, and the priors alone keep the maximum inside. */
async function limitOf(
  family: Family,
  cells: Cells,
  prior: Prior,
  inside: Maximum,
  signal: AbortSignal | undefined,
): Promise<Maximum | undefined> {
  if (!family.limit) return undefined;
  const own = first(prior, family.limit.letters.length);
  const few = thin(cells, sketch);
  if (few !== cells) {
    // on a part of the customers the limit is often out of the question already
    const none = new Float64Array(family.letters.length);
    const here = family.likelihood(few)(inside.at, none);
    const there = await search(family.limit, few, own, signal);
    if (there.logLikelihood < here - hopeless) return undefined;
  }
  const limit = await search(family.limit, cells, own, signal);
  const free = own.deviations[0] === Infinity;
  if (limit.logLikelihood < inside.logLikelihood + (free ? -1e-4 : contradiction)) return undefined;
  if (free) return limit;
  const likeliest = await maximise(
    family.likelihood(cells),
    priorOf(family, 0),
    [inside.at],
    cells.customers,
    signal,
  );
  return likeliest.logLikelihood < limit.logLikelihood + 0.05 ? limit : undefined;
}

const first = (prior: Prior, size: number): Prior => ({
  centres: Array.from(prior.centres).slice(0, size),
  deviations: Array.from(prior.deviations).slice(0, size),
});

/** The priors' centre, the same at the pace of these purchases, and there with few leaving. */
function startsOf(family: Family, cells: Cells): Float64Array[] {
  const centre = Float64Array.from(family.centres);
  const pace = purchases(cells) / cells.customers;
  const paced = centre.slice();
  if (family.whole) return [centre, new Float64Array(centre.length)];
  if (!(pace > 0)) return [centre];
  paced[1] = centre[0] - Math.log(1.5 * pace);
  const loyal = paced.slice();
  loyal[loyal.length - 1] += 2;
  return [centre, paced, loyal];
}

function purchases({ rows, frequency, weights }: Cells): number {
  let sum = 0;
  for (let cell = 0; cell < rows; cell++) sum += weights[cell] * frequency[cell];
  return sum;
}
