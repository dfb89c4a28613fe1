import { emptyLists, type Lists } from "./best.js";
import { topList } from "./best.twin.js";
import type { NeighbourAsk } from "./neighbours.js";
import type { Sparse } from "./recommend.js";

/** The same lists in plain TypeScript: quicker for a few users, since nothing is copied. */
export function neighboursTwin(
  { columns, pointers, indices, values }: Sparse,
  { entries, k, bans, open }: NeighbourAsk,
): Lists {
  const lists = emptyLists(entries.rows, k);
  const scores = new Float64Array(columns);
  const isTouched = new Uint8Array(columns);
  const touched = new Int32Array(columns);
  const top = topList(k);
  for (let row = 0; row < entries.rows; row++) {
    let count = 0;
    for (let at = entries.pointers[row]; at < entries.pointers[row + 1]; at++) {
      const weight = entries.values[at];
      const end = pointers[entries.indices[at] + 1];
      for (let to = pointers[entries.indices[at]]; to < end; to++) {
        const item = indices[to];
        if (isTouched[item] === 0) {
          isTouched[item] = 1;
          touched[count++] = item;
        }
        scores[item] += weight * values[to];
      }
    }
    for (let at = bans.pointers[row]; at < bans.pointers[row + 1]; at++)
      isTouched[bans.items[at]] = 2;
    for (let at = 0; at < count; at++) {
      const item = touched[at];
      if (isTouched[item] === 1 && (open === undefined || open[item] === 1))
        top.add(item, Math.fround(scores[item]));
      scores[item] = 0;
      isTouched[item] = 0;
    }
    for (let at = bans.pointers[row]; at < bans.pointers[row + 1]; at++)
      isTouched[bans.items[at]] = 0;
    top.write(lists, row);
  }
  return lists;
}
