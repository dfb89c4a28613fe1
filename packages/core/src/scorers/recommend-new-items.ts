import { priceBands } from "./recommend-features.js";
import type { Goods } from "./recommend-goods.js";
import type { OwnPast } from "./recommend-reasons.js";

/** Items to be had that nobody has had yet, told by what they are like: nothing else is known of them. */
export interface Newcomers {
  readonly count: number;
  /** Those most like what a person had, all of one category and, where it is told, of one band of prices. */
  likely(own: OwnPast): Int32Array;
}

/** A category is liked from this share of what a person had. */
const leastShare = 0.25;
/** What a category says of an item in it that is of another band of prices, beside one of the same. */
const otherBand = 0.25;

export function newcomersOf(goods: Goods, had: Uint8Array): Newcomers {
  const { categories, prices } = goods;
  const { bands } = priceBands(prices);
  const cells = new Map<string, Map<number, number[]>>();
  let count = 0;
  categories.forEach((category, item) => {
    if (category === undefined || had[item] === 1 || goods.open[item] !== 1) return;
    const own = cells.get(category) ?? new Map<number, number[]>();
    own.set(bands[item], [...(own.get(bands[item]) ?? []), item]);
    cells.set(category, own);
    count++;
  });
  return {
    count,
    likely({ items, weights }) {
      const liked = new Map<string, Map<number, number>>();
      let whole = 0;
      for (let at = 0; at < items.length; at++) {
        const category = categories[items[at]];
        whole += weights[at];
        if (category === undefined) continue;
        const own = liked.get(category) ?? new Map<number, number>();
        own.set(bands[items[at]], (own.get(bands[items[at]]) ?? 0) + weights[at]);
        liked.set(category, own);
      }
      let best: readonly number[] = [];
      let most = 0;
      for (const [category, own] of liked) {
        let all = 0;
        for (const weight of own.values()) all += weight;
        if (all < leastShare * whole) continue;
        for (const [band, fresh] of cells.get(category) ?? []) {
          const score = otherBand * all + (own.get(band) ?? 0);
          if (score > most) [best, most] = [fresh, score];
        }
      }
      return Int32Array.from(best);
    },
  };
}
