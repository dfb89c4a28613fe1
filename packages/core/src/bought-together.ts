import type { Instant } from "@inchworm/spec";
import type { Store } from "@inchworm/store";

export interface BoughtTogetherOptions {
  /** The day the question is asked: nothing at or after it is looked at. */
  readonly asOf: Instant;
  /** Nothing before it is looked at. Defaults to the beginning. */
  readonly since?: Instant;
  /** Pairs that were together less often are left out. Defaults to 5. */
  readonly least?: number;
  /** Share of what is told that may be chance. Defaults to 0.05. */
  readonly falseShare?: number;
  readonly signal?: AbortSignal;
}

const defaults = { least: 5, falseShare: 0.05 };

/** Two products that are bought in one order more often than chance would have it. */
export interface BoughtPair {
  readonly items: readonly [id: string, id: string];
  readonly names: readonly [name: string, name: string];
  /** Orders with both, and orders with both if neither had to do with the other. */
  readonly together: number;
  readonly expected: number;
  /** How many times as often as chance would have it, drawn to 1 by as much as five expected orders, with its 95 % interval. */
  readonly lift: { readonly value: number; readonly low: number; readonly high: number };
  /** Share of the orders with the one that hold the other: of the first the second, and the other way round. */
  readonly shares: readonly [number, number];
  /** Probability of so many by chance alone. */
  readonly p: number;
}

/** Expected orders that the prior, a lift of 1, weighs as much as (gamma-Poisson shrinkage, DuMouchel 1999). */
const prior = 5;

/**
 * What goes with what, for cross-selling: pairs whose low end of the lift is highest come first. Of all pairs of products those are
 * told that stand up to Benjamini & Hochberg 1995, so that at most `falseShare` of them are chance.
 */
export async function boughtTogether(
  store: Pick<Store, "baskets" | "items">,
  options: BoughtTogetherOptions,
): Promise<readonly BoughtPair[]> {
  const { falseShare, ...asked } = { ...defaults, ...options };
  const { baskets, ids, counts, first, second, together } = await store.baskets(asked);
  const catalogue = await store.items();
  const nameOf = new Map(catalogue.ids.map((id, row) => [id, catalogue.names[row]]));
  const pairs: BoughtPair[] = [];
  for (let at = 0; at < together.length; at++) {
    const [one, other] = [first[at], second[at]];
    const expected = (counts[one] * counts[other]) / baskets;
    pairs.push({
      items: [ids[one], ids[other]],
      names: [nameOf.get(ids[one]) ?? ids[one], nameOf.get(ids[other]) ?? ids[other]],
      together: together[at],
      expected,
      lift: liftOf(together[at], expected),
      shares: [together[at] / counts[one], together[at] / counts[other]],
      p: atLeast(together[at], expected),
    });
  }
  // pairs that were seldom together were tried too
  const frequent = counts.reduce((sum, count) => sum + (count >= asked.least ? 1 : 0), 0);
  const tried = Math.max(pairs.length, (frequent * (frequent - 1)) / 2);
  const byChance = pairs.map(({ p }) => p).sort((left, right) => left - right);
  let limit = -1;
  byChance.forEach((p, rank) => {
    if (p <= (falseShare * (rank + 1)) / tried) limit = p;
  });
  return pairs
    .filter(({ p }) => p <= limit)
    .sort(
      (left, right) => right.lift.low - left.lift.low || (left.items[0] < right.items[0] ? -1 : 1),
    );
}

/** The posterior of a Poisson rate over what is expected, under a gamma prior of mean 1. */
export function liftOf(together: number, expected: number): BoughtPair["lift"] {
  const shape = together + prior;
  // Wilson & Hilferty 1931: within a percent for shapes above 5
  const quantile = (normal: number) =>
    (shape * (1 - 1 / (9 * shape) + normal / (3 * Math.sqrt(shape))) ** 3) / (expected + prior);
  return { value: shape / (expected + prior), low: quantile(-1.96), high: quantile(1.96) };
}

/** Probability of at least so many events where so many are expected (Poisson). */
export function atLeast(count: number, expected: number): number {
  let term = -expected;
  for (let at = 1; at <= count; at++) term += Math.log(expected / at);
  let probability = Math.exp(term);
  let sum = probability;
  if (count > expected) {
    for (let at = count + 1; probability > sum * 1e-16; at++) {
      probability *= expected / at;
      sum += probability;
    }
    return Math.min(1, sum);
  }
  // fewer than expected: one less the lower tail
  let below = 0;
  for (let at = count; at > 0; at--) {
    probability *= at / expected;
    below += probability;
  }
  return Math.max(0, Math.min(1, 1 - below));
}
