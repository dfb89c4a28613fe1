import { checkAborted } from "../../abort.js";
import { random } from "../../random.js";
import type { TextEmbedding } from "../embedding.js";
import { lineFeatures } from "./line-features.js";
import { spreadOf } from "./spread.js";
import type { Contests } from "./trials.js";
import { marginOf, withinRidge } from "./within-ridge.js";

/** Penalties that are tried, strongest first. The prior's standard deviation of an effect is 1 / √penalty. */
export const penalties = [200, 60, 20];

/** A fold of each contest: blocks shuffled by the seed and dealt out, largest load last. */
export function contestFolds(
  { blocks }: Contests,
  among: Int32Array,
  folds: number,
  seed: number,
): Int32Array {
  const order = random(seed).shuffle(
    Int32Array.from(new Set(Array.from(among, (at) => blocks[at]))),
  );
  const sizes = new Map<number, number>();
  for (const contest of among) sizes.set(blocks[contest], (sizes.get(blocks[contest]) ?? 0) + 1);
  const loads = new Array<number>(folds).fill(0);
  const foldOf = new Map<number, number>();
  for (const block of order) {
    const least = loads.indexOf(Math.min(...loads));
    loads[least] += sizes.get(block) as number;
    foldOf.set(block, least);
  }
  return Int32Array.from(among, (contest) => foldOf.get(blocks[contest]) as number);
}

export interface HoldOutOptions {
  readonly folds: number;
  readonly seed: number;
  readonly penalties: readonly number[];
  readonly signal?: AbortSignal | undefined;
  readonly onFold?: (() => void) | undefined;
  readonly embedding?: TextEmbedding | undefined;
}

/** Margin of every line of `among` by each penalty, from models that did not see its fold. Lines of other contests stay 0. */
export async function heldOut(
  contests: Contests,
  among: Int32Array,
  { folds, seed, penalties: tried, signal, onFold, embedding }: HoldOutOptions,
): Promise<Float64Array[]> {
  const fold = contestFolds(contests, among, folds, seed);
  const margins = tried.map(() => new Float64Array(contests.texts.length));
  for (let number = 0; number < folds; number++) {
    checkAborted(signal);
    const inside = among.filter((_, at) => fold[at] !== number);
    const outside = among.filter((_, at) => fold[at] === number);
    if (inside.length === 0 || outside.length === 0) continue;
    const { rows, effects: found } = await ridgePath(contests, inside, tried, {
      signal,
      embedding,
    });
    for (const [at, effects] of found.entries())
      for (const contest of outside)
        for (let line = contests.starts[contest]; line < contests.starts[contest + 1]; line++)
          margins[at][line] = marginOf(rows, line, effects);
    onFold?.();
  }
  return margins;
}

/** Effects by each penalty, each fit starting from the one before. */
export async function ridgePath(
  contests: Contests,
  among: Int32Array,
  tried: readonly number[],
  { signal, embedding }: Pick<HoldOutOptions, "signal" | "embedding"> = {},
) {
  const texts: string[] = [];
  for (const contest of among)
    texts.push(...contests.texts.slice(contests.starts[contest], contests.starts[contest + 1]));
  const features = lineFeatures(texts, embedding);
  const rows = features.rows(contests.texts);
  const spread = spreadOf(contests);
  const effects: Float64Array[] = [];
  for (const penalty of tried) {
    const start = effects.at(-1);
    effects.push(
      await withinRidge(contests, rows, {
        among,
        spread,
        penalty,
        signal,
        ...(start && { start }),
      }),
    );
  }
  return { features, rows, effects };
}

/** The penalty whose held-out margins leave the least, and what they leave. */
export function bestPenalty(
  contests: Contests,
  among: Int32Array,
  margins: readonly Float64Array[],
  tried: readonly number[],
): number {
  const left = margins.map((margin) => leftOver(contests, among, margin));
  return tried[left.indexOf(Math.min(...left))];
}

function leftOver({ starts, logits, variances }: Contests, among: Int32Array, told: Float64Array) {
  let sum = 0;
  for (const contest of among) {
    let weight = 0;
    let mean = 0;
    for (let line = starts[contest]; line < starts[contest + 1]; line++) {
      weight += 1 / variances[line];
      mean += (logits[line] - told[line]) / variances[line];
    }
    mean /= weight;
    for (let line = starts[contest]; line < starts[contest + 1]; line++)
      sum += (logits[line] - told[line] - mean) ** 2 / variances[line];
  }
  return sum;
}
