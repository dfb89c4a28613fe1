import type { Interactions } from "@inchworm/learn";
import type { Interactions as Pairs } from "@inchworm/store";
import { day } from "../windows.js";
import type { Goods } from "./recommend-goods.js";
import type { RecommendSettings } from "./recommend-options.js";
import { placesIn } from "./value-customers.js";

/** What people had, as models read it, and what each must not be given. People are named by their place. */
export interface Past {
  readonly interactions: Interactions;
  /** Where each person's pairs begin. */
  readonly pointers: Int32Array;
  /** 1 = bought, rather than looked at; per pair. */
  readonly bought: Uint8Array;
  /** What each must not be given, and where each person's begins. */
  readonly banItems: Int32Array;
  readonly banPointers: Int32Array;
  readonly banned: (user: number) => Int32Array;
}

export type PastRules = Pick<RecommendSettings, "kind" | "keepSeen" | "restDays">;

/** Of the goods those that buyers come back for: 1 where a fifth of them do, few buyers drawn to the mean of all. */
export function repeatGoods(pairs: Pairs, goods: Goods): Uint8Array {
  const counts = repeatCounts(goods);
  counts.add(pairs);
  return counts.repeat();
}

/** The same where pairs come in parts. */
export function repeatCounts(goods: Goods) {
  const buyers = new Float64Array(goods.ids.length);
  const returning = new Float64Array(goods.ids.length);
  return {
    add({ items, bought, ids }: Pick<Pairs, "items" | "bought" | "ids">): void {
      const placeOf = placesOf(ids, goods);
      for (let at = 0; at < items.length; at++) {
        const place = placeOf[items[at]];
        if (bought[at] === 0 || place < 0) continue;
        buyers[place]++;
        if (bought[at] > 1) returning[place]++;
      }
    },
    repeat(): Uint8Array {
      const sum = (counts: Float64Array) => counts.reduce((total, count) => total + count, 0);
      const mean = sum(returning) / Math.max(1, sum(buyers));
      return Uint8Array.from(buyers, (count, place) =>
        (returning[place] + imaginary * mean) / (count + imaginary) >= leastReturning ? 1 : 0,
      );
    },
  };
}
const imaginary = 20;
const leastReturning = 0.2;

/**
 * @param contacts who is asked about, ascending; pairs of others are left out
 * @param asOf the day on which lists are made
 */
export function pastOf(
  pairs: Pairs,
  contacts: Int32Array,
  goods: Goods,
  repeat: Uint8Array,
  rules: PastRules,
  asOf: number,
): Past {
  const { rows, weights, times } = pairs;
  const placeOf = placesOf(pairs.ids, goods);
  const userOf = placesIn(pairs.contacts, contacts);
  const userCount = contacts.length;
  const pointers = new Int32Array(userCount + 1);
  const banPointers = new Int32Array(userCount + 1);
  const isKnown = (at: number) =>
    weights[at] > 0 && userOf[rows[at]] >= 0 && placeOf[pairs.items[at]] >= 0;
  const isBanned = (at: number) =>
    userOf[rows[at]] >= 0 &&
    placeOf[pairs.items[at]] >= 0 &&
    bans(pairs, at, repeat[placeOf[pairs.items[at]]] === 1, rules, asOf);
  for (let at = 0; at < rows.length; at++) {
    if (isKnown(at)) pointers[userOf[rows[at]] + 1]++;
    if (isBanned(at)) banPointers[userOf[rows[at]] + 1]++;
  }
  for (let user = 0; user < userCount; user++) {
    pointers[user + 1] += pointers[user];
    banPointers[user + 1] += banPointers[user];
  }
  const count = pointers[userCount];
  const past = {
    users: new Int32Array(count),
    items: new Int32Array(count),
    weights: new Float32Array(count),
    times: new Float64Array(count),
    bought: new Uint8Array(count),
  };
  const banItems = new Int32Array(banPointers[userCount]);
  let next = 0;
  let nextBan = 0;
  // pairs come by contact, and contacts and users are in the same order
  for (let at = 0; at < rows.length; at++) {
    const place = placeOf[pairs.items[at]];
    if (isBanned(at)) banItems[nextBan++] = place;
    if (!isKnown(at)) continue;
    past.users[next] = userOf[rows[at]];
    past.items[next] = place;
    past.weights[next] = weights[at];
    past.times[next] = times[at];
    past.bought[next++] = pairs.bought[at] > 0 ? 1 : 0;
  }
  const { bought, ...interactions } = past;
  return {
    interactions: { userCount, itemCount: goods.ids.length, ...interactions },
    pointers,
    bought,
    banItems,
    banPointers,
    banned: (user) => banItems.subarray(banPointers[user], banPointers[user + 1]),
  };
}

/** Whether a pair keeps its item out of the person's list. */
function bans(
  { bought, boughtOn, weights, times }: Pairs,
  at: number,
  isRepeat: boolean,
  { kind, keepSeen, restDays }: PastRules,
  asOf: number,
): boolean {
  const isKept = keepSeen === true || (keepSeen === "repeat" && isRepeat);
  const since = (asOf - times[at]) / day;
  if (kind === "content") return weights[at] > 0 && (!isKept || since < restDays);
  if (kind === "offer") return since < restDays || (bought[at] > 0 && !isKept);
  return bought[at] > 0 && (!isKept || asOf / day - boughtOn[at] < restDays);
}

export const placesOf = (ids: readonly string[], goods: Goods): Int32Array =>
  Int32Array.from(ids, (id) => goods.places.get(id) ?? -1);
