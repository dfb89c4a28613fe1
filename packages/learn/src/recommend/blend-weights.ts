import { measuredRow } from "./blend-ranker.js";
import { hits } from "./evaluate.js";
import { emptyLists, type Lists, topList } from "./ranker.js";

/** The best list starts with so many units, and each nearly as good with one. */
const firstUnits = 2;
const nearlyAsGood = 0.92;
const mostMoves = 20;
/** A unit is moved only where that betters the mean by this share: chance must neither add a model nor take one away. */
const leastGain = 0.005;

/**
 * Weights for adding lists up, their sum 1. All that are nearly as good as the best start with some: what is kept back is never quite like
 * what is to come, and an average errs less than its parts. Then units are given or taken, one by one, where that clearly betters the mean
 * of NDCG and recall (after the ensemble selection of Caruana et al. 2004). Deterministic.
 */
export function chooseWeights(
  lists: readonly Lists[],
  wanted: readonly ReadonlySet<number>[],
  k: number,
): number[] {
  const judged = judge(lists, wanted, k);
  const alone = lists.map((_, part) => judged(lists.map((_, other) => Number(other === part))));
  const best = Math.max(...alone);
  // where nothing was found by any, the first must do
  if (!(best > 0)) return lists.map((_, part) => Number(part === 0));
  const first = alone.indexOf(best);
  const weights = alone.map((value) => Number(value >= nearlyAsGood * best));
  weights[first] = firstUnits;
  let value = judged(weights);
  for (let moves = 0; moves < mostMoves; moves++) {
    let move: readonly [part: number, units: number] | undefined;
    let most = value * (1 + leastGain);
    for (let part = 0; part < lists.length; part++)
      for (const units of [1, -1]) {
        if (weights[part] + units < 0) continue;
        weights[part] += units;
        const moved = judged(weights);
        weights[part] -= units;
        if (moved <= most) continue;
        most = moved;
        move = [part, units];
      }
    if (!move) break;
    weights[move[0]] += move[1];
    value = most;
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
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
