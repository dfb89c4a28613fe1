import { CholeskyDecomposition, Matrix } from "ml-matrix";
import { normalCdf, normalQuantile } from "../../special/normal.js";
import { styleNames, styleOf } from "../style.js";
import { tokens } from "../tokens.js";
import type { Contests } from "./trials.js";

/** What a word, or a trait of style, was found to do where lines with it met lines without it before the same people. */
export interface WordEffect {
  readonly word: string;
  /** Relative change of the click rate: .03 is three per cent more clicks; of a trait of style, per standard deviation. */
  readonly effect: number;
  /** 95 % interval. */
  readonly low: number;
  readonly high: number;
  /** Contests in which some lines have it and others do not. */
  readonly contests: number;
  /** How often chance alone would show as much, were there no effect. */
  readonly p: number;
  /** Whether it stands out, its interval without 0: of all words and traits that do, at most one in ten is expected to have no effect (Benjamini & Hochberg 1995). */
  readonly clear: boolean;
}

export interface WordEffects {
  /** Clearest first. */
  readonly words: readonly WordEffect[];
  readonly style: readonly WordEffect[];
}

/** Words that differ within fewer contests than this are left out. */
const leastContests = 10;
const mostWords = 500;
const rounds = 12;
const falseDiscoveries = 0.1;

/**
 * Effects of single words and of style by partial pooling: one normal prior for all words and one for style, their variances by
 * expectation maximisation (empirical Bayes), every contest with a level of its own. Words are counted as there or not.
 */
export function wordEffects(contests: Contests, spread: number): WordEffects {
  const said = contests.texts.map(
    (text) => new Set(tokens(text).filter((one) => /\p{L}/u.test(one))),
  );
  const tested = differing(contests, said);
  const vocabulary = [...tested]
    .filter(([, count]) => count >= leastContests)
    .sort((left, right) => right[1] - left[1] || (left[0] < right[0] ? -1 : 1))
    .slice(0, mostWords)
    .map(([word]) => word);
  const style = standardised(contests.texts.map(styleOf));
  const kept = style.names;
  const size = vocabulary.length + kept.length;
  if (size === 0) return { words: [], style: [] };
  const rows = contests.texts.map((_, line) =>
    Float64Array.from([
      ...vocabulary.map((word) => (said[line].has(word) ? 1 : 0)),
      ...style.values[line],
    ]),
  );
  const { information, right } = normalEquations(contests, rows, spread, size);
  const { means, variances, errors } = pooled(information, right, size, vocabulary.length);
  const told = Array.from(means, (mean, at) => {
    const deviation = Math.sqrt(variances[at]);
    const reach = normalQuantile(0.975) * deviation;
    return {
      effect: Math.expm1(mean),
      low: Math.expm1(mean - reach),
      high: Math.expm1(mean + reach),
      p: errors[at] > 0 ? 2 * normalCdf(-Math.abs(mean) / errors[at]) : 1,
    };
  });
  const contestsOfStyle = contests.starts.length - 1;
  const named = told.map((one, at) =>
    at < vocabulary.length
      ? { word: vocabulary[at], contests: tested.get(vocabulary[at]) as number, ...one }
      : { word: kept[at - vocabulary.length], contests: contestsOfStyle, ...one },
  );
  const found = clearest(named);
  const isStyle = new Set<unknown>(named.slice(vocabulary.length));
  return {
    words: found.filter(({ of }) => !isStyle.has(of)).map(({ effect }) => effect),
    style: found.filter(({ of }) => isStyle.has(of)).map(({ effect }) => effect),
  };
}

/** In how many contests a word is in some lines and not in others. */
function differing({ starts }: Contests, said: readonly Set<string>[]): Map<string, number> {
  const tested = new Map<string, number>();
  for (let contest = 0; contest + 1 < starts.length; contest++) {
    const lines = starts[contest + 1] - starts[contest];
    const counts = new Map<string, number>();
    for (let line = starts[contest]; line < starts[contest + 1]; line++)
      for (const word of said[line]) counts.set(word, (counts.get(word) ?? 0) + 1);
    for (const [word, count] of counts)
      if (count < lines) tested.set(word, (tested.get(word) ?? 0) + 1);
  }
  return tested;
}

