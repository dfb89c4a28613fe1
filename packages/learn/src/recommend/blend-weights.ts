import { measuredRow } from "./blend-ranker.js";
import { hits } from "./evaluate.js";
import { emptyLists, type Lists, topList } from "./ranker.js";

/** Units of weight that are given out, and how many of them the best list gets first: others begin with a fifth. */
const units = 20;
const firstUnits = 4;
/** A unit must better the mean by this share, so that chance adds no model. */
const leastGain = 0.0002;

/**
 * Gives weight to lists, unit by unit to the one that betters the mean NDCG and recall of their blend most, starting from the best alone;
 * ends when none does (ensemble selection, Caruana et al. 2004). Deterministic; the sum of the weights is 1.
 */
export function chooseWeights(
  lists: readonly Lists[],
  wanted: readonly ReadonlySet<number>[],
  k: number,
): number[] {
  const judgeOf = judge(lists, wanted, k);
  const weights = lists.map(() => 0);
  let best = 0;
  for (let given = 0; given < units; ) {
    const added = given === 0 ? firstUnits : 1;
    let next = -1;
    let most = best * (1 + leastGain);
    lists.forEach((_, part) => {
      weights[part] += added;
      const value = judgeOf(weights);
      weights[part] -= added;
      if (value <= most) return;
      most = value;
      next = part;
    });
    if (next < 0) break;
    weights[next] += added;
    given += added;
    best = most;
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  // where nothing was found by any, the first must do
  if (total === 0) return weights.map((_, part) => Number(part === 0));
  return weights.map((weight) => weight / total);
}

/** Mean of NDCG and recall of a blend with these weights, the lists measured once. */
function judge(
  lists: readonly Lists[],
  wanted: readonly ReadonlySet<number>[],
  k: number,
): (weights: readonly number[]) => number {
  const rows = wanted.map((_, row) => {
    const places = new Map<number, number>();
    const parts = lists.map((list) => measuredRow(list, row));
    for (const { measured } of parts)
      for (const [item] of measured) if (!places.has(item)) places.set(item, places.size);
    const values = parts.map(({ measured, floor }) => {
      const own = new Float32Array(places.size).fill(floor);
      for (const [item, score] of measured) own[places.get(item) ?? 0] = score;
      return own;
    });
    return { items: Int32Array.from(places.keys()), values };
  });
  const top = topList(k);
  const list = emptyLists(1, k);
  return (weights) => {
    let sum = 0;
    rows.forEach(({ items, values }, row) => {
      for (let place = 0; place < items.length; place++) {
        let score = 0;
        for (let part = 0; part < values.length; part++)
          score += weights[part] * values[part][place];
        top.add(items[place], score);
      }
      list.items.fill(-1);
      top.write(list, 0);
      const [recall, ndcg] = hits(list.items, wanted[row]);
      sum += (recall + ndcg) / 2;
    });
    return wanted.length > 0 ? sum / wanted.length : 0;
  };
}
