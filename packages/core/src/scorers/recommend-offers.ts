import type { Goods } from "./recommend-goods.js";
import type { PeopleLists } from "./recommend-lists.js";
import type { RecommendArtifact } from "./recommend-models.js";

/** What making each offer to each person would be worth, and what it would cost. */
export interface OfferChoice {
  readonly people: number;
  /** Offers per person, in the order of the person's list; row-major. -1 behind the last. */
  readonly k: number;
  readonly items: Int32Array;
  /** Expected margin of each, its cost not taken off. */
  readonly margins: Float64Array;
  /** By item. */
  readonly costs: Float64Array;
}

/** The rounds in which the price of money is narrowed down. */
const rounds = 60;

/**
 * Which offers are worth more than they cost, best first, and whose first offers the budget is spent on: the ones that bring most
 * for their cost (Lagrange multiplier on the budget, found by bisection). Somebody for whom it does not suffice has none.
 */
export function chooseOffers({ people, k, items, margins, costs }: OfferChoice, budget = Infinity) {
  const cost = (at: number) => costs[items[at]];
  /** The place of the person's best offer when a unit of money costs so much; -1 where none is worth it. */
  const bestAt = (person: number, price: number): number => {
    let best = -1;
    let most = 0;
    for (let at = person * k; at < (person + 1) * k && items[at] >= 0; at++) {
      const value = margins[at] - price * cost(at);
      if (value <= most) continue;
      most = value;
      best = at;
    }
    return best;
  };
  const spent = (price: number): number => {
    let sum = 0;
    for (let person = 0; person < people; person++) {
      const at = bestAt(person, price);
      if (at >= 0) sum += cost(at);
    }
    return sum;
  };
  // at `price` the budget suffices; at `low`, a hair below it, it does not
  let price = 1;
  let low = 1;
  if (spent(price) > budget) {
    price = 2;
    while (spent(price) > budget && price < 1e12) price *= 2;
    for (let round = 0; round < rounds; round++) {
      const middle = (low + price) / 2;
      if (spent(middle) > budget) low = middle;
      else price = middle;
    }
  }
  let left = budget - spent(price);
  const chosen = new Int32Array(people * k).fill(-1);
  const values = new Float64Array(people).fill(Number.NaN);
  for (let person = 0; person < people; person++) {
    let first = bestAt(person, price);
    if (first < 0 && low < price) {
      // of those who are worth the same at the margin the first get what is left
      first = bestAt(person, low);
      if (first < 0 || cost(first) > left) continue;
      left -= cost(first);
    }
    if (first < 0) continue;
    const others: number[] = [];
    for (let at = person * k; at < (person + 1) * k && items[at] >= 0; at++)
      if (at !== first && margins[at] > cost(at)) others.push(at);
    others.sort(
      (one, other) => margins[other] - cost(other) - (margins[one] - cost(one)) || one - other,
    );
    [first, ...others].forEach((at, rank) => {
      chosen[person * k + rank] = items[at];
    });
    values[person] = margins[first] - cost(first);
  }
  return { items: chosen, values };
}

/** Ranks each person's offers by what they are expected to earn. An offer that names no margin earns 1. */
export function pickOffers(
  { k, items, basis }: Pick<PeopleLists, "k" | "items" | "basis">,
  { margins, costs }: Goods,
  { rates }: RecommendArtifact,
  anyway: Float64Array,
  budget: number | undefined,
) {
  const people = basis.length;
  const earned = new Float64Array(people * k);
  for (let at = 0; at < items.length; at++) {
    if (items[at] < 0) continue;
    const person = Math.floor(at / k);
    const chances = basis[person] === 0 ? rates?.personal : rates?.popular;
    const margin = Number.isNaN(margins[items[at]]) ? 1 : margins[items[at]];
    earned[at] = (chances?.[at % k] ?? 0) * margin * (1 - anyway[person]);
  }
  const known = costs.map((cost) => (cost > 0 ? cost : 0));
  return chooseOffers({ people, k, items, margins: earned, costs: known }, budget);
}
