/**
 * What margins are to be multiplied by so that their softmax gives probabilities that hold: the minimum of log loss, found by
 * bisection of its slope (Guo et al. 2017). `margins` is row-major, rows × k.
 */
export function fitSharpness(margins: Float32Array, classes: Int32Array, k: number): number {
  let low = Math.log(0.05);
  let high = Math.log(100);
  for (let step = 0; step < 30; step++) {
    const middle = (low + high) / 2;
    if (slope(margins, classes, k, Math.exp(middle)) > 0) high = middle;
    else low = middle;
  }
  return Math.exp((low + high) / 2);
}

/** Of the summed log loss, by the sharpness. */
function slope(margins: Float32Array, classes: Int32Array, k: number, sharpness: number): number {
  let total = 0;
  for (let row = 0; row < classes.length; row++) {
    const from = row * k;
    let most = -Infinity;
    for (let at = from; at < from + k; at++) most = Math.max(most, margins[at]);
    let sum = 0;
    let weighed = 0;
    for (let at = from; at < from + k; at++) {
      const share = Math.exp(sharpness * (margins[at] - most));
      sum += share;
      weighed += share * margins[at];
    }
    total += weighed / sum - margins[from + classes[row]];
  }
  return total;
}

/** Mean log loss in nats. */
export function softmaxLoss(
  margins: Float32Array,
  classes: Int32Array,
  k: number,
  sharpness: number,
): number {
  const shares = new Float64Array(k);
  let loss = 0;
  for (let row = 0; row < classes.length; row++) {
    softmax(margins, row * k, k, sharpness, shares, 0);
    loss -= Math.log(Math.max(1e-300, shares[classes[row]]));
  }
  return loss / classes.length;
}

/** Probabilities of `k` margins from `from` on, written to `into` from `to` on; the place of the greatest, `0 … k − 1`, is returned. */
export function softmax(
  margins: Float32Array,
  from: number,
  k: number,
  sharpness: number,
  into: Float64Array,
  to: number,
): number {
  let best = 0;
  for (let one = 1; one < k; one++) if (margins[from + one] > margins[from + best]) best = one;
  const most = margins[from + best];
  let sum = 0;
  for (let one = 0; one < k; one++) {
    const share = Math.exp(sharpness * (margins[from + one] - most));
    into[to + one] = share;
    sum += share;
  }
  for (let one = 0; one < k; one++) into[to + one] /= sum;
  return best;
}
