import type { Family } from "./family.js";
import { nbd } from "./nbd.js";
import { paretoAnswers } from "./pareto-answers.js";
import { paretoLikelihood } from "./pareto-likelihood.js";
import { purchaseModel } from "./purchase-model.js";
import type { PurchaseEstimator, PurchaseOptions } from "./types.js";

// Fader, Hardie & Lee 2005, table 2, on the customers' mean age of 32.72 weeks
const centres = [0.5533, 10.5776 / 32.72, 0.6062, 11.6679 / 32.72].map(Math.log);

export const paretoNbdFamily: Family = {
  kind: "pareto-nbd",
  letters: ["r", "alpha", "s", "beta"],
  timed: [false, true, false, true],
  centres,
  deviations: [1.5, 2, 1.5, 2],
  pace: { index: 1, sign: -1 },
  leaving: { index: 3, sign: -1 },
  likelihood: paretoLikelihood,
  answers: ([r, alpha, s, beta]) => paretoAnswers(r, alpha, s, beta),
  limit: nbd("pareto-nbd", centres),
};

/**
 * Purchases at a rate ~ gamma(r, alpha) until the customer leaves unseen, at any time, at a rate ~ gamma(s, beta): Pareto/NBD of
 * Schmittlein, Morrison & Colombo 1987.
 */
export function paretoNbd(options: PurchaseOptions = {}): PurchaseEstimator {
  return purchaseModel(paretoNbdFamily, options);
}
