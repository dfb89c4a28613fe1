import { type Bans, emptyLists, type Lists, readHeaps } from "./best.js";
import { withCrew } from "./crew.js";
import { threadsFor } from "./pool.js";
import { putSparse, recommendKernels, type Sparse, share } from "./recommend.js";

export interface NeighbourAsk {
  /** Histories, a row each. */
  readonly entries: Sparse;
  readonly k: number;
  readonly bans: Bans;
  /** 1 for items that may be given; undefined = all. */
  readonly open: Uint8Array | undefined;
}

/** Histories whose lists are in memory at a time. */
const batch = 8192;

/**
 * The `k` items of each history with the largest sum of what its entries, weighed, lead to in `matrix` (square, rows in the order of
 * their columns): sums in double precision, rounded to single.
 */
export async function bestNeighbours(
  matrix: Sparse,
  { entries, k, bans, open }: NeighbourAsk,
  threads: number,
): Promise<Lists> {
  const items = matrix.columns;
  const lists = emptyLists(entries.rows, k);
  const least = Math.min(k, items);
  if (least === 0) return lists;
  const work = entries.indices.length * (1 + matrix.indices.length / Math.max(1, items));
  await withCrew(recommendKernels, threadsFor(Math.ceil(work / 100), threads), async (crew) => {
    const { arena } = crew;
    const to = putSparse(crew, matrix);
    const own = putSparse(crew, entries);
    const bansAt = arena.take(4 * bans.items.length);
    arena.words(bansAt, bans.items.length).set(bans.items);
    const banPointers = arena.take(4 * (entries.rows + 1));
    arena.words(banPointers, entries.rows + 1).set(bans.pointers.subarray(0, entries.rows + 1));
    const openAt = open ? arena.take(items) : 0;
    if (open) arena.bytes(openAt, items).set(open);
    const heaps = arena.take(8 * Math.min(batch, entries.rows) * least);
    const counts = arena.take(4 * Math.min(batch, entries.rows));
    const bytes = 13 * items + 4;
    const scratch = Array.from({ length: crew.threads }, () => arena.take(bytes));
    for (const at of scratch) arena.fill(at, bytes, 0);
    for (let from = 0; from < entries.rows; from += batch) {
      const rows = Math.min(batch, entries.rows - from);
      await share(crew, "bestNeighbours", (thread) => [
        rows,
        own.pointers + 4 * from,
        own.indices,
        own.values,
        to.pointers,
        to.indices,
        to.values,
        items,
        openAt,
        banPointers + 4 * from,
        bansAt,
        least,
        heaps,
        counts,
        scratch[thread],
      ]);
      readHeaps(crew, heaps, counts, { from, rows, least }, lists);
    }
  });
  return lists;
}
