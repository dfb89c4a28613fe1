import type { OrderHistory } from "@inchworm/learn";

/** The shares at which forecasts of a day are judged. */
export const levels = [0.1, 0.25, 0.5, 0.75, 0.9] as const;

/** What each customer had done by a day, and how long after it the next order came. */
export interface Waits {
  /** Rows of the history: those who had ordered. */
  readonly rows: Int32Array;
  readonly elapsed: Float64Array;
  /** Of the customer's own gaps between order days; `NaN` before the second. */
  readonly meanGap: Float64Array;
  readonly medianGap: Float64Array;
  /** Days until the next order, counted to the middle of its day and no further than the horizon. */
  readonly waited: Float64Array;
  /** 1 where an order came within the horizon. */
  readonly came: Uint8Array;
  /** Over all gaps of all customers. */
  readonly everybody: { readonly mean: number; readonly median: number };
}

export function waitsFrom(history: OrderHistory, cutoff: number, horizonDays: number): Waits {
  const { offsets, days } = history;
  const rows: number[] = [];
  const elapsed: number[] = [];
  const meanGap: number[] = [];
  const medianGap: number[] = [];
  const waited: number[] = [];
  const came: number[] = [];
  const all: number[] = [];
  for (let row = 0; row + 1 < offsets.length; row++) {
    const gaps: number[] = [];
    let last = Number.NaN;
    let next = Infinity;
    for (let index = offsets[row]; index < offsets[row + 1]; index++) {
      const day = days[index];
      if (day >= cutoff) {
        next = day - cutoff + 0.5;
        break;
      }
      if (day > last) gaps.push(day - last);
      last = day;
    }
    if (Number.isNaN(last)) continue;
    rows.push(row);
    elapsed.push(cutoff - last);
    meanGap.push(gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length);
    medianGap.push(median(gaps));
    waited.push(Math.min(horizonDays, next));
    came.push(next < horizonDays ? 1 : 0);
    for (const gap of gaps) all.push(gap);
  }
  return {
    rows: Int32Array.from(rows),
    elapsed: Float64Array.from(elapsed),
    meanGap: Float64Array.from(meanGap),
    medianGap: Float64Array.from(medianGap),
    waited: Float64Array.from(waited),
    came: Uint8Array.from(came),
    everybody: { mean: all.reduce((sum, gap) => sum + gap, 0) / all.length, median: median(all) },
  };
}

/** Forecasts at each level, one array per level. */
export type Forecasts = readonly Float64Array[];

export interface Rule {
  readonly name: string;
  readonly forecasts: Forecasts;
}

/**
 * The simple rules a model must beat. Two name one day per customer; one names the days by which those as long silent came at an
 * earlier day; one the same days for everybody, the best there are in hindsight: who cannot beat these tells nobody apart.
 */
export function simpleRules(earlier: Waits, now: Waits, horizonDays: number): readonly Rule[] {
  const after = (gap: Float64Array, otherwise: number): Forecasts => {
    const days = gap.map((own, row) => {
      const due = (Number.isNaN(own) ? otherwise : own) - now.elapsed[row];
      return Number.isNaN(due) ? horizonDays : Math.min(horizonDays, Math.max(0, due));
    });
    return levels.map(() => days);
  };
  const sorted = now.waited.slice().sort();
  return [
    { name: "mean gap", forecasts: after(now.meanGap, now.everybody.mean) },
    { name: "own median gap", forecasts: after(now.medianGap, now.everybody.median) },
    {
      name: "everybody alike, in hindsight",
      forecasts: levels.map((level) =>
        new Float64Array(now.waited.length).fill(quantile(sorted, level)),
      ),
    },
    {
      name: "recency alone",
      forecasts: asBefore({ key: earlier.elapsed, came: earlier.waited }, now.elapsed, 10),
    },
  ];
}

/** In each of `groups` equal parts by `key`: the levels of what came of those in the same part at the earlier day. */
export function asBefore(
  earlier: { readonly key: Float64Array; readonly came: Float64Array },
  key: Float64Array,
  groups: number,
): Forecasts {
  const sorted = earlier.key.slice().sort();
  const edges = Array.from({ length: groups - 1 }, (_, index) =>
    quantile(sorted, (index + 1) / groups),
  );
  const groupOf = (of: number) => edges.filter((edge) => of > edge).length;
  const outcomes: number[][] = Array.from({ length: groups }, () => []);
  for (const [row, of] of earlier.key.entries()) outcomes[groupOf(of)].push(earlier.came[row]);
  const overall = earlier.came.slice().sort();
  const tables = outcomes.map((group) =>
    group.length > 0 ? Float64Array.from(group).sort() : overall,
  );
  const groupOfRow = Int32Array.from(key, groupOf);
  return levels.map((level) => {
    const values = tables.map((table) => quantile(table, level));
    return Float64Array.from(groupOfRow, (group) => values[group]);
  });
}

/** Pinball loss of each row, mean over the levels, in the unit of the forecasts (Koenker & Bassett 1978). */
export function pinball(forecasts: Forecasts, truth: Float64Array): Float64Array {
  return truth.map((came, row) => {
    let loss = 0;
    for (const [index, level] of levels.entries()) {
      const over = came - forecasts[index][row];
      loss += over > 0 ? level * over : (level - 1) * over;
    }
    return loss / levels.length;
  });
}

const median = (values: readonly number[]): number =>
  quantile(Float64Array.from(values).sort(), 0.5);

export function quantile(sorted: Float64Array, share: number): number {
  if (sorted.length === 0) return Number.NaN;
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(sorted.length - 1, below + 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}
