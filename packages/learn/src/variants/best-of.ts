import { logBeta } from "../special/gamma.js";

/** Points about each rate, and how many standard deviations of its log-odds they reach. */
const points = 301;
const reach = 9;

/**
 * Of independent rates, each Beta(`yes`, `no`): the chance that each is the largest, and how far it is expected to fall short of the largest.
 * By trapezoids on log-odds, points standing close wherever one of the rates may be; sums of chances are 1 to about 1e-6.
 */
export function bestOf(yes: Float64Array, no: Float64Array) {
  const grid: number[] = [];
  for (const [at, a] of yes.entries()) {
    const b = no[at];
    const centre = Math.log(a / b);
    // the trigamma function is near 1 / x + 1 / (2 x²), and 1 / x² near 0
    const deviation = Math.sqrt(1 / a + 1 / b + 1 / (a * a) + 1 / (b * b));
    for (let point = 0; point < points; point++)
      grid.push(centre + deviation * reach * ((2 * point) / (points - 1) - 1));
  }
  grid.sort((left, right) => left - right);
  const size = grid.length;
  const densities = Array.from(yes, (a, at) => {
    const front = logBeta(a, no[at]);
    return Float64Array.from(grid, (x) => {
      const rest = Math.log1p(Math.exp(-Math.abs(x)));
      const logRate = Math.min(0, x) - rest;
      const logOther = Math.min(0, -x) - rest;
      return Math.exp(a * logRate + no[at] * logOther - front);
    });
  });
  const below = densities.map((density) => {
    const sums = new Float64Array(size);
    for (let point = 1; point < size; point++)
      sums[point] =
        sums[point - 1] +
        0.5 * (density[point] + density[point - 1]) * (grid[point] - grid[point - 1]);
    const all = sums[size - 1];
    return sums.map((sum) => sum / all);
  });
  const best = new Float64Array(yes.length);
  let largest = 0;
  for (let point = 1; point < size; point++) {
    const rate = 0.5 * (rateAt(grid[point]) + rateAt(grid[point - 1]));
    let all = 1;
    let before = 1;
    for (const sums of below) {
      all *= sums[point];
      before *= sums[point - 1];
    }
    largest += rate * (all - before);
    for (const [at, sums] of below.entries()) {
      let others = 1;
      for (const [other, theirs] of below.entries())
        if (other !== at) others *= 0.5 * (theirs[point] + theirs[point - 1]);
      best[at] += others * (sums[point] - sums[point - 1]);
    }
  }
  const sum = best.reduce((total, chance) => total + chance, 0);
  return {
    best: best.map((chance) => chance / sum),
    loss: Float64Array.from(yes, (a, at) => Math.max(0, largest - a / (a + no[at]))),
  };
}

const rateAt = (logOdds: number): number => 1 / (1 + Math.exp(-logOdds));
