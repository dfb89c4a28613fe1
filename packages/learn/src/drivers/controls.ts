import type { Sendings } from "./sendings.js";
import { grouped, type Unit } from "./units.js";

const week = 7 * 86_400_000;
/** Audiences that have a level of their own, the largest first; the others share one. */
const mostSegments = 40;
const leastUnits = 3;

/**
 * What is corrected for and not drawn towards 0: an intercept, every audience, how often its list was written to in the week before, and the
 * trend over time. A column that is the same everywhere is left out.
 */
export function controlsOf(sendings: Sendings, units: readonly Unit[]): number[][] {
  const counts = [...grouped(units, ({ segment }) => segment)]
    .map(([segment, own]) => ({ segment, count: own.length }))
    .sort((left, right) => right.count - left.count || left.segment - right.segment)
    .filter(({ count }, at) => at < mostSegments && count >= leastUnits);
  const own = counts.map(({ segment }) => segment);
  const named = new Set(own);
  // the largest is what the others are held against, unless there are some without a level
  const rest = units.some(({ segment }) => !named.has(segment));
  const columns = (rest ? own : own.slice(1)).map((segment): number[] =>
    units.map((unit) => (unit.segment === segment ? 1 : 0)),
  );
  const times = units.map(({ row }) => sendings.at[row]);
  const known = times.filter((time) => !Number.isNaN(time));
  if (known.length > 0) {
    const usual = known.reduce((sum, time) => sum + time, 0) / known.length;
    const filled = times.map((time) => (Number.isNaN(time) ? usual : time));
    columns.push(fatigue(units, times), filled);
  }
  const kept = columns.map(standardised).filter((column) => column !== undefined);
  return units.map((_, at) => [1, ...kept.map((column) => column[at])]);
}

/** Of every unit: other campaigns to the same audience in the seven days before, as log(1 + n). */
function fatigue(units: readonly Unit[], times: readonly number[]): number[] {
  const result = units.map(() => 0);
  for (const list of grouped(units.keys(), (at) => units[at].segment).values()) {
    const sorted = list
      .filter((at) => !Number.isNaN(times[at]))
      .sort((left, right) => times[left] - times[right]);
    let first = 0;
    for (const [place, at] of sorted.entries()) {
      while (times[sorted[first]] < times[at] - week) first++;
      const before = new Set<number>();
      for (const other of sorted.slice(first, place))
        if (times[other] < times[at] && units[other].group !== units[at].group)
          before.add(units[other].group);
      result[at] = Math.log1p(before.size);
    }
  }
  return result;
}

function standardised(column: readonly number[]): number[] | undefined {
  const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
  const square = column.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = Math.sqrt(square / column.length);
  return deviation > 1e-9 * (1 + Math.abs(mean))
    ? column.map((value) => (value - mean) / deviation)
    : undefined;
}
