import { makeArtifact, openArtifact } from "../artifact.js";
import { checkOptions } from "../options.js";
import { normalQuantile } from "../special/normal.js";
import { answersOf } from "./answers.js";
import { checkPurchases } from "./check.js";
import { covarianceAt, leversOf, logsAt } from "./covariate-likelihood.js";
import { profilesOf, type Scale, scaleOf } from "./covariates.js";
import { families } from "./families.js";
import { type CovariateFit, fitCovariates } from "./fit-covariates.js";
import { constraints, defaults } from "./options.js";
import { modelOf } from "./purchase-model.js";
import { answersByCode } from "./route.js";
import { readFit, savedFit } from "./saved-fit.js";
import type {
  CovariateEstimator,
  CovariateModel,
  PurchaseModelName,
  PurchaseOptions,
} from "./types.js";

const kind = "purchase-covariates";
const version = 1;

/**
 * A model of purchases in which what is known of a customer beforehand (age, distance, size of the first order) quickens or slows
 * buying, and leaving: both log-linear (Fader & Hardie 2007). How much covariates matter at all is learned too (empirical Bayes),
 * so that those which say nothing hardly move anybody. Fitted to up to 20,000 profiles of covariates, evenly drawn.
 */
export function purchaseCovariates(
  name: PurchaseModelName,
  options: PurchaseOptions = {},
): CovariateEstimator {
  const { prior } = { ...defaults, ...options };
  const family = families[name];
  return {
    kind,
    async fit(purchases, covariates, { signal } = {}) {
      checkOptions(kind, { prior }, constraints);
      checkPurchases(kind, purchases, family.whole);
      const scale = scaleOf(kind, covariates, purchases.rows);
      const profiles = profilesOf(kind, scale, covariates, purchases.rows);
      return covariateModel(scale, await fitCovariates(family, purchases, profiles, prior, signal));
    },
    load(artifact) {
      const data = openArtifact(artifact, kind, version);
      data.choice("model", [name]);
      const covariates = data.objects("covariates");
      const scale: Scale = {
        names: covariates.map((covariate) => covariate.text("name")),
        means: Float64Array.from(covariates, (covariate) => covariate.number("mean")),
        deviations: Float64Array.from(covariates, (covariate) =>
          covariate.number("deviation", { min: Number.MIN_VALUE }),
        ),
      };
      const fit = readFit(
        kind,
        data,
        family,
        (own) => own.letters.length + leversOf(own).length * covariates.length,
      );
      return covariateModel(scale, { ...fit, name });
    },
  };
}

function covariateModel(scale: Scale, fit: CovariateFit): CovariateModel {
  const { name, family, at, covariance, unit } = fit;
  const { names, means, deviations } = scale;
  const letters = family.letters.length;
  const size = at.length;
  const at0 = new Float64Array(names.length);
  const of = (profile: Float64Array) => ({
    family,
    unit,
    at: logsAt(family, at, profile),
    covariance: covarianceAt(family, covariance, profile),
  });
  const average = modelOf({ ...fit, ...of(at0) });
  const z = normalQuantile(0.975);
  const effect = (place: number) => {
    const error = Math.sqrt(Math.max(0, covariance[place * (size + 1)]));
    const deviation = deviations[(place - letters) % names.length];
    const times = (away: number) => Math.exp((at[place] + away * error) / deviation);
    return { value: times(0), low: times(-z), high: times(z) };
  };
  return {
    average,
    effects: names.map((covariate, index) => ({
      name: covariate,
      pace: effect(letters + index),
      ...(family.leaving && { leaving: effect(letters + names.length + index) }),
    })),
    of(covariates) {
      const rows = covariates[0]?.values.length ?? 0;
      const { profiles, codes } = profilesOf(kind, scale, covariates, rows);
      const models = profiles.map((profile) => answersOf(of(profile)));
      return answersByCode(kind, codes, models, average);
    },
    save: () =>
      makeArtifact(kind, version, {
        model: name,
        covariates: names.map((covariate, index) => ({
          name: covariate,
          mean: means[index],
          deviation: deviations[index],
        })),
        ...savedFit(fit),
      }),
  };
}