/** Style in standard deviations; traits that never vary are left out. */
function standardised(styles: readonly (readonly number[])[]) {
  const kept: number[] = [];
  const scales: { mean: number; deviation: number }[] = [];
  for (const one of styleNames.keys()) {
    const mean = styles.reduce((sum, style) => sum + style[one], 0) / styles.length;
    const square = styles.reduce((sum, style) => sum + (style[one] - mean) ** 2, 0);
    const deviation = Math.sqrt(square / styles.length);
    if (!(deviation > 1e-9)) continue;
    kept.push(one);
    scales.push({ mean, deviation });
  }
  return {
    names: kept.map((one) => styleNames[one] as string),
    values: styles.map((style) =>
      kept.map((one, at) => (style[one] - scales[at].mean) / scales[at].deviation),
    ),
  };
}

function normalEquations(
  { starts, logits, variances }: Contests,
  rows: readonly Float64Array[],
  spread: number,
  size: number,
) {
  const information = new Float64Array(size * size);
  const right = new Float64Array(size);
  const add = (row: Float64Array, weight: number, value: number) => {
    const filled = Array.from(row.keys()).filter((column) => row[column] !== 0);
    for (const one of filled) {
      right[one] += weight * row[one] * value;
      for (const other of filled) information[one * size + other] += weight * row[one] * row[other];
    }
  };
  for (let contest = 0; contest + 1 < starts.length; contest++) {
    let weight = 0;
    let level = 0;
    const mean = new Float64Array(size);
    for (let line = starts[contest]; line < starts[contest + 1]; line++) {
      const own = 1 / (variances[line] + spread);
      weight += own;
      level += own * logits[line];
      for (let column = 0; column < size; column++) mean[column] += own * rows[line][column];
    }
    level /= weight;
    for (let line = starts[contest]; line < starts[contest + 1]; line++)
      add(rows[line], 1 / (variances[line] + spread), logits[line]);
    // what all lines of the contest share is taken off: Σ w x xᵀ − W x̄ x̄ᵀ
    add(
      mean.map((sum) => sum / weight),
      -weight,
      level,
    );
  }
  return { information, right };
}

/**
 * Posterior means and variances with a prior variance for the first `words` effects and one for the others, and the sampling errors of the
 * means.
 */
function pooled(information: Float64Array, right: Float64Array, size: number, words: number) {
  const prior = [0.01, 0.01];
  let means = new Float64Array(size);
  let variances = new Float64Array(size);
  let errors = new Float64Array(size);
  for (let round = 0; round < rounds; round++) {
    const matrix = new Matrix(size, size);
    for (let row = 0; row < size; row++)
      for (let column = 0; column < size; column++)
        matrix.set(
          row,
          column,
          information[Math.max(row, column) * size + Math.min(row, column)] +
            (row === column ? 1 / prior[row < words ? 0 : 1] : 0),
        );
    const inverse = new CholeskyDecomposition(matrix).solve(Matrix.eye(size));
    means = Float64Array.from({ length: size }, (_, row) => {
      let sum = 0;
      for (let column = 0; column < size; column++) sum += inverse.get(row, column) * right[column];
      return sum;
    });
    variances = Float64Array.from({ length: size }, (_, row) => inverse.get(row, row));
    errors = Float64Array.from({ length: size }, (_, row) => {
      // A⁻¹ I A⁻¹ = A⁻¹ − A⁻¹ Λ A⁻¹
      let own = inverse.get(row, row);
      for (let column = 0; column < size; column++)
        own -= inverse.get(row, column) ** 2 / prior[column < words ? 0 : 1];
      return Math.sqrt(Math.max(0, own));
    });
    for (const group of [0, 1]) {
      const from = group === 0 ? 0 : words;
      const to = group === 0 ? words : size;
      if (from === to) continue;
      let square = 0;
      for (let at = from; at < to; at++) square += means[at] ** 2 + variances[at];
      prior[group] = Math.max(1e-6, square / (to - from));
    }
  }
  return { means, variances, errors };
}

/** In the order of `p`, those that stand out marked. */
function clearest(effects: readonly Omit<WordEffect, "clear">[]) {
  const sorted = [...effects].sort(
    (left, right) => left.p - right.p || (left.word < right.word ? -1 : 1),
  );
  let clear = 0;
  for (const [at, { p }] of sorted.entries())
    if (p <= (falseDiscoveries * (at + 1)) / sorted.length) clear = at + 1;
  return sorted.map((of, at) => ({
    of,
    effect: { ...of, clear: at < clear && of.low * of.high > 0 },
  }));
}
