import { type Constraints, checkOptions } from "../options.js";
import type { Favourites } from "./favourites.js";
import { favouritesOf, loadFavourites, ranked } from "./favourites.js";
import type { Histories } from "./histories.js";
import { estimator } from "./model.js";
import { emptyLists, type Ranker } from "./ranker.js";
import type { RecommenderEstimator } from "./types.js";

export interface PopularityOptions {
  /** An interaction counts half after this long, in the unit of the times. Defaults to Infinity: all count alike. */
  readonly halfLife?: number;
  /** How many interactions of everybody's a segment's own are weighed against. Defaults to 100. */
  readonly shrinkage?: number;
}

const defaults = { halfLife: Infinity, shrinkage: 100 };
const constraints: Constraints = { shrinkage: { min: 0 } };
const kind = "popularity";

/** The same for everybody, or for everybody of a segment: what many had lately. */
export function popularity(options: PopularityOptions = {}): RecommenderEstimator {
  const settings = { ...defaults, ...options };
  checkOptions(kind, settings, constraints);
  checkHalfLife(kind, settings.halfLife);
  return estimator(kind, {
    async fit(histories) {
      return popularityRanker(countFavourites(histories, settings));
    },
    save: () => ({}),
    load: (data, itemCount) => popularityRanker(loadFavourites(kind, data, itemCount)),
    favourites: settings,
  });
}

export function checkHalfLife(who: string, halfLife: number): void {
  if (halfLife !== Infinity) checkOptions(who, { halfLife }, { halfLife: { above: 0 } });
}

export function popularityRanker(favourites: Favourites): Ranker {
  const orders = new Map<Float32Array, Int32Array>();
  const orderOf = (scores: Float32Array): Int32Array => {
    const order = orders.get(scores) ?? ranked(scores);
    orders.set(scores, order);
    return order;
  };
  return {
    form: { kind: "favourites", favourites },
    async best({ entries, segments }, { k, bans, open }) {
      const lists = emptyLists(entries.rows, k);
      for (let user = 0; user < entries.rows; user++) {
        const scores = favouritesOf(favourites, segments?.[user]);
        const banned = new Set(bans.items.subarray(bans.pointers[user], bans.pointers[user + 1]));
        let count = 0;
        for (const item of orderOf(scores)) {
          if (count === k) break;
          if (banned.has(item) || (open && open[item] !== 1)) continue;
          lists.items[user * k + count] = item;
          lists.scores[user * k + count++] = scores[item];
        }
      }
      return lists;
    },
    async similar(items, { k }) {
      return emptyLists(items.length, k);
    },
    likeness: () => 0,
  };
}

/** Decayed counts of interactions. Older ones count less, as of the last time there is. */
export function countFavourites(
  { entries, times, segments }: Histories,
  { halfLife, shrinkage }: Required<PopularityOptions>,
): Favourites {
  const latest = times?.reduce((most, time) => Math.max(most, time), -Infinity) ?? 0;
  const all = new Float32Array(entries.columns);
  const segmentCount = segments?.reduce((most, segment) => Math.max(most, segment + 1), 0) ?? 0;
  const own = Array.from({ length: segmentCount }, () => new Float32Array(entries.columns));
  let total = 0;
  for (let user = 0; user < entries.rows; user++)
    for (let at = entries.pointers[user]; at < entries.pointers[user + 1]; at++) {
      const share = times ? 2 ** ((times[at] - latest) / halfLife) : 1;
      const counted = entries.values[at] * share;
      total += counted;
      all[entries.indices[at]] += counted;
      const segment = segments?.[user] ?? -1;
      if (segment >= 0) own[segment][entries.indices[at]] += counted;
    }
  for (const counts of own)
    for (let item = 0; item < all.length; item++)
      counts[item] += total > 0 ? (shrinkage * all[item]) / total : 0;
  return { all, segments: own };
}
