import { type Bans, emptyLists, type Lists } from "../kernels/best.js";
import type { Favourites } from "./favourites.js";
import type { Histories } from "./histories.js";
import type { Sparse } from "./matrix.js";

export { type Bans, emptyLists, type Lists } from "../kernels/best.js";
export { topList } from "../kernels/best.twin.js";

/** So few users are served on the spot, without copying anything. */
export const fewUsers = 8;

/** What a list may hold. */
export interface Ask {
  readonly k: number;
  /** What each user must not be given, ascending. */
  readonly bans: Bans;
  /** 1 for items that may be given at all; undefined = all. */
  readonly open: Uint8Array | undefined;
  readonly threads: number;
}

/** What a ranker's scores are made of, for writing them down elsewhere. */
export type Form =
  | { readonly kind: "favourites"; readonly favourites: Favourites }
  /** What the entries of a history, weighed, lead to; `weigh` absent where they weigh what they are given. */
  | { readonly kind: "neighbours"; readonly entries: Sparse; readonly weigh: Weigh | undefined }
  | {
      readonly kind: "factors";
      readonly factors: ItemFactors;
      readonly vectors: Vectors;
      readonly foldIn: FoldIn;
    }
  | { readonly kind: "blend"; readonly parts: readonly (readonly [form: Form, weight: number])[] }
  /** Known to itself alone. */
  | { readonly kind: "own" };

/** Weights of a history's entries, given one by one. */
export type Weigh = (histories: Histories) => Float32Array;

/** A row of factors per item; `size` is a multiple of 8. */
export interface ItemFactors {
  readonly size: number;
  readonly values: Float32Array;
}

/** How the factors of a history come about, from what it weighs by item. */
export type FoldIn =
  /** The sum of a row for each item, as many values as there are factors. */
  | { readonly kind: "sum"; readonly rows: Float32Array }
  /** (`square` + Σ w y yᵀ + `ridge(n)` I) x = Σ w y over its n items, by conjugate gradient; y are the items' factors. */
  | {
      readonly kind: "solution";
      readonly square: Float32Array;
      readonly ridge: RidgeRule;
      readonly steps: number;
    };

/** λ(n + α₀·N)^ν for a row of n observations, of N that could be. */
export interface RidgeRule {
  readonly regularisation: number;
  readonly unobserved: number;
  readonly frequencyPower: number;
}

/** The factors of histories, a row each. */
export type Vectors = (histories: Histories, threads: number) => Promise<Float32Array>;

/** The side of a model that knows items, not people: what is saved of it. */
export interface Ranker {
  readonly form: Form;
  /** The best items for each history, none of them banned. Items it has nothing to say of may be left out. */
  best(histories: Histories, ask: Ask): Promise<Lists>;
  /** Items similar to each item. */
  similar(items: Int32Array, ask: Ask): Promise<Lists>;
  /** Sets up what makes lists for a few histories quick; they stay the same. */
  prepare?(): void;
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
