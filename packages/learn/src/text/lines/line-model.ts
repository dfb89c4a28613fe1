import { type ArtifactReader, badArtifact, makeArtifact } from "../../artifact.js";
import { packFloats, packWords, unpackFloats, unpackWords } from "../../packed.js";
import { normalCdf, normalQuantile } from "../../special/normal.js";
import type { Artifact } from "../../types.js";
import type { TextEmbedding } from "../embedding.js";
import { styleNames } from "../style.js";
import { wordShares } from "../word-shares.js";
import type { LinePrior } from "./few.js";
import { type LineFeatures, lineFeaturesOf } from "./line-features.js";
import type { PairAccuracy } from "./pairs.js";
import type { Slope } from "./slope.js";
import { who } from "./trials.js";
import { marginOf } from "./within-ridge.js";
import type { WordEffect, WordEffects } from "./word-effects.js";

/** A line against the account's median line. */
export interface LineScore {
  /** Relative change of the click rate: .03 is three per cent more clicks than the median line would get from the same people. */
  readonly effect: number;
  readonly low: number;
  readonly high: number;
  /** Chance that it does better than the median line. */
  readonly better: number;
}

export interface LineModel extends WordEffects {
  readonly kind: "subject-lines";
  /** Measured on contests it had not learned from. */
  readonly proof: PairAccuracy & { readonly contests: number; readonly lines: number };
  /** Whether scores told anything on contests it had not seen; where not, and there is no `prior`, every line scores 0 with an honest interval. */
  readonly tells: boolean;
  /** Present where so few lines were tested that the answer rests on a declared prior. */
  readonly prior?: LinePrior;
  /** `level` of the interval, between 0 and 1, defaults to .8. */
  score(texts: readonly string[], options?: { readonly level?: number }): LineScore[];
  /**
   * Chance that the left of two lines is clicked more than the right by the same people; `noise` is the variance with which the
   * difference of their log-odds is seen, defaults to none.
   */
  chance(left: string, right: string, noise?: number): number;
  /** What each word of a line, each trait of its style, and its "meaning" where there is an embedding, adds to its score in log-odds, strongest first. */
  reasons(text: string): readonly { readonly word: string; readonly effect: number }[];
  save(): Artifact;
}

export const version = 1;

export interface LineFit extends WordEffects {
  readonly features: LineFeatures;
  readonly effects: Float32Array;
  readonly median: number;
  readonly slope: Slope;
  /** Variance of log-odds between lines that the score does not tell. */
  readonly spread: number;
  readonly proof: LineModel["proof"];
  readonly prior?: LinePrior;
}

export function lineModel(fit: LineFit): LineModel {
  const { features, median, slope, spread, proof, prior, words, style } = fit;
  const effects = Float64Array.from(fit.effects);
  return {
    kind: who,
    proof,
    tells: slope.value > 0 && prior === undefined,
    ...(prior && { prior }),
    words,
    style,
    score(texts, { level = 0.8 } = {}) {
      const rows = features.rows(texts);
      const reach = normalQuantile((1 + level) / 2);
      return texts.map((_, row) => {
        const margin = marginOf(rows, row, effects) - median;
        const told = slope.value * margin;
        const deviation = Math.sqrt(spread + (slope.error * margin) ** 2);
        return {
          effect: Math.expm1(told),
          low: Math.expm1(told - reach * deviation),
          high: Math.expm1(told + reach * deviation),
          better: normalCdf(told / deviation),
        };
      });
    },
    chance(left, right, noise = 0) {
      const rows = features.rows([left, right]);
      const margin = marginOf(rows, 0, effects) - marginOf(rows, 1, effects);
      const variance = 2 * spread + (slope.error * margin) ** 2 + noise;
      return margin === 0 ? 0.5 : normalCdf((slope.value * margin) / Math.sqrt(variance));
    },
    reasons(text) {
      const { starts, indices, values } = features.rows([text]);
      const added = new Map<number, number>();
      const traits: { word: string; effect: number }[] = [];
      let meaning = 0;
      const bucketsOf = features.parts.flatMap(({ buckets }) => Array.from(buckets));
      for (let entry = starts[0]; entry < starts[1]; entry++) {
        const column = indices[entry];
        const effect = slope.value * values[entry] * effects[column];
        const bucket = bucketsOf[column];
        if (bucket !== undefined) added.set(bucket, (added.get(bucket) ?? 0) + effect);
        else if (column - bucketsOf.length < styleNames.length)
          traits.push({ word: styleNames[column - bucketsOf.length], effect });
        else meaning += effect;
      }
      return [...wordShares(text, added), ...traits, { word: "meaning", effect: meaning }]
        .filter(({ effect }) => effect !== 0)
        .sort(
          (left, right) =>
            Math.abs(right.effect) - Math.abs(left.effect) || (left.word < right.word ? -1 : 1),
        );
    },
    save: () =>
      makeArtifact(who, version, {
        parts: features.parts.map(({ buckets, weights }) => ({
          columns: buckets.length,
          buckets: packWords(buckets),
          weights: packFloats(weights),
        })),
        ...(dimensionsOf(features) > 0 && { dimensions: dimensionsOf(features) }),
        means: Array.from(features.means),
        deviations: Array.from(features.deviations),
        effects: packFloats(fit.effects),
        median,
        slope,
        spread,
        proof,
        ...(prior && { prior }),
        words,
        style,
      }),
  };
}

