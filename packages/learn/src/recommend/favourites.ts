import type { ArtifactReader } from "../artifact.js";
import { badArtifact } from "../artifact.js";
import { packFloats, unpackFloats } from "../packed.js";

/** How popular each item is, in all and within segments: what a newcomer gets, and what fills a list that is short. */
export interface Favourites {
  readonly all: Float32Array;
  /** Segments × items; a segment's own counts drawn to the whole by empirical Bayes. */
  readonly segments: readonly Float32Array[];
}

export function favouritesOf(favourites: Favourites, segment: number | undefined): Float32Array {
  return favourites.segments[segment ?? -1] ?? favourites.all;
}

/** Items in the order of their popularity; of equally popular ones the lower number first. */
export function ranked(scores: Float32Array): Int32Array {
  const order = Int32Array.from(scores, (_, item) => item);
  return order.sort((one, other) => scores[other] - scores[one] || one - other);
}

export const saveFavourites = ({ all, segments }: Favourites) => ({
  all: packFloats(all),
  segments: segments.map((values) => ({ values: packFloats(values) })),
});

export function loadFavourites(kind: string, data: ArtifactReader, itemCount: number): Favourites {
  const saved = data.object("favourites");
  const all = unpackFloats(kind, saved, "all", itemCount);
  const segments = saved
    .objects("segments")
    .map((segment) => unpackFloats(kind, segment, "values", itemCount));
  if (all.some((score) => score < 0)) throw badArtifact(kind, "its favourites are no counts");
  return { all, segments };
}
