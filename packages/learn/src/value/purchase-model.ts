import { makeArtifact, openArtifact } from "../artifact.js";
import { LearnError } from "../error.js";
import { checkOptions } from "../options.js";
import { normalQuantile } from "../special/normal.js";
import { answersOf } from "./answers.js";
import { makeCells } from "./cells.js";
import { checkPurchases } from "./check.js";
import type { Family } from "./family.js";
import { type FamilyFit, fitFamily, priorOf } from "./fit-family.js";
import { constraints, defaults } from "./options.js";
import { readFit, savedFit } from "./saved-fit.js";
import type { PurchaseEstimator, PurchaseModel, PurchaseOptions } from "./types.js";

const version = 1;

/** What the models of purchases have in common: checks, the fit, saving and loading. */
export function purchaseModel(family: Family, options: PurchaseOptions): PurchaseEstimator {
  const { prior } = { ...defaults, ...options };
  const { kind } = family;
  return {
    kind,
    async fit(purchases, { signal } = {}) {
      checkOptions(kind, { prior }, constraints);
      checkPurchases(kind, purchases, family.whole);
      const cells = makeCells(purchases, family.whole ? 1 : undefined);
      if (cells.rows === 0)
        throw new LearnError("input", `${kind}: there are no customers to learn from.`);
      if (prior === 0 && !cells.frequency.some((x) => x > 0))
        throw new LearnError("input", `${kind}: nobody has bought again.`, {
          hint: 'Leave "prior" above 0, or wait for the first customers to come back.',
        });
      return modelOf(await fitFamily(family, cells, priorOf(family, prior), signal));
    },
    load(artifact) {
      const data = openArtifact(artifact, kind, version);
      return modelOf(readFit(kind, data, family));
    },
  };
}

export function modelOf(fit: FamilyFit): PurchaseModel {
  const { family, limit, at, covariance, unit } = fit;
  const z = normalQuantile(0.975);
  const inUnits = (index: number, deviations: number) =>
    Math.exp(at[index] + deviations * Math.sqrt(Math.max(0, covariance[index * (at.length + 1)]))) *
    (family.timed[index] ? unit : 1);
  return {
    name: family.kind,
    parameters: Object.fromEntries(
      family.letters.map((letter, index) => [letter, inUnits(index, 0)]),
    ),
    intervals: Object.fromEntries(
      family.letters.map((letter, index) => [
        letter,
        { low: inUnits(index, -z), high: inUnits(index, z) },
      ]),
    ),
    logLikelihood: fit.logLikelihood,
    customers: fit.customers,
    limit,
    priorShare: fit.priorShare,
    ...answersOf(fit),
    save: () => makeArtifact(family.kind, version, savedFit(fit)),
  };
}
