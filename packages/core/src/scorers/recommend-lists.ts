import type { RecommenderModel } from "@inchworm/learn";
import type { Basis } from "./recommend-fields.js";
import type { Goods } from "./recommend-goods.js";
import { type Newcomers, newcomersOf } from "./recommend-new-items.js";
import type { RecommendSettings } from "./recommend-options.js";
import type { Past } from "./recommend-past.js";
import { type OwnPast, reasonDepth, reasonTeller } from "./recommend-reasons.js";
import type { Homes } from "./recommend-segments.js";

export interface ListInput {
  readonly model: RecommenderModel;
  /** The model's items first, then those that have come since. */
  readonly goods: Goods;
  readonly past: Past;
  readonly homes: Homes;
  readonly segments: Int32Array;
  readonly segmentNames: readonly string[];
  readonly contacts: Int32Array;
  /** 1 = somebody has had it. */
  readonly had: Uint8Array;
  readonly settings: Pick<RecommendSettings, "diversity" | "newItems">;
}

/** Lists of people next to each other. */
export interface PeopleLists {
  /** The first of them. */
  readonly from: number;
  readonly k: number;
  /** Row-major; -1 behind the last. */
  readonly items: Int32Array;
  /** One of `bases` by its place: 0 personal, 1 segment favourites, 2 popular. */
  readonly basis: Uint8Array;
}

/** Makes lists for people next to each other: what is banned, closed or of another region is in none. */
export function listMaker(input: ListInput, k: number) {
  const { model, goods, past, segments } = input;
  const allow = goods.regions.some((region) => region !== undefined)
    ? regionRule(input)
    : undefined;
  const newcomers = newcomersOf(goods, input.had);
  return async (from: number, to: number): Promise<PeopleLists> => {
    const users = Int32Array.from({ length: to - from }, (_, row) => from + row);
    const { items, popular } = await model.recommend(users, {
      k,
      diversity: input.settings.diversity,
      filter: (item) => goods.open[item] === 1,
      exclude: past.banned,
      keepSeen: true,
      ...(allow && { allow }),
    });
    const lists = { from, k, items, basis: new Uint8Array(users.length) };
    for (const [row, user] of users.entries()) {
      let length = 0;
      while (length < k && items[row * k + length] >= 0) length++;
      const isPersonal = past.pointers[user + 1] > past.pointers[user] && popular[row] < length;
      lists.basis[row] = isPersonal ? 0 : segments[user] >= 0 ? 1 : 2;
      if (isPersonal) addNew(input, newcomers, lists, row, length, allow);
    }
    return lists;
  };
}

export const regionRule =
  ({ goods, homes }: Pick<ListInput, "goods" | "homes">) =>
  (item: number, user: number): boolean => {
    const region = goods.regions[item];
    return region === undefined || region === homes.country(user) || region === homes.region(user);
  };

/** Gives the last places to new items that are like what the person had, other ones to other people. */
function addNew(
  { past, contacts, settings }: ListInput,
  newcomers: Newcomers,
  { from, k, items }: PeopleLists,
  row: number,
  length: number,
  allow: ((item: number, user: number) => boolean) | undefined,
): void {
  if (settings.newItems === 0 || newcomers.count === 0) return;
  const user = from + row;
  const fresh = newcomers.likely(ownPast(past, user));
  const banned = past.banned(user);
  const chosen: number[] = [];
  for (let step = 0; step < fresh.length && chosen.length < settings.newItems; step++) {
    const item = fresh[(contacts[user] + step) % fresh.length];
    if (!banned.includes(item) && (allow?.(item, user) ?? true)) chosen.push(item);
  }
  const start = row * k;
  const listed = items.subarray(start, start + length);
  const added = chosen.filter((item) => !listed.includes(item));
  const first = Math.min(length, k - added.length);
  added.forEach((item, at) => {
    items[start + first + at] = item;
  });
}

export function ownPast({ interactions, pointers, bought }: Past, user: number): OwnPast {
  const [from, to] = [pointers[user], pointers[user + 1]];
  const { items, weights } = interactions;
  return {
    items: items.subarray(from, to),
    weights: weights?.subarray(from, to) ?? new Float32Array(to - from),
    bought: bought.subarray(from, to),
  };
}

/** So many of a list's items have their reason told. */
const told = 2;

/** Why each person has their list, in words. */
export async function listReasons(
  { model, goods, past, segments, segmentNames, had }: ListInput,
  bases: readonly Basis[],
) {
  const all = Int32Array.from({ length: model.itemCount }, (_, item) => item);
  const tell = reasonTeller(goods, await model.similarItems(all, reasonDepth));
  /** @param row of the lists */
  return ({ from, k, items, basis }: PeopleLists, row: number): string[] => {
    const list = items.subarray(row * k, (row + 1) * k);
    const user = from + row;
    if (!(list[0] >= 0)) return [];
    if (bases[basis[row]] === "popular")
      return ["nothing known of their taste yet: what most people like"];
    if (basis[row] !== 0)
      return [
        `nothing known of their taste yet: the favourites of ${segmentNames[segments[user]].toUpperCase()}`,
      ];
    const own = ownPast(past, user);
    const reasons: string[] = [];
    for (const item of list) {
      if (item < 0 || reasons.length === told) break;
      const reason = item < model.itemCount && had[item] === 1 ? tell(own, item) : undefined;
      if (reason !== undefined) reasons.push(reason);
    }
    if (reasons.length === 0) reasons.push("people with a similar history like them");
    const last = newestOf(list, had);
    if (last >= 0)
      reasons.push(`${goods.names[last]}: new in ${goods.categories[last]}, which they like`);
    return reasons;
  };
}

const newestOf = (list: Int32Array, had: Uint8Array): number =>
  list.find((item) => item >= 0 && had[item] !== 1) ?? -1;
