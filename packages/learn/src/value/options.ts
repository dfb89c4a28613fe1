import type { PurchaseOptions } from "./types.js";

export const defaults = { prior: 1 } satisfies Required<PurchaseOptions>;
export const constraints = { prior: { min: 0 } };

/** Below this deviation of every logarithm, what is unknown of the parameters moves no probability by more than a thousandth. */
export const negligible = 0.03;
