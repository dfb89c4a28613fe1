import type { SideFeatures } from "@inchworm/learn";
import type { Goods } from "./recommend-goods.js";

/** Categories beyond so many tell nothing, the smaller ones first. */
const mostCategories = 100;
/** Prices are told apart in so many bands, as many items in each. */
const mostBands = 5;

/**
 * What items are like, as far as the catalogue says: their category and the band of their price, 1 where it is theirs. Nothing where that
 * tells no items apart.
 */
export function featuresOf({ categories, prices }: Pick<Goods, "categories" | "prices">): {
  readonly itemFeatures?: SideFeatures;
} {
  const columns = sharedCategories(categories);
  const { bands, count } = priceBands(prices);
  const size = columns.size + count;
  if (size === 0) return {};
  const values = new Float32Array(categories.length * size);
  categories.forEach((category, item) => {
    const column = columns.get(category ?? "");
    if (category !== undefined && column !== undefined) values[item * size + column] = 1;
    if (bands[item] >= 0) values[item * size + columns.size + bands[item]] = 1;
  });
  return { itemFeatures: { size, values } };
}

/** A column for each category of several items, but for one that holds them all; the largest first. */
function sharedCategories(categories: Goods["categories"]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const category of categories)
    if (category !== undefined) counts.set(category, (counts.get(category) ?? 0) + 1);
  const shared = [...counts]
    .filter(([, count]) => count > 1 && count < categories.length)
    .sort(([one, count], [other, its]) => its - count || (one < other ? -1 : 1))
    .slice(0, mostCategories);
  return new Map(shared.map(([category], column) => [category, column]));
}

/** In which band of all prices each item's is, the cheapest 0; -1 where it is not known, or all cost the same. */
export function priceBands(prices: Float64Array): {
  readonly bands: Int8Array;
  readonly count: number;
} {
  const known = prices.filter((price) => price > 0).sort();
  const cuts = new Set<number>();
  for (let band = 1; band < mostBands; band++) {
    const cut = known[Math.floor((band * known.length) / mostBands)];
    // below the least price is nothing
    if (cut > known[0]) cuts.add(cut);
  }
  const edges = [...cuts];
  const bands = Int8Array.from(prices, (price) =>
    price > 0 && edges.length > 0 ? edges.filter((edge) => price >= edge).length : -1,
  );
  return { bands, count: edges.length > 0 ? edges.length + 1 : 0 };
}
