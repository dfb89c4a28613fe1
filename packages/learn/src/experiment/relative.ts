import { normalQuantile } from "../special/normal.js";

/**
 * How much more an arm's mean is than the control's, as a share of the control's, by Fieller's theorem (1954); `undefined` where the
 * control's mean cannot be told from 0.
 */
export function relativeTo(
  control: { readonly mean: number; readonly variance: number },
  arm: { readonly mean: number; readonly variance: number },
  level: number,
): { readonly value: number; readonly low: number; readonly high: number } | undefined {
  const z = -normalQuantile(level / 2);
  const below = control.mean ** 2 - z * z * control.variance;
  if (!(below > 0)) return undefined;
  const middle = control.mean * arm.mean;
  const root = Math.sqrt(Math.max(0, middle ** 2 - below * (arm.mean ** 2 - z * z * arm.variance)));
  const ends = [(middle - root) / below - 1, (middle + root) / below - 1];
  const value = arm.mean / control.mean - 1;
  return { value, low: ends[0], high: ends[1] };
}
