import type { Points } from "../cluster/points.js";
import { adjustedRandIndex } from "../cluster/rand-index.js";
import { random } from "../random.js";
import {
  type Family,
  type FamilyName,
  type Grouping,
  labelNearest,
  labelsOf,
  round,
  type SearchSettings,
  wide,
} from "./family.js";
import { oneCloud } from "./one-cloud.js";

/**
 * Groupings found in bootstrap samples must agree to this adjusted Rand index in the mean. As many groups as are settled beyond
 * that are taken; without any, the number that is agreed on best.
 */
const agreed = {
  least: 0.8,
  settled: 0.9,
  continued: 0.75,
  worse: 0.1,
  fully: 0.98,
  hopeless: 0.6,
};
const thorough = { refits: 8 };
/** After so many it can be hopeless already. */
const glance = 4;
/** For a grid, whose cells have no borders of their own to agree on: enough to say so. */
const passing = { refits: 3, starts: 2 };
/** More groups than this are a grid rather than groups, and round. */
const mostWide = 40;
/** Streams of random numbers apart from those of the search. */
const firstStream = 1000;
/** Beyond this many rungs without a better number, the search ends. */
const patience = 6;

export interface Choice {
  readonly family: FamilyName;
  readonly grouping: Grouping;
  /** Mean adjusted Rand index between refits on bootstrap samples; 1 for a single group. */
  readonly stability: number;
  /** Why there are so many groups, in a sentence. */
  readonly because: string;
}

export interface ChooseOptions extends SearchSettings {
  /** So many groups, whatever the data say. */
  readonly clusters?: number | undefined;
  readonly most: number;
  /** Groups of an earlier fit, as points: their number is kept unless another is clearly better. */
  readonly previous?: { readonly family: FamilyName; readonly means: Float64Array } | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((share: number) => void) | undefined;
}

/** A number of groups must be better by this much per row, in the criterion's units, to replace that of an earlier fit. */
const clearlyBetter = 0.04;
/** A difference in stability that means nothing. */
const slight = 0.002;
/** Fewer groups are as good where they gain all but this share of what the best number gains on a single cloud. */
const negligible = 0.03;

/**
 * Chooses how many groups there are and of which kind. Each kind proposes the number with the least criterion; that number is
 * lowered until refits on bootstrap samples agree; of two stable kinds the one with the better criterion wins unless it is the
 * less stable. Where nothing beats a single cloud, there is one group.
 */
export async function choose(points: Points, options: ChooseOptions): Promise<Choice> {
  const most = Math.min(options.most, distinct(points, options.most));
  if (options.clusters !== undefined) return fixed(points, options, options.clusters);
  const single = oneCloud(points);
  const proposals: Choice[] = [];
  let unstable = 0;
  const searched: { readonly family: Family; readonly found: readonly Grouping[] }[] = [];
  for (const [index, family] of [round, wide].entries()) {
    const found = await candidates(family, points, most, options, (share) =>
      options.onProgress?.((index + share) / 3),
    );
    searched.push({ family, found });
  }
  searched.sort((one, other) => least(one.found) - least(other.found));
  for (const { family, found } of searched) {
    const kept = await firstStable(family, points, found, single, options);
    if (kept.choice) proposals.push(kept.choice);
    unstable = Math.max(unstable, kept.rejected);
    // the other kind fits worse, and cannot be agreed on any better
    if (kept.choice && kept.choice.stability >= agreed.fully) break;
  }
  options.onProgress?.(1);
  const [first, second] = proposals;
  const winner = second && first.stability < second.stability - slight ? second : first;
  const before = await continued(points, options, winner, single);
  if (before) return before;
  if (winner) return winner;
  const all = await round.find(points, 1, options, options.signal);
  return {
    family: "kmeans",
    grouping: all,
    stability: 1,
    because:
      unstable > 0
        ? "No grouping comes out the same when the rows are drawn anew: there is one segment."
        : "Nothing separates the rows into groups: they are one cloud, and there is one segment.",
  };
}

const least = (found: readonly Grouping[]): number =>
  Math.min(...found.map(({ criterion }) => criterion));

const beats = (next: Choice, best: Choice): boolean =>
  next.grouping.criterion < best.grouping.criterion && next.stability >= best.stability - slight;

async function fixed(points: Points, options: ChooseOptions, clusters: number): Promise<Choice> {
  const found: Choice[] = [];
  const grid = clusters > mostWide;
  for (const family of grid ? [round] : [round, wide]) {
    const grouping = await family.find(points, clusters, options, options.signal);
    const pairs = await agreement(family, points, clusters, options, grid ? passing : thorough);
    found.push({
      family: family.name,
      grouping,
      stability: mean(pairs),
      because: `${clusters} segments were asked for.`,
    });
  }
  const [first, second] = found;
  return second && beats(second, first) ? second : first;
}

/** The earlier number of groups, where it is still stable and nearly as good as any. */
async function continued(
  points: Points,
  options: ChooseOptions,
  winner: Choice | undefined,
  single: number,
): Promise<Choice | undefined> {
  const { previous } = options;
  const clusters = previous ? previous.means.length / points.size : 0;
  if (!previous || clusters < 2 || clusters > distinct(points, clusters)) return undefined;
  if (winner?.grouping.clusters === clusters && winner.family === previous.family) return undefined;
  const family = previous.family === "kmeans" ? round : wide;
  const grouping = await family.find(
    points,
    clusters,
    { ...options, from: previous.means },
    options.signal,
  );
  // where an earlier group is gone, its place in the number is not to be filled by splitting another
  const now = { rows: clusters, size: points.size, values: Float32Array.from(previous.means) };
  if (new Set(labelNearest(now, grouping.mixture.means)).size < clusters) return undefined;
  const best = Math.min(single, winner?.grouping.criterion ?? Infinity);
  if (grouping.criterion > best + clearlyBetter * points.rows) return undefined;
  const pairs = await agreement(family, points, clusters, options);
  if (mean(pairs) < Math.max(agreed.continued, (winner?.stability ?? 0) - agreed.worse))
    return undefined;
  const because = `${clusters} segments as before: no other number is clearly better, and refits on bootstrap samples agree (adjusted Rand ${mean(pairs).toFixed(2)}).`;
  return { family: family.name, grouping, stability: mean(pairs), because };
}

