import type { Recommendations } from "@inchworm/learn";
import type { Goods } from "./recommend-goods.js";

/** One person's pairs. */
export interface OwnPast {
  readonly items: Int32Array;
  readonly weights: Float32Array;
  /** 1 = bought. */
  readonly bought: Uint8Array;
}

/** How many similar items of each are looked through. */
export const reasonDepth = 50;

/**
 * Says of an item which one of a person's past led to it: the one whose likeness to it, times what it weighs, is greatest; nothing
 * where none is like it.
 */
export function reasonTeller(
  goods: Goods,
  similar: Pick<Recommendations, "k" | "items" | "scores">,
) {
  const { k, items, scores } = similar;
  return ({ items: own, weights, bought }: OwnPast, item: number): string | undefined => {
    const name = goods.names[item];
    const before = own.indexOf(item);
    if (before >= 0)
      return `${name}: because they ${bought[before] === 1 ? "bought" : "looked at"} it before`;
    let best = -1;
    let most = 0;
    const from = item * k;
    for (let at = from; at < from + k && items[at] >= 0; at++) {
      const place = own.indexOf(items[at]);
      if (place < 0 || weights[place] * scores[at] <= most) continue;
      best = place;
      most = weights[place] * scores[at];
    }
    if (best < 0) return undefined;
    return `${name}: because they ${bought[best] === 1 ? "bought" : "looked at"} ${goods.names[own[best]]}`;
  };
}
