import type { Cells } from "./cells.js";
import type { Answers, Family, Likelihood } from "./family.js";
import { NegativeBinomial } from "./negative-binomial.js";
import { rising } from "./rising.js";
import type { PurchaseModelName } from "./types.js";

/** Purchases at a rate ~ gamma(r, alpha) that never end (Ehrenberg 1959): what the models with leaving tend to where nobody leaves. */
export function nbd(kind: PurchaseModelName, centres: readonly number[]): Family {
  return {
    kind,
    letters: ["r", "alpha"],
    timed: [false, true],
    centres: centres.slice(0, 2),
    deviations: [1.5, 2],
    pace: { index: 1, sign: -1 },
    likelihood,
    answers,
  };
}

function likelihood({ frequencies, starts, age, weights }: Cells): Likelihood {
  const ofR = rising(frequencies);
  return (at, gradient) => {
    const r = Math.exp(at[0]);
    const alpha = Math.exp(at[1]);
    const up = ofR(r);
    let total = 0;
    let byR = 0;
    let byAlpha = 0;
    for (let index = 0; index < frequencies.length; index++) {
      const shape = r + frequencies[index];
      let count = 0;
      let logs = 0;
      let inverses = 0;
      for (let cell = starts[index]; cell < starts[index + 1]; cell++) {
        const end = alpha + age[cell];
        count += weights[cell];
        logs += weights[cell] * Math.log(end);
        inverses += weights[cell] / end;
      }
      total += count * (up.value[index] + r * at[1]) - shape * logs;
      byR += count * (up.slope[index] + at[1]) - logs;
      byAlpha += (count * r) / alpha - shape * inverses;
    }
    gradient[0] = byR * r;
    gradient[1] = byAlpha * alpha;
    return total;
  };
}

function answers([r, alpha]: Float64Array): Answers {
  const counts = new NegativeBinomial();
  return {
    leftOdds: () => -Infinity,
    stays: () => 1,
    mean: (x, age, horizon) => ((r + x) / (alpha + age)) * horizon,
    begin: (x, age, horizon) => counts.begin(r + x, alpha + age, horizon),
    next() {
      const tail = counts.survival;
      counts.advance();
      return tail;
    },
  };
}
