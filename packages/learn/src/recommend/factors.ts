import { bestByProduct } from "../kernels/best.js";
import { bestTwin } from "../kernels/best.twin.js";
import { type HeldItems, holdItems } from "../kernels/best-held.js";
import {
  type Ask,
  type Bans,
  emptyLists,
  type FoldIn,
  fewUsers,
  type ItemFactors,
  type Lists,
  type Ranker,
  type Vectors,
} from "./ranker.js";

/** Scores an item by the inner product of its factors with those of a history. */
export function factorRanker(factors: ItemFactors, vectors: Vectors, foldIn: FoldIn): Ranker {
  const { size, values } = factors;
  const itemCount = values.length / size;
  let lengths: Float64Array | undefined;
  let held: HeldItems | undefined;
  const unit = (): Float64Array => {
    lengths ??= Float64Array.from({ length: itemCount }, (_, item) => {
      let square = 0;
      for (let at = item * size; at < (item + 1) * size; at++) square += values[at] ** 2;
      return Math.sqrt(square);
    });
    return lengths;
  };
  return {
    form: { kind: "factors", factors, vectors, foldIn },
    async best(histories, ask) {
      return nearest(await vectors(histories, ask.threads), factors, ask, held);
    },
    prepare() {
      if (itemCount > 0) held ??= holdItems(values, size);
    },
    async similar(items, ask) {
      const lengths = unit();
      const scaled = values.map((value, at) => {
        const length = lengths[Math.floor(at / size)];
        return length === 0 ? 0 : value / length;
      });
      const own = new Float32Array(items.length * size);
      items.forEach((item, row) => {
        own.set(scaled.subarray(item * size, (item + 1) * size), row * size);
      });
      return nearest(own, { size, values: scaled }, ask);
    },
    likeness(one, other) {
      const lengths = unit();
      let product = 0;
      for (let at = 0; at < size; at++)
        product += values[one * size + at] * values[other * size + at];
      const length = lengths[one] * lengths[other];
      return length === 0 ? 0 : Math.max(0, product / length);
    },
  };
}

/** Exact lists over the items that are open. A vector of zeros has nothing to say: its list is empty. */
async function nearest(
  vectors: Float32Array,
  { size, values }: ItemFactors,
  { k, bans, open, threads }: Ask,
  held?: HeldItems,
): Promise<Lists> {
  const users = vectors.length / size;
  const kept = open && openRows(open);
  const items = kept ? takeRows(values, kept, size) : values;
  const own = kept ? positionsOf(bans, users, open, kept) : bans;
  const few =
    held && !kept
      ? held
      : (...asked: Parameters<HeldItems>) => bestTwin(asked[0], items, size, asked[1], asked[2]);
  const lists =
    users <= fewUsers
      ? await few(vectors, k, own)
      : await bestByProduct(vectors, items, size, k, own, threads);
  if (kept)
    for (let at = 0; at < lists.items.length; at++)
      if (lists.items[at] >= 0) lists.items[at] = kept[lists.items[at]];
  const nothing = emptyLists(1, k);
  for (let user = 0; user < users; user++)
    if (vectors.subarray(user * size, (user + 1) * size).every((value) => value === 0)) {
      lists.items.set(nothing.items, user * k);
      lists.scores.set(nothing.scores, user * k);
    }
  return lists;
}

function openRows(open: Uint8Array): Int32Array {
  const rows: number[] = [];
  open.forEach((isOpen, item) => {
    if (isOpen === 1) rows.push(item);
  });
  return Int32Array.from(rows);
}

function takeRows(values: Float32Array, rows: Int32Array, size: number): Float32Array {
  const taken = new Float32Array(rows.length * size);
  rows.forEach((row, to) => {
    taken.set(values.subarray(row * size, (row + 1) * size), to * size);
  });
  return taken;
}

/** Bans in terms of the rows kept; the others need none. */
function positionsOf(bans: Bans, users: number, open: Uint8Array, kept: Int32Array): Bans {
  const positions = new Int32Array(open.length);
  kept.forEach((item, position) => {
    positions[item] = position;
  });
  const pointers = new Int32Array(users + 1);
  const items = new Int32Array(bans.pointers[users]);
  let count = 0;
  for (let user = 0; user < users; user++) {
    for (let at = bans.pointers[user]; at < bans.pointers[user + 1]; at++)
      if (open[bans.items[at]] === 1) items[count++] = positions[bans.items[at]];
    pointers[user + 1] = count;
  }
  return { pointers, items: items.slice(0, count) };
}