/** Numbers worth trying, each about a sixth more than the one before. */
function ladder(most: number): number[] {
  const rungs: number[] = [];
  for (let clusters = 1; clusters <= most; )
    clusters = Math.max(rungs.push(clusters) && clusters + 1, Math.round(clusters * 1.18));
  return rungs;
}

/** The best grouping into each number of groups that was tried: a coarse ladder upwards, then every number about its best rung. */
async function candidates(
  family: Family,
  points: Points,
  most: number,
  settings: ChooseOptions,
  onProgress: (share: number) => void,
): Promise<Grouping[]> {
  const tried = new Map<number, Grouping>();
  const attempt = async (clusters: number): Promise<Grouping> => {
    const grouping = await family.find(points, clusters, settings, settings.signal);
    tried.set(clusters, grouping);
    return grouping;
  };
  const rungs = ladder(most);
  let best = await attempt(1);
  let since = 0;
  for (const [index, clusters] of rungs.entries()) {
    if (clusters === 1) continue;
    const made = await attempt(clusters);
    onProgress(index / rungs.length);
    if (made.criterion < best.criterion) {
      best = made;
      since = 0;
    } else if (++since >= patience) break;
  }
  const middle = rungs.indexOf(best.clusters);
  const from = (rungs[middle - 1] ?? 0) + 1;
  const to = (rungs[middle + 1] ?? most + 1) - 1;
  for (let clusters = from; clusters <= to; clusters++)
    if (!tried.has(clusters)) await attempt(clusters);
  return [...tried.values()].sort((one, other) => one.clusters - other.clusters);
}

/** The best grouping on which refits agree: the fewest groups that fit as well as any, else fewer. */
async function firstStable(
  family: Family,
  points: Points,
  found: readonly Grouping[],
  single: number,
  options: ChooseOptions,
): Promise<{ choice?: Choice; rejected: number }> {
  const able = found.filter(({ clusters, criterion }) => clusters > 1 && criterion < single);
  const best = Math.min(...able.map(({ criterion }) => criterion));
  const enough = best + negligible * (single - best);
  const wanted = Math.min(
    ...able.filter(({ criterion }) => criterion <= enough).map(({ clusters }) => clusters),
  );
  let second: Choice | undefined;
  let rejected = 0;
  for (const grouping of able.toReversed()) {
    if (grouping.clusters > wanted) continue;
    const stability = mean(await agreement(family, points, grouping.clusters, options));
    const reduced =
      rejected > 0 || second ? `; ${wanted} would fit better, but refits agree less on them` : "";
    const choice = {
      family: family.name,
      grouping,
      stability,
      because: `${grouping.clusters} segments: refits on bootstrap samples agree on them (adjusted Rand ${stability.toFixed(2)}), and they fit better than one cloud${reduced}.`,
    };
    if (stability >= agreed.settled) return { choice, rejected };
    if (stability >= agreed.least && stability > (second?.stability ?? 0)) second = choice;
    else rejected++;
  }
  return { ...(second && { choice: second }), rejected };
}

const mean = (numbers: readonly number[]): number =>
  numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

/**
 * How far groupings agree that were found in different bootstrap samples: the adjusted Rand index of every pair of refits, each
 * applied to all rows (Ben-Hur, Elisseeff & Guyon 2002; Hennig 2007).
 */
async function agreement(
  family: Family,
  points: Points,
  clusters: number,
  options: ChooseOptions,
  effort: { readonly refits: number; readonly starts?: number } = thorough,
): Promise<number[]> {
  const { seed, signal } = options;
  const { refits, starts = options.starts } = effort;
  const groupings: Int32Array[] = [];
  const pairs: number[] = [];
  for (let refit = 0; refit < refits; refit++) {
    const stream = firstStream + refit;
    const drawn = resampled(points, seed, stream);
    const settings = { seed: seed + stream, starts };
    const number = Math.min(clusters, distinct(drawn, clusters));
    const grouping = await family.find(drawn, number, settings, signal);
    const labels = labelsOf(family.name, points, grouping);
    pairs.push(...groupings.map((other) => adjustedRandIndex(other, labels)));
    groupings.push(labels);
    if (refit + 1 === glance && mean(pairs) < agreed.hopeless) break;
  }
  return pairs;
}

/** Rows drawn with replacement. */
function resampled({ rows, size, values }: Points, seed: number, stream: number): Points {
  const { below } = random(seed, stream);
  const drawn = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    const from = below(rows) * size;
    drawn.set(values.subarray(from, from + size), row * size);
  }
  return { rows, size, values: drawn };
}

/** The number of different points, counted no further than `atMost`. */
export function distinct({ rows, size, values }: Points, atMost: number): number {
  const seen = new Set<string>();
  for (let row = 0; row < rows && seen.size < atMost; row++)
    seen.add(values.subarray(row * size, (row + 1) * size).join(" "));
  return seen.size;
}
