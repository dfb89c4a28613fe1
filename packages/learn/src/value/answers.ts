import { normalQuantile } from "../special/normal.js";
import { distinctRows } from "./cells.js";
import { checkHorizon, checkLevel, checkPurchases } from "./check.js";
import type { Answers, Family } from "./family.js";
import { type Laplace, points, sides } from "./laplace.js";
import { negligible } from "./options.js";
import { remember } from "./remember.js";
import type { Intervals, PurchaseAnswers, Purchases } from "./types.js";

/** What a fitted family says of purchases, in their own time unit. */
export function answersOf(
  fit: Laplace & { readonly family: Family; readonly unit: number },
): PurchaseAnswers {
  const { family, unit } = fit;
  const who = family.kind;
  const at = (logs: Float64Array): Answers => family.answers(logs.map(Math.exp));
  const centre = at(fit.at);
  const check = (purchases: Purchases, horizon = 0): void => {
    checkPurchases(who, purchases, family.whole);
    checkHorizon(who, horizon, family.whole);
  };
  const alive = (answers: Answers, purchases: Purchases): Float64Array =>
    each(purchases, unit, (x, recency, age) => {
      return here(answers, x, recency, age) * answers.stays(x, age);
    });
  const orders = (answers: Answers, purchases: Purchases, horizon: number): Float64Array => {
    if (horizon === 0) return new Float64Array(purchases.rows);
    const mean = remember((x, age) => answers.mean(x, age, horizon / unit), purchases.rows);
    return each(
      purchases,
      unit,
      (x, recency, age) => here(answers, x, recency, age) * mean(x, age),
    );
  };

  /** Calls back with P(at least n) of each row until the callback has heard enough. */
  const tails = (
    purchases: Purchases,
    horizon: number,
    hear: (row: number, count: number, tail: number) => boolean,
  ): void => {
    const draws = points(fit, negligible).map(at);
    const staying = new Float64Array(draws.length);
    for (let row = 0; row < purchases.rows; row++) {
      const x = purchases.frequency[row];
      const age = purchases.age[row] / unit;
      const recency = Math.min(purchases.recency[row] / unit, age);
      let any = 0;
      for (let draw = 0; draw < draws.length; draw++) {
        staying[draw] = horizon > 0 ? here(draws[draw], x, recency, age) / draws.length : 0;
        any += staying[draw];
      }
      // nobody orders who has left: often all that is asked
      if (!hear(row, 0, any)) continue;
      for (let draw = 0; draw < draws.length; draw++)
        if (any > 0) draws[draw].begin(x, age, horizon / unit);
      for (let count = 1; ; count++) {
        let tail = 0;
        if (any > 0)
          for (let draw = 0; draw < draws.length; draw++)
            tail += staying[draw] * draws[draw].next();
        if (!hear(row, count, tail)) break;
      }
    }
  };

  return {
    expectedOrders(purchases, horizon) {
      check(purchases, horizon);
      return orders(centre, purchases, horizon);
    },
    probabilityAlive(purchases) {
      check(purchases);
      return alive(centre, purchases);
    },
    probabilityOfOrder(purchases, horizon) {
      check(purchases, horizon);
      if (horizon === 0) return new Float64Array(purchases.rows);
      const first = remember((x, age) => {
        centre.begin(x, age, horizon / unit);
        return centre.next();
      }, purchases.rows);
      return each(
        purchases,
        unit,
        (x, recency, age) => here(centre, x, recency, age) * first(x, age),
      );
    },
    uncertainty(purchases, horizon, level) {
      check(purchases, horizon);
      checkLevel(who, level);
      const { distinct, spread } = joined(purchases);
      const z = normalQuantile((1 + level) / 2);
      const pairs = sides(fit).map((pair) => pair.map(at) as [Answers, Answers]);
      const interval = (
        of: (answers: Answers) => Float64Array,
        onto: (value: number) => number,
        back: (value: number) => number,
      ): Intervals => {
        const middle = of(centre).map(onto);
        const variance = new Float64Array(distinct.rows);
        for (const [above, below] of pairs) {
          const [one, other] = [of(above), of(below)];
          for (let row = 0; row < distinct.rows; row++)
            variance[row] += ((onto(one[row]) - onto(other[row])) / 2) ** 2;
        }
        const end = (side: number) =>
          spread(
            middle.map((value, row) =>
              Number.isFinite(value)
                ? back(value + side * z * Math.sqrt(variance[row]))
                : back(value),
            ),
          );
        return { low: end(-1), high: end(1) };
      };
      return {
        orders: interval((answers) => orders(answers, distinct, horizon), Math.log, Math.exp),
        alive: interval(
          (answers) => alive(answers, distinct),
          (share) => Math.log(share / (1 - share)),
          (odds) => 1 / (1 + Math.exp(-odds)),
        ),
      };
    },
    orderQuantiles(purchases, horizon, levels) {
      check(purchases, horizon);
      for (const level of levels) checkLevel(who, level);
      const { distinct, spread } = joined(purchases);
      const ascending = Array.from(levels.keys()).sort((one, other) => levels[one] - levels[other]);
      const quantiles = levels.map(() => new Float64Array(distinct.rows));
      let waiting = 0;
      tails(distinct, horizon, (row, count, tail) => {
        // P(N ≤ count − 1) = 1 − P(N ≥ count); count 0 tells P(may still order), an upper bound of P(N ≥ 1)
        if (count === 0) waiting = 0;
        const stayedUnder = count === 0 ? 0 : count - 1;
        while (waiting < ascending.length && !(1 - tail < levels[ascending[waiting]] - 1e-12))
          quantiles[ascending[waiting++]][row] = stayedUnder;
        return waiting < ascending.length;
      });
      return quantiles.map(spread);
    },
    orderProbabilities(purchases, horizon, most) {
      check(purchases, horizon);
      checkHorizon(`${who}: "most" counts orders, and`, most, true);
      const probabilities = new Float64Array(purchases.rows * (most + 1));
      let before = 1;
      tails(purchases, horizon, (row, count, tail) => {
        if (count === 0) before = 1;
        else {
          probabilities[row * (most + 1) + count - 1] = Math.max(0, before - tail);
          before = tail;
        }
        return count <= most;
      });
      return probabilities;
    },
  };
}

/** P(not left), from the log odds: never from powers, which overflow. */
function here(answers: Answers, x: number, recency: number, age: number): number {
  return 1 / (1 + Math.exp(answers.leftOdds(x, recency, age)));
}

function each(
  { rows, frequency, recency, age }: Purchases,
  unit: number,
  answer: (x: number, recency: number, age: number) => number,
): Float64Array {
  const answers = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const end = age[row] / unit;
    answers[row] = answer(frequency[row], Math.min(recency[row] / unit, end), end);
  }
  return answers;
}

/** Equal rows once, and how to give each row its own again. */
function joined(purchases: Purchases): {
  distinct: Purchases;
  spread: (values: Float64Array) => Float64Array;
} {
  const { first, group } = distinctRows(purchases);
  const take = (values: Float64Array) => Float64Array.from(first, (row) => values[row]);
  return {
    distinct: {
      rows: first.length,
      frequency: take(purchases.frequency),
      recency: take(purchases.recency),
      age: take(purchases.age),
    },
    spread: (values) => Float64Array.from(group, (cell) => values[cell]),
  };
}
