import type { Histories } from "./histories.js";
import { type Ask, emptyLists, type Lists, type Ranker, topList } from "./ranker.js";

/** How far down each model's list is looked at, at least. */
export const blendDepth = 200;
/** A list's scores are measured by the mean of so many of its best. */
export const yardstick = 20;

export interface Part {
  readonly ranker: Ranker;
  readonly weight: number;
}

/** Adds up the parts' scores, each list's measured by its best: what a list leaves out counts no more than its last. */
export function blendRanker(parts: readonly Part[]): Ranker {
  const mix = async (ask: Ask, rows: number, listsOf: (part: Part, ask: Ask) => Promise<Lists>) => {
    const deep = { ...ask, k: Math.max(blendDepth, 2 * ask.k) };
    const lists: Lists[] = [];
    for (const part of parts) lists.push(await listsOf(part, deep));
    return merge(
      lists,
      parts.map(({ weight }) => weight),
      rows,
      ask.k,
    );
  };
  return {
    form: { kind: "blend", parts: parts.map(({ ranker, weight }) => [ranker.form, weight]) },
    best: (histories: Histories, ask) =>
      mix(ask, histories.entries.rows, ({ ranker }, deep) => ranker.best(histories, deep)),
    similar: (items, ask) =>
      mix(ask, items.length, ({ ranker }, deep) => ranker.similar(items, deep)),
    likeness(one, other) {
      let sum = 0;
      let total = 0;
      for (const { ranker, weight } of parts) {
        sum += weight * ranker.likeness(one, other);
        total += weight;
      }
      return total > 0 ? sum / total : 0;
    },
  };
}

export function merge(
  lists: readonly Lists[],
  weights: readonly number[],
  rows: number,
  k: number,
): Lists {
  const merged = emptyLists(rows, k);
  const top = topList(k);
  for (let row = 0; row < rows; row++) {
    const scores = new Map<number, number>();
    let floors = 0;
    lists.forEach((list, part) => {
      const { measured, floor } = measuredRow(list, row);
      floors += weights[part] * floor;
      for (const [item, score] of measured)
        scores.set(item, (scores.get(item) ?? 0) + weights[part] * (score - floor));
    });
    for (const [item, score] of scores) top.add(item, Math.fround(score + floors));
    top.write(merged, row);
  }
  return merged;
}

/** A list's items with their measured scores; `floor` is what all others are taken to have. */
export function measuredRow(
  { k, items, scores }: Lists,
  row: number,
): { measured: [number, number][]; floor: number } {
  const from = row * k;
  let count = 0;
  let sum = 0;
  while (count < k && items[from + count] >= 0) {
    if (count < yardstick) sum += scores[from + count];
    count++;
  }
  if (count === 0) return { measured: [], floor: 0 };
  const mean = sum / Math.min(yardstick, count);
  const unit = mean > 0 ? 1 / mean : 0;
  const measured: [number, number][] = [];
  for (let at = from; at < from + count; at++) measured.push([items[at], unit * scores[at]]);
  // a full list says of the rest that they are no better than its last, a short one that it knows nothing of them
  const floor = count === k ? Math.max(0, measured[count - 1][1]) : 0;
  return { measured, floor };
}
