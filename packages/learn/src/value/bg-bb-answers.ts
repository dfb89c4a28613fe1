import type { Answers } from "./family.js";

export function bgBbAnswers(alpha: number, beta: number, gamma: number, delta: number): Answers {
  const { begin, next } = pathsOf();
  /** P(still there at the next opportunity), of one who is there at number `age`. */
  const stay = (age: number) => (delta + age) / (gamma + delta + age);
  return {
    leftOdds(x, recency, age) {
      // Σ over the opportunity after which the customer left, each relative to never
      let odds = 0;
      let ratio = gamma / (delta + age - 1);
      for (let left = age - 1; left >= recency; left--) {
        ratio *= (alpha + beta + left) / (beta + left - x);
        odds += ratio;
        ratio *= (gamma + delta + left) / (delta + left - 1);
      }
      return Math.log(odds);
    },
    stays: (_, age) => stay(age),
    mean(x, age, horizon) {
      let stayed = 1;
      let sum = 0;
      for (let ahead = 0; ahead < horizon; ahead++) {
        stayed *= stay(age + ahead);
        sum += stayed;
      }
      return ((alpha + x) / (alpha + beta + age)) * sum;
    },
    begin: (x, age, horizon) =>
      begin(alpha + x, beta + age - x, horizon, (ahead) => stay(age + ahead)),
    next,
  };
}

/**
 * The number of opportunities taken, each with a probability ~ beta(a, b), by a customer who is still there after each with the
 * probability given. `begin` runs an urn through the opportunities, and `next` tells P(at least 1), P(at least 2), and so on.
 */
export function pathsOf(): {
  begin(a: number, b: number, horizon: number, stay: (ahead: number) => number): void;
  next(): number;
} {
  let urn = new Float64Array(16);
  let masses = new Float64Array(16);
  let count = 0;
  let size = 0;
  return {
    begin(a, b, horizon, stay) {
      size = horizon + 1;
      if (urn.length < size) {
        urn = new Float64Array(2 * size);
        masses = new Float64Array(2 * size);
      }
      urn.fill(0, 0, size);
      masses.fill(0, 0, size);
      urn[0] = 1;
      let here = 1;
      for (let ahead = 0; ahead < horizon; ahead++) {
        const still = here * stay(ahead);
        for (let taken = 0; taken <= ahead; taken++) masses[taken] += (here - still) * urn[taken];
        here = still;
        for (let taken = ahead + 1; taken >= 0; taken--) {
          const before = taken > 0 ? urn[taken - 1] * (a + taken - 1) : 0;
          urn[taken] = (urn[taken] * (b + ahead - taken) + before) / (a + b + ahead);
        }
      }
      for (let taken = 0; taken < size; taken++) masses[taken] += here * urn[taken];
      count = 0;
      // from the far end, so that small tails keep their digits
      for (let taken = size - 2; taken >= 0; taken--) masses[taken] += masses[taken + 1];
    },
    next() {
      count++;
      return count < size ? masses[count] : 0;
    },
  };
}
