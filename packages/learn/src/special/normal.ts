const central = {
  above: [
    -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716,
    2.506628277459239,
  ],
  below: [
    -54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972,
    -13.28068155288572, 1,
  ],
};
const tails = {
  above: [
    -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734,
    4.374664141464968, 2.938163982698783,
  ],
  below: [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1],
};

/** The standard normal's quantile, 0 < probability < 1: Acklam's rational approximation, relative error below 1.2e-9. */
export function normalQuantile(probability: number): number {
  const half = probability - 0.5;
  const least = Math.min(probability, 1 - probability);
  if (least < 0.02425) {
    const tail = Math.sqrt(-2 * Math.log(least));
    return -Math.sign(half) * (polynomial(tails.above, tail) / polynomial(tails.below, tail));
  }
  const square = half * half;
  return (half * polynomial(central.above, square)) / polynomial(central.below, square);
}

function polynomial(coefficients: readonly number[], at: number): number {
  return coefficients.reduce((sum, coefficient) => sum * at + coefficient, 0);
}

/** The standard normal's distribution function, by the rational Chebyshev form of erfc (Press et al. 1992, section 6.2); relative error below 1.2e-7. */
export function normalCdf(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.5 * x);
  const coefficients = [
    0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418,
    0.37409196, 1.00002368, -1.26551223,
  ];
  const series = coefficients.reduce((sum, coefficient) => sum * t + coefficient, 0);
  const upper = 0.5 * t * Math.exp(-x * x + series);
  return z > 0 ? 1 - upper : upper;
}
