import type { SideFeatures } from "@inchworm/learn";
import type { Goods } from "./recommend-goods.js";

/** Categories, and brands, beyond so many tell nothing, the smaller ones first. */
const mostWords = 100;
/** Prices are told apart in so many bands, as many items in each. */
const mostBands = 5;

/**
 * What items are like, as far as the catalogue says: their category, their brand and the band of their price, 1 where it is theirs.
 * Nothing where that tells no items apart.
 */
export function featuresOf({
  categories,
  brands,
  prices,
}: Pick<Goods, "categories" | "brands" | "prices">): { readonly itemFeatures?: SideFeatures } {
  const { bands, count } = priceBands(prices);
  const parts = [
    ...[categories, brands].map((words) => {
      const codes = sharedWords(words);
      return { codes, size: codes.reduce((most, code) => Math.max(most, code + 1), 0) };
    }),
    { codes: bands, size: count },
  ];
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  if (size === 0) return {};
  const values = new Float32Array(categories.length * size);
  let first = 0;
  for (const part of parts) {
    part.codes.forEach((code, item) => {
      if (code >= 0) values[item * size + first + code] = 1;
    });
    first += part.size;
  }
  return { itemFeatures: { size, values } };
}

/** A number for each word that several items share, but not all, the most frequent 0; -1 for any other. */
function sharedWords(words: readonly (string | undefined)[]): Int8Array {
  const counts = new Map<string, number>();
  for (const word of words) if (word !== undefined) counts.set(word, (counts.get(word) ?? 0) + 1);
  const shared = [...counts]
    .filter(([, count]) => count > 1 && count < words.length)
    .sort(([one, count], [other, its]) => its - count || (one < other ? -1 : 1))
    .slice(0, mostWords);
  const codes = new Map(shared.map(([word], code) => [word, code]));
  return Int8Array.from(words, (word) => (word === undefined ? -1 : (codes.get(word) ?? -1)));
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
