import type { Lists, Ranker } from "./ranker.js";

/**
 * Chooses `k` of a list one after the other, each by its score less its likeness to those chosen (Carbonell & Goldstein 1998). Scores are
 * put on 0 to 1 within the list.
 */
export function marginalRelevance(
  { k: width, items, scores }: Lists,
  row: number,
  k: number,
  diversity: number,
  ranker: Pick<Ranker, "likeness">,
): [item: number, score: number][] {
  const from = row * width;
  let count = 0;
  while (count < width && items[from + count] >= 0) count++;
  if (count === 0) return [];
  const best = scores[from];
  const range = best - scores[from + count - 1] || 1;
  const nearest = new Float64Array(count);
  const isChosen = new Uint8Array(count);
  const chosen: [number, number][] = [];
  while (chosen.length < Math.min(k, count)) {
    let next = -1;
    let most = -Infinity;
    for (let at = 0; at < count; at++) {
      if (isChosen[at] === 1) continue;
      const score = 1 - (best - scores[from + at]) / range;
      const value = (1 - diversity) * score - diversity * nearest[at];
      if (value <= most) continue;
      most = value;
      next = at;
    }
    isChosen[next] = 1;
    const item = items[from + next];
    chosen.push([item, scores[from + next]]);
    for (let at = 0; at < count; at++)
      if (isChosen[at] === 0)
        nearest[at] = Math.max(nearest[at], ranker.likeness(item, items[from + at]));
  }
  return chosen;
}
