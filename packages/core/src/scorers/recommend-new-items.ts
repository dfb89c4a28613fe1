import type { Goods } from "./recommend-goods.js";
import type { OwnPast } from "./recommend-reasons.js";

/** Items to be had that nobody has had yet, by category. */
export function newByCategory(goods: Goods, had: Uint8Array): ReadonlyMap<string, Int32Array> {
  const found = new Map<string, number[]>();
  goods.categories.forEach((category, item) => {
    if (category === undefined || had[item] === 1 || goods.open[item] !== 1) return;
    found.set(category, [...(found.get(category) ?? []), item]);
  });
  return new Map([...found].map(([category, items]) => [category, Int32Array.from(items)]));
}

/** The category that most of a person's history is of; of equals the first met. */
export function favouriteCategory(
  { categories }: Goods,
  { items, weights }: OwnPast,
): string | undefined {
  const sums = new Map<string, number>();
  let best: string | undefined;
  for (let at = 0; at < items.length; at++) {
    const category = categories[items[at]];
    if (category === undefined) continue;
    sums.set(category, (sums.get(category) ?? 0) + weights[at]);
  }
  for (const [category, sum] of sums)
    if (best === undefined || sum > (sums.get(best) ?? 0)) best = category;
  return best;
}
