import { betaDropout } from "./beta-dropout.js";
import { purchaseModel } from "./purchase-model.js";
import type { PurchaseEstimator, PurchaseOptions } from "./types.js";

// the likeliest parameters of the CDNOW sample, on the customers' mean age of 32.72 weeks
const centres = [0.5248, 6.1829 / 32.72, 0.8913, 1.6141].map(Math.log);

export const mbgNbdFamily = betaDropout("mbg-nbd", 1, centres);

/** BG/NBD in which customers may leave after the first purchase too: MBG/NBD of Batislam, Denizel & Filiztekin 2007. */
export function mbgNbd(options: PurchaseOptions = {}): PurchaseEstimator {
  return purchaseModel(mbgNbdFamily, options);
}
