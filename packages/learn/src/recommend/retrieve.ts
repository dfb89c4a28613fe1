import { LearnError } from "../error.js";
import { checkOptions } from "../options.js";
import { type Favourites, favouritesOf, ranked } from "./favourites.js";
import type { Histories } from "./histories.js";
import { marginalRelevance } from "./marginal-relevance.js";
import { type Ask, type Bans, banSelf, emptyLists, type Lists, type Ranker } from "./ranker.js";
import type { Recommendations, RecommendOptions } from "./types.js";

/** Users whose lists are worked on at a time. */
const batch = 8192;
/** How many times as many items as asked for variety is chosen from. */
const widening = 5;

/** Numbers of users or items. @throws LearnError "input" for one that is none */
export function checkedRows(
  who: string,
  what: "user" | "item",
  rows: ArrayLike<number>,
  count: number,
): Int32Array {
  const checked = Int32Array.from(rows);
  checked.forEach((row, at) => {
    if (row !== rows[at] || row < 0 || row >= count)
      throw new LearnError("input", `${who}: ${what} ${rows[at]} is none of the ${count}.`);
  });
  return checked;
}

/** Lists for all users: what is banned is never looked at, and what `allow` refuses is replaced by the next best. */
export async function recommendAll(
  who: string,
  ranker: Ranker,
  favourites: Favourites,
  histories: (from: number, to: number) => Histories,
  users: Int32Array,
  options: RecommendOptions,
): Promise<Recommendations> {
  const { k = 10, diversity = 0, threads = 0, allow } = options;
  checkOptions(who, { k }, { k: { min: 1, max: 10_000, integer: true } });
  checkOptions(who, { diversity }, { diversity: { min: 0, max: 1 } });
  checkOptions(who, { threads }, { threads: { min: 0, integer: true } });
  const all = { ...emptyLists(users.length, k), popular: new Int32Array(users.length) };
  const itemCount = favourites.all.length;
  const open = openItems(options, itemCount);
  const orders = new Map<Float32Array, Int32Array>();
  for (let from = 0; from < users.length; from += batch) {
    const own = histories(from, Math.min(users.length, from + batch));
    const bans = bansOf(who, own, users.subarray(from, from + own.entries.rows), options);
    const wanted = Math.min(itemCount, diversity > 0 ? widening * k : k);
    const passes = (item: number, row: number) => allow?.(item, users[from + row]) ?? true;
    const lists = await allowedLists(ranker, own, wanted, { bans, open, threads }, allow && passes);
    for (let row = 0; row < own.entries.rows; row++) {
      const chosen =
        diversity > 0
          ? marginalRelevance(lists, row, k, diversity, ranker)
          : firstOf(lists, row, k);
      chosen.forEach(([item, score], rank) => {
        all.items[(from + row) * k + rank] = item;
        all.scores[(from + row) * k + rank] = score;
      });
      if (chosen.length === k) continue;
      const scores = favouritesOf(favourites, own.segments?.[row]);
      const order = orders.get(scores) ?? ranked(scores);
      orders.set(scores, order);
      const taken = new Set(chosen.map(([item]) => item));
      for (let at = bans.pointers[row]; at < bans.pointers[row + 1]; at++)
        taken.add(bans.items[at]);
      let count = chosen.length;
      for (const item of order) {
        if (count === k) break;
        if (taken.has(item) || (open && open[item] !== 1) || !passes(item, row)) continue;
        all.items[(from + row) * k + count++] = item;
      }
      all.popular[from + row] = count - chosen.length;
    }
  }
  return all;
}

export async function similarAll(
  who: string,
  ranker: Ranker,
  items: Int32Array,
  k: number,
  itemCount: number,
): Promise<Recommendations> {
  checkOptions(who, { k }, { k: { min: 1, max: 10_000, integer: true } });
  const wanted = Math.min(k, itemCount);
  const ask = { k: wanted, bans: banSelf(items), open: undefined, threads: 0 };
  const lists = await ranker.similar(items, ask);
  return { ...widened(lists, items.length, k), popular: new Int32Array(items.length) };
}

function widened(lists: Lists, rows: number, k: number): Lists {
  if (lists.k === k) return lists;
  const wide = emptyLists(rows, k);
  for (let row = 0; row < rows; row++) {
    wide.items.set(lists.items.subarray(row * lists.k, (row + 1) * lists.k), row * k);
    wide.scores.set(lists.scores.subarray(row * lists.k, (row + 1) * lists.k), row * k);
  }
  return wide;
}

/** Asks for more until each user has `k` items that pass, or there are no more. */
async function allowedLists(
  ranker: Ranker,
  histories: Histories,
  k: number,
  rules: Omit<Ask, "k">,
  passes: ((item: number, row: number) => boolean) | undefined,
): Promise<Lists> {
  if (!passes) return ranker.best(histories, { ...rules, k });
  const users = histories.entries.rows;
  const itemCount = histories.entries.columns;
  for (let depth = Math.min(itemCount, 2 * k); ; depth = Math.min(itemCount, 4 * depth)) {
    const deep = await ranker.best(histories, { ...rules, k: depth });
    const lists = emptyLists(users, k);
    let isShort = false;
    for (let user = 0; user < users; user++) {
      let count = 0;
      let rank = 0;
      for (; rank < depth && count < k; rank++) {
        const item = deep.items[user * depth + rank];
        if (item < 0) break;
        if (!passes(item, user)) continue;
        lists.items[user * k + count] = item;
        lists.scores[user * k + count++] = deep.scores[user * depth + rank];
      }
      if (count < k && rank === depth) isShort = true;
    }
    if (!isShort || depth === itemCount) return lists;
  }
}

function firstOf({ k: width, items, scores }: Lists, row: number, k: number): [number, number][] {
  const chosen: [number, number][] = [];
  for (let rank = 0; rank < Math.min(k, width); rank++) {
    const at = row * width + rank;
    if (items[at] < 0) break;
    chosen.push([items[at], scores[at]]);
  }
  return chosen;
}

/** 1 = an item that may be given at all; undefined where all may. */
export function openItems({ filter }: RecommendOptions, itemCount: number): Uint8Array | undefined {
  return filter && Uint8Array.from({ length: itemCount }, (_, item) => (filter(item) ? 1 : 0));
}

/** What each user must not be given. */
export function bansOf(
  who: string,
  { entries }: Histories,
  users: Int32Array,
  { exclude, keepSeen = false }: RecommendOptions,
): Bans {
  if (!exclude && keepSeen === false) return { pointers: entries.pointers, items: entries.indices };
  const isKept = typeof keepSeen === "function" ? keepSeen : () => keepSeen;
  const pointers = new Int32Array(users.length + 1);
  const parts: Int32Array[] = [];
  users.forEach((user, row) => {
    const seen = entries.indices.subarray(entries.pointers[row], entries.pointers[row + 1]);
    const own = seen.filter((item) => !isKept(item));
    const more = exclude ? checkedRows(who, "item", exclude(user), entries.columns) : [];
    const banned = Int32Array.from(new Set([...own, ...more])).sort();
    parts.push(banned);
    pointers[row + 1] = pointers[row] + banned.length;
  });
  const items = new Int32Array(pointers[users.length]);
  parts.forEach((part, row) => {
    items.set(part, pointers[row]);
  });
  return { pointers, items };
}
