import { type Bans, emptyLists, type Lists } from "../kernels/best.js";
import type { Histories } from "./histories.js";

export { type Bans, emptyLists, type Lists } from "../kernels/best.js";
export { topList } from "../kernels/best.twin.js";

/** What a list may hold. */
export interface Ask {
  readonly k: number;
  /** What each user must not be given, ascending. */
  readonly bans: Bans;
  /** 1 for items that may be given at all; undefined = all. */
  readonly open: Uint8Array | undefined;
  readonly threads: number;
}

/** The side of a model that knows items, not people: what is saved of it. */
export interface Ranker {
  /** The best items for each history, none of them banned. Items it has nothing to say of may be left out. */
  best(histories: Histories, ask: Ask): Promise<Lists>;
  /** Items similar to each item. */
  similar(items: Int32Array, ask: Ask): Promise<Lists>;
  /** How alike two items are, 0 to 1. */
  likeness(one: number, other: number): number;
}

export const noBans = (users: number): Bans => ({
  pointers: new Int32Array(users + 1),
  items: new Int32Array(0),
});

/** Bans every item itself, for lists of similar ones. */
export const banSelf = (items: Int32Array): Bans => ({
  pointers: Int32Array.from({ length: items.length + 1 }, (_, at) => at),
  items,
});

/** Lists of the same length one behind the other. */
export function joinLists(lists: readonly Lists[]): Lists {
  const k = lists[0].k;
  const rows = lists.reduce((sum, { items }) => sum + items.length / k, 0);
  const all = emptyLists(rows, k);
  let at = 0;
  for (const { items, scores } of lists) {
    all.items.set(items, at);
    all.scores.set(scores, at);
    at += items.length;
  }
  return all;
}
