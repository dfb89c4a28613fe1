import { LearnError } from "../error.js";
import { type Cells, makeCells } from "./cells.js";
import { covariateLikelihood, type Group, leversOf } from "./covariate-likelihood.js";
import type { Profiles } from "./covariates.js";
import type { Family } from "./family.js";
import { type FamilyFit, fitFamily, logLikelihoodIn, priorOf } from "./fit-family.js";
import { invert, type Prior, polish, precisionAt, priorShare } from "./maximise.js";
import type { PurchaseModelName, Purchases } from "./types.js";

/** Logarithms of parameters, then coefficients of scaled covariates: those of pace, and of leaving where somebody leaves. */
export type CovariateFit = FamilyFit & { readonly name: PurchaseModelName };

/** Profiles enough to know coefficients by. */
const mostProfiles = 20_000;

const rounds = 20;
/** What is believed of the coefficients' spread before: as much as this many covariates would say of this deviation. */
const spreadPrior = { covariates: 1, deviation: 0.3 };

/**
 * Coefficients ~ N(0, τ²), one τ for pace and one for leaving: EM in which the coefficients are known by Laplace's approximation.
 * Begins where no covariate matters.
 */
export async function fitCovariates(
  whole: Family,
  purchases: Purchases,
  profiles: Profiles,
  weight: number,
  signal: AbortSignal | undefined,
): Promise<CovariateFit> {
  const all = makeCells(purchases, whole.whole ? 1 : undefined);
  if (all.rows === 0)
    throw new LearnError("input", "purchase-covariates: there are no customers to learn from.");
  const pooled = await fitFamily(whole, all, priorOf(whole, weight), signal);
  const { family } = pooled;
  const groups = groupsOf(purchases, profiles, all.unit);
  const customers = groups.reduce((sum, { cells }) => sum + cells.customers, 0);
  const covariates = profiles.profiles[0].length;
  const letters = family.letters.length;
  const levers = leversOf(family).length;
  const likelihood = covariateLikelihood(family, groups, covariates);
  const own = priorOf(family, weight);
  const size = letters + levers * covariates;
  const spread = new Float64Array(levers).fill(spreadPrior.deviation);
  let at = new Float64Array(size);
  at.set(pooled.at);
  for (let round = 0; ; round++) {
    const prior: Prior = {
      centres: [...Array.from(own.centres), ...new Array<number>(size - letters).fill(0)],
      deviations: [
        ...Array.from(own.deviations),
        ...Array.from(spread).flatMap((deviation) => new Array<number>(covariates).fill(deviation)),
      ],
    };
    const precision = precisionAt(likelihood, prior, at);
    const found = await polish(likelihood, prior, at, customers, precision, signal);
    at = Float64Array.from(found.at);
    const covariance = invert(precisionAt(likelihood, prior, at), size);
    const before = spread.slice();
    for (let lever = 0; lever < levers; lever++) {
      let squares = spreadPrior.covariates * spreadPrior.deviation ** 2;
      for (let index = 0; index < covariates; index++) {
        const place = letters + lever * covariates + index;
        squares += at[place] ** 2 + covariance[place * (size + 1)];
      }
      spread[lever] = Math.sqrt(squares / (covariates + spreadPrior.covariates));
    }
    if (round + 1 < rounds && spread.some((value, lever) => Math.abs(value - before[lever]) > 1e-2))
      continue;
    return {
      ...pooled,
      name: whole.kind,
      at,
      covariance,
      logLikelihood: groups.reduce(
        (sum, { cells }) => sum + logLikelihoodIn(cells, family, 0),
        found.logLikelihood,
      ),
      customers,
      priorShare: priorShare(covariance, prior),
    };
  }
}

/** Customers by profile; of many profiles some, evenly drawn. */
function groupsOf(purchases: Purchases, { profiles, codes }: Profiles, unit: number): Group[] {
  const stride = Math.max(1, Math.ceil(profiles.length / mostProfiles));
  const rows: number[][] = [];
  for (const [row, code] of codes.entries()) {
    if (code % stride !== 0) continue;
    const own = rows[code / stride];
    if (own) own.push(row);
    else rows[code / stride] = [row];
  }
  const groups = rows.map((own, place): Group => {
    const take = (values: Float64Array) => Float64Array.from(own, (row) => values[row]);
    const cells: Cells = makeCells(
      {
        rows: own.length,
        frequency: take(purchases.frequency),
        recency: take(purchases.recency),
        age: take(purchases.age),
        ...(purchases.weights && { weights: take(purchases.weights) }),
      },
      unit,
    );
    return { profile: profiles[place * stride], cells };
  });
  return groups.filter(({ cells }) => cells.rows > 0);
}
