import type { Cells } from "./cells.js";
import type { Likelihood } from "./family.js";
import { ladder } from "./ladder.js";

/** Fader, Hardie & Shang 2010, eq. 7: taken x of n opportunities, the last one at t_x, and gone after t_x, t_x + 1, … or not at all. */
export function bgBbLikelihood({ rows, frequency, recency, age, weights }: Cells): Likelihood {
  const most = age.reduce((largest, one) => Math.max(largest, one), 0);
  const ups = Array.from({ length: 5 }, () => ladder(most + 1));
  const terms = new Float64Array(most + 1);
  return (at, gradient) => {
    const [alpha, beta, gamma, delta] = [0, 1, 2, 3].map((index) => Math.exp(at[index]));
    const [a, b, ab, d, cd] = [alpha, beta, alpha + beta, delta, gamma + delta].map((base, index) =>
      ups[index](base),
    );
    let total = 0;
    let [byAlpha, byBeta, byGamma, byDelta] = [0, 0, 0, 0];
    for (let cell = 0; cell < rows; cell++) {
      const x = frequency[cell];
      const last = recency[cell];
      const end = age[cell];
      const here = b.value[end - x] - ab.value[end] + d.value[end] - cd.value[end];
      let largest = here;
      for (let left = last; left < end; left++) {
        terms[left] =
          b.value[left - x] - ab.value[left] + at[2] + d.value[left] - cd.value[left + 1];
        if (terms[left] > largest) largest = terms[left];
      }
      let sum = Math.exp(here - largest);
      let bySlopeB = sum * b.slope[end - x];
      let bySlopeAB = sum * ab.slope[end];
      let bySlopeD = sum * d.slope[end];
      let bySlopeCD = sum * cd.slope[end];
      let gone = 0;
      for (let left = last; left < end; left++) {
        const share = Math.exp(terms[left] - largest);
        sum += share;
        gone += share;
        bySlopeB += share * b.slope[left - x];
        bySlopeAB += share * ab.slope[left];
        bySlopeD += share * d.slope[left];
        bySlopeCD += share * cd.slope[left + 1];
      }
      const weight = weights[cell];
      total += weight * (a.value[x] + largest + Math.log(sum));
      byAlpha += weight * (a.slope[x] - bySlopeAB / sum);
      byBeta += (weight * (bySlopeB - bySlopeAB)) / sum;
      byGamma += (weight * (gone / gamma - bySlopeCD)) / sum;
      byDelta += (weight * (bySlopeD - bySlopeCD)) / sum;
    }
    gradient[0] = byAlpha * alpha;
    gradient[1] = byBeta * beta;
    gradient[2] = byGamma * gamma;
    gradient[3] = byDelta * delta;
    return total;
  };
}
