import { betaDropout } from "./beta-dropout.js";
import { purchaseModel } from "./purchase-model.js";
import type { PurchaseEstimator, PurchaseOptions } from "./types.js";

// Fader, Hardie & Lee 2005, on the customers' mean age of 32.72 weeks
const centres = [0.2426, 4.4136 / 32.72, 0.793, 2.4259].map(Math.log);

export const bgNbdFamily = betaDropout("bg-nbd", 0, centres);

/**
 * Purchases at a rate ~ gamma(r, alpha); after each one but the first the customer leaves with a probability ~ beta(a, b): BG/NBD of
 * Fader, Hardie & Lee 2005. Whoever has bought once only is taken to be still there; `mbgNbd` and `paretoNbd` doubt it.
 */
export function bgNbd(options: PurchaseOptions = {}): PurchaseEstimator {
  return purchaseModel(bgNbdFamily, options);
}