const dimensionsOf = ({ parts, means, columns }: LineFeatures): number =>
  parts.reduce((rest, { buckets }) => rest - buckets.length, columns - means.length);

export function readLineModel(data: ArtifactReader, embedding?: TextEmbedding): LineModel {
  const k = styleNames.length;
  const parts = data.objects("parts");
  if (parts.length !== 2) throw badArtifact(who, '"parts" are not two');
  const kept = parts.map((part) => {
    const columns = part.number("columns", { min: 0, max: 2 ** 18, integer: true });
    const buckets = unpackWords(who, part, "buckets", columns);
    if (buckets.some((bucket) => bucket < 0 || bucket >= 2 ** 18))
      throw badArtifact(who, '"buckets" are out of range');
    return { buckets, weights: unpackFloats(who, part, "weights", columns) };
  });
  const dimensions = data.has("dimensions")
    ? data.number("dimensions", { min: 1, max: 65_536, integer: true })
    : 0;
  if (dimensions !== (embedding?.dimensions ?? 0))
    throw badArtifact(
      who,
      `it was fitted with ${dimensions === 0 ? "no embedding" : `an embedding of ${dimensions} numbers`}`,
    );
  const features = lineFeaturesOf(
    kept,
    data.numbers("means", { length: k }),
    data.numbers("deviations", { length: k, min: 0 }),
    embedding,
  );
  const slope = data.object("slope");
  const proof = data.object("proof");
  const count = (key: string) => proof.number(key, { min: 0, integer: true });
  const share = (key: string) =>
    proof.artifact(key) === null ? null : proof.number(key, { min: 0, max: 1 });
  const prior = data.has("prior") ? data.object("prior") : undefined;
  const effectsOf = (key: string): WordEffect[] =>
    data.objects(key).map((one) => ({
      word: one.text("word"),
      effect: one.number("effect"),
      low: one.number("low"),
      high: one.number("high"),
      contests: one.number("contests", { min: 0, integer: true }),
      p: one.number("p", { min: 0, max: 1 }),
      clear: one.artifact("clear") === true,
    }));
  return lineModel({
    features,
    effects: unpackFloats(who, data, "effects", features.columns),
    median: data.number("median"),
    slope: {
      value: slope.number("value", { min: 0, max: 1 }),
      error: slope.number("error", { min: 0 }),
    },
    spread: data.number("spread", { min: 0 }),
    proof: {
      contests: count("contests"),
      lines: count("lines"),
      pairs: count("pairs"),
      accuracy: share("accuracy"),
      significantPairs: count("significantPairs"),
      significantAccuracy: share("significantAccuracy"),
    },
    ...(prior && {
      prior: {
        share: prior.number("share", { min: 0, max: 1 }),
        because: prior.text("because"),
      },
    }),
    words: effectsOf("words"),
    style: effectsOf("style"),
  });
}
