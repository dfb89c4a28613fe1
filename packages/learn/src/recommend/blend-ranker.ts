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
    prepare() {
      for (const { ranker } of parts) ranker.prepare?.();
    },
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

/** Adds up lists of the same rows: `k` of the best of each. */
export function merge(
  lists: readonly Lists[],
  weights: readonly number[],
  rows: number,
  k: number,
): Lists {
  const merged = emptyLists(rows, k);
  const top = topList(k);
  const itemCount = lists.reduce((most, { items }) => Math.max(most, largest(items) + 1), 0);
  const scores = new Float64Array(itemCount);
  const isMet = new Uint8Array(itemCount);
  const met = new Int32Array(itemCount);
  for (let row = 0; row < rows; row++) {
    let count = 0;
    let floors = 0;
    for (let part = 0; part < lists.length; part++) {
      const { items, k: width } = lists[part];
      const { length, unit, floor } = measure(lists[part], row);
      floors += weights[part] * floor;
      for (let at = row * width; at < row * width + length; at++) {
        const item = items[at];
        if (isMet[item] === 0) {
          isMet[item] = 1;
          met[count++] = item;
        }
        scores[item] += weights[part] * (unit * lists[part].scores[at] - floor);
      }
    }
    for (let at = 0; at < count; at++) {
      const item = met[at];
      top.add(item, Math.fround(scores[item] + floors));
      scores[item] = 0;
      isMet[item] = 0;
    }
    top.write(merged, row);
  }
  return merged;
}

const largest = (items: Int32Array): number =>
  items.reduce((most, item) => (item > most ? item : most), -1);

/** A list's items with their measured scores; `floor` is what all others are taken to have. */
export function measuredRow(
  lists: Lists,
  row: number,
): { measured: [number, number][]; floor: number } {
  const { length, unit, floor } = measure(lists, row);
  const measured: [number, number][] = [];
  for (let at = row * lists.k; at < row * lists.k + length; at++)
    measured.push([lists.items[at], unit * lists.scores[at]]);
  return { measured, floor };
}

function measure(
  { k, items, scores }: Lists,
  row: number,
): { length: number; unit: number; floor: number } {
  const from = row * k;
  let length = 0;
  let sum = 0;
  while (length < k && items[from + length] >= 0) {
    if (length < yardstick) sum += scores[from + length];
    length++;
  }
  if (length === 0) return { length, unit: 0, floor: 0 };
  const mean = sum / Math.min(yardstick, length);
  const unit = mean > 0 ? 1 / mean : 0;
  // a full list says of the rest that they are no better than its last, a short one that it knows nothing of them
  const floor = length === k ? Math.max(0, unit * scores[from + length - 1]) : 0;
  return { length, unit, floor };
}
