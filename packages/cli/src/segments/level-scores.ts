import type { Column, Table } from "@inchworm/learn";

type CategoryColumn = Extract<Column, { readonly kind: "category" }>;

/** A level and the number that stands for it; levels that are too rare have one number together. */
export interface LevelScores {
  readonly column: string;
  readonly levels: readonly string[];
  readonly scores: readonly number[];
  readonly rare: number;
}

/** More levels, or rarer ones, say too little of what goes with them. */
const mostLevels = 20;
const leastShare = 0.02;
const rounds = 50;

/**
 * A category as one column of numbers, from 0 in even steps: levels that the same of the other columns goes with stand next to each
 * other. Their order is that of their means along the one direction of all other columns in which they differ most (the first
 * discriminant axis); of a category that nothing goes with, the most frequent comes first. Even steps, since gaps between levels
 * would look like gaps between groups; and not a column of 0 and 1 for each level, which would see a group in each: no row has two.
 */
export function levelScores({ name, codes, levels }: CategoryColumn, others: Table): LevelScores {
  const counts = new Float64Array(levels.length);
  for (const code of codes) if (code >= 0) counts[code]++;
  const known = counts.reduce((sum, count) => sum + count, 0);
  const byCount = Array.from(levels.keys()).sort(
    (one, other) => counts[other] - counts[one] || one - other,
  );
  const kept = byCount.filter(
    (code, place) => place < mostLevels && counts[code] >= leastShare * known,
  );
  // the last place is that of all others
  const placeOf = new Map(kept.map((code, place) => [code, place]));
  const places = kept.length + 1;
  const place = Int32Array.from(codes, (code) =>
    code < 0 ? -1 : (placeOf.get(code) ?? kept.length),
  );
  const sizes = new Float64Array(places);
  for (const own of place) if (own >= 0) sizes[own]++;
  const means = standardised(others).map((values) => {
    const sums = new Float64Array(places);
    for (const [row, own] of place.entries()) if (own >= 0) sums[own] += values[row];
    return sums.map((sum, own) => (sizes[own] > 0 ? sum / sizes[own] : 0));
  });
  const held = Array.from(sizes.keys()).filter((own) => sizes[own] > 0);
  if (goesWithAny(means, sizes)) {
    const along = alongWidest(means, sizes, known);
    held.sort((one, other) => along[one] - along[other] || one - other);
  }
  const rank = (own: number) => held.indexOf(own);
  return {
    column: name,
    levels: kept.map((code) => levels[code]),
    scores: kept.map((_, own) => rank(own)),
    rare: rank(kept.length) >= 0 ? rank(kept.length) : (kept.length - 1) / 2,
  };
}

/** Deviations of chance beyond which levels differ in a column. */
const beyondChance = 4;

/** Whether levels differ in any column by more than chance: without a difference n · mean² adds up to chi-square. */
const goesWithAny = (means: readonly Float64Array[], sizes: Float64Array): boolean => {
  const freedom = Math.max(1, sizes.filter((size) => size > 0).length - 1);
  return means.some((own) => {
    const sum = own.reduce((all, mean, level) => all + sizes[level] * mean ** 2, 0);
    return (sum - freedom) / Math.sqrt(2 * freedom) > beyondChance;
  });
};

/** The numbers of a category's rows; `NaN` where it is missing. */
export function scored({ codes, levels }: CategoryColumn, by: LevelScores): Float32Array {
  const own = levels.map((level) => by.scores[by.levels.indexOf(level)] ?? by.rare);
  return Float32Array.from(codes, (code) => (code < 0 ? Number.NaN : own[code]));
}

/** All columns as numbers of mean 0 and deviation 1, a category as one for each level; missing is 0, and nothing lies beyond 3. */
function standardised({ columns }: Table): Float64Array[] {
  return columns.flatMap((column) => {
    const all =
      column.kind === "number"
        ? [Float64Array.from(column.values)]
        : column.levels.map((_, level) =>
            Float64Array.from(column.codes, (code) =>
              code < 0 ? Number.NaN : Number(code === level),
            ),
          );
    const share = 1 / Math.sqrt(Math.max(1, all.length - 1));
    return all.map((values) => {
      const seen = values.filter((value) => !Number.isNaN(value));
      const mean = seen.reduce((sum, value) => sum + value, 0) / Math.max(1, seen.length);
      const variance =
        seen.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, seen.length);
      const scale = variance > 0 ? share / Math.sqrt(variance) : 0;
      return values.map((value) =>
        Number.isNaN(value) ? 0 : Math.max(-3, Math.min(3, (value - mean) * scale)),
      );
    });
  });
}

/** Level means along the direction in which they vary most, by power iteration. */
function alongWidest(
  means: readonly Float64Array[],
  sizes: Float64Array,
  rows: number,
): Float64Array {
  const along = (direction: readonly number[]) =>
    sizes.map((_, level) =>
      means.reduce((sum, own, column) => sum + own[level] * direction[column], 0),
    );
  let direction = means.map((own) =>
    Math.sqrt(own.reduce((sum, mean, level) => sum + sizes[level] * mean ** 2, 0) / rows),
  );
  for (let round = 0; round < rounds; round++) {
    const scores = along(direction);
    const next = means.map((own) =>
      own.reduce((sum, mean, level) => sum + sizes[level] * mean * scores[level], 0),
    );
    const length = Math.hypot(...next);
    direction = next.map((part) => part / length);
  }
  return along(direction);
}
