import { pathsOf } from "./bg-bb-answers.js";
import type { Cells } from "./cells.js";
import type { Answers, Family, Likelihood } from "./family.js";
import { ladder } from "./ladder.js";
import type { PurchaseModelName } from "./types.js";

/** Opportunities taken with a probability ~ beta(alpha, beta) by customers who never leave: what BG/BB tends to where nobody leaves. */
export function betaBinomial(kind: PurchaseModelName, centres: readonly number[]): Family {
  return {
    kind,
    letters: ["alpha", "beta"],
    timed: [false, false],
    centres: centres.slice(0, 2),
    deviations: [1.5, 1.5],
    whole: true,
    pace: { index: 0, sign: 1 },
    likelihood,
    answers: ([alpha, beta]) => answers(alpha, beta),
  };
}

function likelihood({ rows, frequency, age, weights }: Cells): Likelihood {
  const most = age.reduce((largest, one) => Math.max(largest, one), 0);
  const ups = Array.from({ length: 3 }, () => ladder(most));
  return (at, gradient) => {
    const [alpha, beta] = [Math.exp(at[0]), Math.exp(at[1])];
    const [a, b, ab] = [alpha, beta, alpha + beta].map((base, index) => ups[index](base));
    let total = 0;
    let [byAlpha, byBeta] = [0, 0];
    for (let cell = 0; cell < rows; cell++) {
      const taken = frequency[cell];
      const end = age[cell];
      total += weights[cell] * (a.value[taken] + b.value[end - taken] - ab.value[end]);
      byAlpha += weights[cell] * (a.slope[taken] - ab.slope[end]);
      byBeta += weights[cell] * (b.slope[end - taken] - ab.slope[end]);
    }
    gradient[0] = byAlpha * alpha;
    gradient[1] = byBeta * beta;
    return total;
  };
}

function answers(alpha: number, beta: number): Answers {
  const { begin, next } = pathsOf();
  return {
    leftOdds: () => -Infinity,
    stays: () => 1,
    mean: (x, age, horizon) => ((alpha + x) / (alpha + beta + age)) * horizon,
    begin: (x, age, horizon) => begin(alpha + x, beta + age - x, horizon, () => 1),
    next,
  };
}
