import { type ArtifactReader, badArtifact } from "../artifact.js";
import type { Family } from "./family.js";
import type { FamilyFit } from "./fit-family.js";

/** What an artifact keeps of a fit. */
export const savedFit = ({ limit, ...fit }: FamilyFit): Record<string, unknown> => ({
  ...(limit && { limit }),
  at: Array.from(fit.at),
  covariance: Array.from(fit.covariance),
  unit: fit.unit,
  logLikelihood: fit.logLikelihood,
  customers: fit.customers,
  priorShare: fit.priorShare,
});

/**
 * @param whole the family, of which the limit was saved where there is one
 * @param sizeOf number of entries of `at`; that of letters by default
 * @throws LearnError "artifact"
 */
export function readFit(
  kind: string,
  data: ArtifactReader,
  whole: Family,
  sizeOf = ({ letters }: Family): number => letters.length,
): FamilyFit {
  const limit = data.has("limit") ? data.choice("limit", ["nobody-drops-out"]) : undefined;
  const family = limit ? whole.limit : whole;
  if (!family) throw badArtifact(kind, "it has no limit");
  const size = sizeOf(family);
  return {
    family,
    limit,
    at: data.numbers("at", { min: -30, max: 30, length: size }),
    covariance: data.numbers("covariance", { min: -1e6, max: 1e6, length: size * size }),
    unit: data.number("unit", { min: Number.MIN_VALUE }),
    logLikelihood: data.number("logLikelihood"),
    customers: data.number("customers", { min: 0 }),
    priorShare: data.number("priorShare", { min: 0, max: 1 }),
  };
}
