import type { ArtifactReader } from "../artifact.js";
import { badArtifact } from "../artifact.js";
import { bestNeighbours } from "../kernels/neighbours.js";
import { neighboursTwin } from "../kernels/neighbours.twin.js";
import { packFloats, packWords, unpackFloats, unpackWords } from "../packed.js";
import { rowCounts, type Sparse } from "./matrix.js";
import { emptyLists, fewUsers, type Ranker, topList, type Weigh } from "./ranker.js";

/**
 * Scores an item by the sum of what leads to it: `entries` has a row for each item of a history and in it what goes with that item.
 * Items that nothing leads to are left out.
 */
export function neighbourRanker(entries: Sparse, weigh?: Weigh): Ranker {
  const { pointers, indices, values } = entries;
  const largest = rowCounts(entries).map((_, row) => {
    let most = 0;
    for (let at = pointers[row]; at < pointers[row + 1]; at++) most = Math.max(most, values[at]);
    return most;
  });

  function cellOf(row: number, column: number): number {
    let low = pointers[row];
    let high = pointers[row + 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (indices[middle] < column) low = middle + 1;
      else high = middle;
    }
    return low < pointers[row + 1] && indices[low] === column ? values[low] : 0;
  }

  return {
    form: { kind: "neighbours", entries, weigh },
    async best({ entries: own, ...histories }, { k, bans, open, threads }) {
      const weights = weigh?.({ entries: own, ...histories }) ?? own.values;
      const asked = { entries: { ...own, values: weights }, k, bans, open };
      return own.rows <= fewUsers
        ? neighboursTwin(entries, asked)
        : bestNeighbours(entries, asked, threads);
    },
    async similar(items, ask) {
      const lists = emptyLists(items.length, ask.k);
      const top = topList(ask.k);
      items.forEach((item, row) => {
        for (let at = pointers[item]; at < pointers[item + 1]; at++)
          if (indices[at] !== item && (ask.open === undefined || ask.open[indices[at]] === 1))
            top.add(indices[at], values[at]);
        top.write(lists, row);
      });
      return lists;
    },
    likeness(one, other) {
      const most = Math.max(largest[one], largest[other]);
      if (most === 0) return 0;
      return Math.max(0, cellOf(one, other), cellOf(other, one)) / most;
    },
  };
}

export const saveNeighbours = ({ pointers, indices, values }: Sparse) => ({
  pointers: packWords(pointers),
  indices: packWords(indices),
  values: packFloats(values),
});

/** @throws LearnError "artifact" unless it is a square of items with its entries in order */
export function loadNeighbours(kind: string, data: ArtifactReader, itemCount: number): Sparse {
  const pointers = unpackWords(kind, data, "pointers", itemCount + 1);
  const count = pointers[itemCount];
  const values = unpackFloats(kind, data, "values", count);
  const indices = unpackWords(kind, data, "indices", count);
  let isFit = pointers[0] === 0;
  for (let row = 0; row < itemCount && isFit; row++) {
    isFit = pointers[row] <= pointers[row + 1];
    for (let at = pointers[row]; at < pointers[row + 1] && isFit; at++)
      isFit =
        indices[at] >= 0 &&
        indices[at] < itemCount &&
        (at === pointers[row] || indices[at] > indices[at - 1]);
  }
  if (!isFit) throw badArtifact(kind, "its neighbours are not in order");
  return { rows: itemCount, columns: itemCount, pointers, indices, values };
}

/** Gathers rows of which only the `k` entries of largest magnitude are kept, in the order of their columns. */
export function keepLargest(itemCount: number, k: number) {
  const pointers = new Int32Array(itemCount + 1);
  const rows: Int32Array[] = [];
  const kept: Float32Array[] = [];
  const top = topList(k);
  const list = emptyLists(1, k);
  const signs = new Float64Array(itemCount);
  return {
    /** One more entry of the row under way. */
    add(column: number, value: number): void {
      if (value === 0) return;
      signs[column] = value;
      top.add(column, Math.abs(value));
    },
    /** Ends a row; rows come in order. `finish` may change the values kept. */
    endRow(finish: (values: Float32Array) => void = () => {}): void {
      list.items.fill(-1);
      top.write(list, 0);
      const found = list.items.indexOf(-1);
      const columns = list.items.slice(0, found < 0 ? k : found).sort();
      const values = Float32Array.from(columns, (column) => signs[column]);
      finish(values);
      rows.push(columns);
      kept.push(values);
      pointers[rows.length] = pointers[rows.length - 1] + columns.length;
    },
    done(): Sparse {
      const indices = new Int32Array(pointers[itemCount]);
      const values = new Float32Array(pointers[itemCount]);
      rows.forEach((columns, row) => {
        indices.set(columns, pointers[row]);
        values.set(kept[row], pointers[row]);
      });
      return { rows: itemCount, columns: itemCount, pointers, indices, values };
    },
  };
}
