import { betaBinomial } from "./beta-binomial.js";
import { bgBbAnswers } from "./bg-bb-answers.js";
import { bgBbLikelihood } from "./bg-bb-likelihood.js";
import type { Family } from "./family.js";
import { purchaseModel } from "./purchase-model.js";
import type { PurchaseEstimator, PurchaseOptions } from "./types.js";

// Fader, Hardie & Shang 2010, table 3
const centres = [1.2035, 0.7497, 0.6568, 2.7834].map(Math.log);

export const bgBbFamily: Family = {
  kind: "bg-bb",
  letters: ["alpha", "beta", "gamma", "delta"],
  timed: [false, false, false, false],
  centres,
  deviations: [1.5, 1.5, 1.5, 1.5],
  whole: true,
  pace: { index: 0, sign: 1 },
  leaving: { index: 2, sign: 1 },
  likelihood: bgBbLikelihood,
  answers: ([alpha, beta, gamma, delta]) => bgBbAnswers(alpha, beta, gamma, delta),
  limit: betaBinomial("bg-bb", centres),
};

/**
 * For purchases that can only happen at given opportunities, at most one at each (a yearly fair, a monthly box): each is taken with a
 * probability ~ beta(alpha, beta), and before each the customer leaves with a probability ~ beta(gamma, delta). BG/BB of Fader,
 * Hardie & Shang 2010. `recency` is the number of the last opportunity taken, `age` how many there have been, `horizon` how many
 * are to come: all whole. The probability alive is that of still being there at the next opportunity.
 */
export function bgBb(options: PurchaseOptions = {}): PurchaseEstimator {
  return purchaseModel(bgBbFamily, options);
}
