import * as layout from "../kernels/layout.js";
import type { GrowInput } from "./grow.js";

export interface Scales {
  readonly gradient: number;
  readonly hessian: number;
  readonly largestWeight: number;
  /** What no gradient or hessian exceeds as a whole number; Infinity where they have no bounds. */
  readonly largest: number;
}

/** The finest scales at which no sum of gradients, or of hessians, can leave its 32 bits, where they have bounds. */
export function scalesOf({ order, trained, weights, bounds, objective }: GrowInput): Scales {
  let weightSum = weights ? 0 : trained;
  let largestWeight = weights ? 0 : 1;
  if (weights)
    for (let place = 0; place < trained; place++) {
      const weight = Math.fround(weights[order ? order[place] : place]);
      weightSum += weight;
      largestWeight = Math.max(largestWeight, weight);
    }
  const room = 2_147_000_000 - 2 * trained;
  const scaleOf = (bound: number): number => Math.fround(room / (weightSum * (bound || 1)));
  const isBounded = objective !== layout.SQUARED_ERROR && objective !== layout.POISSON;
  return {
    gradient: scaleOf(bounds.gradient),
    hessian: scaleOf(bounds.hessian),
    largestWeight,
    largest: isBounded ? (room * largestWeight) / weightSum : Infinity,
  };
}
