import type { Path } from "./shap-plan.js";

/** A leaf with more features on its path is worked out for each row anew. */
const mostRemembered = 12;

export interface Memory {
  readonly shares: Float64Array;
  /** Where the contributions of a set of satisfied features begin in `shares`. */
  find(mask: number): number;
}

export function makeMemory(path: Path): Memory {
  const size = path.columns.length;
  const scratch = new Float64Array(2 * size + 2);
  if (size > mostRemembered) {
    const shares = new Float64Array(size);
    return {
      shares,
      find(mask) {
        contribute(path, mask, scratch, shares, 0);
        return 0;
      },
    };
  }
  const known = new Uint8Array(1 << size);
  const shares = new Float64Array(size << size);
  return {
    shares,
    find(mask) {
      if (known[mask] === 0) {
        known[mask] = 1;
        contribute(path, mask, scratch, shares, mask * size);
      }
      return mask * size;
    },
  };
}

/**
 * What a leaf contributes to each feature of its path when the row satisfies those in `mask`: with z the shares and o = 0 or 1,
 * (o − z) · value · Σ_S |S|! (d − 1 − |S|)! / d! · Π_{j ∈ S} o_j · Π_{j ∉ S} z_j over the other features. The sum over sets of one
 * size is a coefficient of Π (z_j + o_j y); one factor is divided out at a time, from the top, where errors shrink as z ≤ 1.
 */
function contribute(
  { value, shares }: Path,
  mask: number,
  scratch: Float64Array,
  target: Float64Array,
  at: number,
): void {
  const size = shares.length;
  if (size === 0) return;
  let unmet = 1;
  let met = 0;
  scratch[0] = 1;
  for (let place = 0; place < size; place++) {
    if (!((mask >> place) & 1)) {
      unmet *= shares[place];
      continue;
    }
    scratch[met + 1] = scratch[met];
    for (let power = met; power > 0; power--)
      scratch[power] = scratch[power - 1] + shares[place] * scratch[power];
    scratch[0] *= shares[place];
    met++;
  }
  // |S|! (d − 1 − |S|)! / d! for |S| = 0 … met
  const weights = size + 1;
  scratch[weights] = 1 / size;
  for (let power = 1; power <= Math.min(met, size - 1); power++)
    scratch[weights + power] = (scratch[weights + power - 1] * power) / (size - power);
  let whole = 0;
  for (let power = 0; power <= Math.min(met, size - 1); power++)
    whole += scratch[power] * scratch[weights + power];
  for (let place = 0; place < size; place++) {
    if (!((mask >> place) & 1)) {
      // the factor is z alone: (0 − z) · (unmet / z) · Σ
      target[at + place] = -value * unmet * whole;
      continue;
    }
    let quotient = scratch[met];
    let sum = quotient * scratch[weights + met - 1];
    for (let power = met - 1; power > 0; power--) {
      quotient = scratch[power] - shares[place] * quotient;
      sum += quotient * scratch[weights + power - 1];
    }
    target[at + place] = (1 - shares[place]) * value * unmet * sum;
  }
}
