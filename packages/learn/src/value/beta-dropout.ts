import { expectationOverBeta } from "./beta-integral.js";
import type { Cells } from "./cells.js";
import type { Answers, Family, Likelihood } from "./family.js";
import { nbd } from "./nbd.js";
import { NegativeBinomial } from "./negative-binomial.js";
import { rising } from "./rising.js";

/**
 * Purchases at a rate ~ gamma(r, alpha); at each chance the customer leaves with a probability ~ beta(a, b). BG/NBD has one chance
 * after each purchase but the first (Fader, Hardie & Lee 2005), MBG/NBD one after the first too (Batislam, Denizel & Filiztekin
 * 2007): the two differ in `extra`, the chances before the first repeat purchase.
 */
export function betaDropout(
  kind: "bg-nbd" | "mbg-nbd",
  extra: 0 | 1,
  centres: readonly number[],
): Family {
  return {
    kind,
    letters: ["r", "alpha", "a", "b"],
    timed: [false, true, false, false],
    centres,
    deviations: [1.5, 2, 1.5, 1.5],
    pace: { index: 1, sign: -1 },
    leaving: { index: 2, sign: 1 },
    likelihood: (cells) => likelihood(cells, extra),
    answers: (parameters) => answers(parameters, extra),
    limit: nbd(kind, centres),
  };
}

function likelihood(cells: Cells, extra: 0 | 1): Likelihood {
  const { frequencies, starts, recency, age, weights } = cells;
  const chances = frequencies.map((x) => x + extra);
  const ofR = rising(frequencies);
  const ofB = rising(chances);
  const ofBoth = rising(chances);
  return (at, gradient) => {
    const [r, alpha, a, b] = [0, 1, 2, 3].map((index) => Math.exp(at[index]));
    const [rUp, bUp, bothUp] = [ofR(r), ofB(b), ofBoth(a + b)];
    let total = 0;
    let [byR, byAlpha, byA, byB] = [0, 0, 0, 0];
    for (let index = 0; index < frequencies.length; index++) {
      const shape = r + frequencies[index];
      const left = chances[index] > 0 ? Math.log(a / (b + chances[index] - 1)) : -Infinity;
      const constant = rUp.value[index] + r * at[1] + bUp.value[index] - bothUp.value[index];
      let count = 0;
      let gone = 0;
      let sum = 0;
      let logs = 0;
      let inverses = 0;
      for (let cell = starts[index]; cell < starts[index + 1]; cell++) {
        const end = alpha + age[cell];
        const last = alpha + recency[cell];
        const weight = weights[cell];
        const logEnd = Math.log(end);
        const logLast = Math.log(last);
        const odds = left + shape * (logEnd - logLast);
        // softplus and its slope of one exponential
        const small = Math.exp(-Math.abs(odds));
        const away = (odds > 0 ? 1 : small) / (1 + small);
        const here = 1 - away;
        sum += weight * (Math.max(0, odds) + Math.log(1 + small) - shape * logEnd);
        count += weight;
        gone += weight * away;
        logs += weight * (here * logEnd + away * logLast);
        inverses += weight * (here / end + away / last);
      }
      total += sum + count * constant;
      byR += count * (rUp.slope[index] + at[1]) - logs;
      byAlpha += (count * r) / alpha - shape * inverses;
      byA += gone / a - count * bothUp.slope[index];
      byB += count * (bUp.slope[index] - bothUp.slope[index]);
      if (chances[index] > 0) byB -= gone / (b + chances[index] - 1);
    }
    gradient[0] = byR * r;
    gradient[1] = byAlpha * alpha;
    gradient[2] = byA * a;
    gradient[3] = byB * b;
    return total;
  };
}

/** The series of the mean ends when what is left is below this share of it. */
const precise = 1e-13;

/** Beyond this ratio of a count's masses the series of the mean has too many terms. */
const steep = 0.999;

function answers([r, alpha, a, b]: Float64Array, extra: 0 | 1): Answers {
  const counts = new NegativeBinomial();
  let stayed = 1;
  let loyal = 0;
  let both = 0;
  const begin = (x: number, age: number, horizon: number) => {
    counts.begin(r + x, alpha + age, horizon);
    stayed = 1;
    loyal = b + x + extra;
    both = a + loyal;
  };
  return {
    leftOdds(x, recency, age) {
      const chances = x + extra;
      if (chances === 0) return -Infinity;
      return (
        Math.log(a / (b + chances - 1)) + (r + x) * Math.log1p((age - recency) / (alpha + recency))
      );
    },
    stays: () => 1,
    // Σ P(N ≥ n): the same number as the closed form with ₂F₁, of positive terms alone, so that a = 1 is a parameter like any other
    mean(x, age, horizon) {
      if (horizon / (alpha + age + horizon) > steep)
        return expectationOverBeta(a, b + x + extra, (leave) => {
          const part = (leave * horizon) / (alpha + age);
          return -Math.expm1(-(r + x) * Math.log1p(part)) / leave;
        });
      const odds = horizon / (alpha + age + horizon);
      const logNone = -(r + x) * Math.log1p(horizon / (alpha + age));
      let up = b + x + extra;
      let down = a + up;
      let stay = 1;
      let sum = 0;
      if (logNone < -600) {
        // P(N = 0) is below what a double holds
        counts.begin(r + x, alpha + age, horizon);
        for (;;) {
          const term = stay * counts.survival;
          sum += term;
          const { ratio } = counts;
          if (ratio < 1 && !(term > precise * sum * (1 - ratio))) return sum;
          stay *= up++ / down++;
          counts.advance();
        }
      }
      let mass = Math.exp(logNone);
      let survival = -Math.expm1(logNone);
      for (let count = 1; ; count++) {
        const term = stay * survival;
        sum += term;
        const ratio = (odds * (r + x + count)) / (count + 1);
        if (ratio < 1 && !(term > precise * sum * (1 - ratio))) return sum;
        stay *= up++ / down++;
        mass *= (odds * (r + x + count - 1)) / count;
        survival -= mass;
        if (survival < 0) survival = 0;
      }
    },
    begin,
    next() {
      const tail = stayed * counts.survival;
      stayed *= loyal++ / both++;
      counts.advance();
      return tail;
    },
  };
}
