import { type OwnArena, ownArena } from "../kernels/arena.js";
import { forest as forestWasm } from "../kernels/forest.wasm.js";
import { CHUNK, CHUNK_STRIDE } from "../kernels/forest-layout.js";
import { family, kernels } from "../kernels/module.js";
import { help, threadsFor } from "../kernels/pool.js";
import type { Reader } from "./columns.js";
import type { Forest } from "./forest.js";
import { type Packed, packForest } from "./pack.js";
import { packBytes } from "./pack-bytes.js";

export const forestKernels = family("forest", forestWasm);

/** Chunks copied into the kernels' memory at a time. */
const round = 32;
const controlBytes = 64;

/** Its own memory for good: a helper that comes late finds the control words, and in them that the job is over. */
let own: { readonly arena: OwnArena; readonly control: number } | undefined;
let jobs = 0;

function memory(): { readonly arena: OwnArena; readonly control: number } {
  if (!own) {
    const arena = ownArena();
    const control = arena.take(controlBytes);
    arena.fill(control, controlBytes, 0);
    own = { arena, control };
  }
  own.arena.reset(own.control + controlBytes + 64);
  return own;
}

/** Scores many rows with the kernels, helped by other threads where that pays; `link` is applied to every margin. */
export function manyScorer(
  forest: Forest,
): (readers: readonly Reader[], rows: number, link?: (margin: number) => number) => Float64Array {
  let packed: Packed | undefined;
  return (readers, rows, link) => {
    const margins = new Float64Array(rows).fill(forest.base);
    let linked = 0;
    const linkUntil = (end: number): void => {
      if (link) for (; linked < end; linked++) margins[linked] = link(margins[linked]);
    };
    if (forest.roots.length <= 1) {
      linkUntil(rows);
      return margins;
    }
    packed ??= packBytes(forest) ?? packForest(forest);
    const { arena, control } = memory();
    const threads = threadsFor(rows, 0);
    const chunks = Math.ceil(rows / CHUNK);
    const chunkBytes = Math.max(1, readers.length) * CHUNK_STRIDE;
    const scratchBytes = packed.scratch;
    const slots = Math.min(round, chunks);
    const model = arena.take(packed.bytes.length);
    const data = arena.take(slots * chunkBytes);
    const out = arena.take(slots * CHUNK * 8);
    const scratch = arena.take(threads * scratchBytes);
    arena.bytes(model, packed.bytes.length).set(packed.bytes);
    const words = arena.words(control, controlBytes / 4);
    const sums = arena.doubles(out, slots * CHUNK);
    const floats = arena.floats(data, (slots * chunkBytes) / 4);
    const bins = arena.words(data, (slots * chunkBytes) / 4);
    for (let first = 0; first < chunks; first += slots) {
      const count = Math.min(slots, chunks - first);
      const end = Math.min(rows, (first + count) * CHUNK);
      sums.fill(forest.base);
      const job = ++jobs | 0 || ++jobs;
      words.set([0, 0, count, model, data, chunkBytes, CHUNK, out, scratch, scratchBytes], 3);
      Atomics.store(words, 2, 0);
      Atomics.store(words, 0, job);
      const call = { arena, family: forestKernels, call: "scoreShared" };
      if (threads > 1) help(threads, call, (thread) => [control, job, thread]);
      for (let chunk = 0; chunk < count; chunk++) {
        const from = (first + chunk) * CHUNK;
        const size = Math.min(CHUNK, rows - from);
        for (let column = 0; column < readers.length; column++) {
          const at = (chunk * chunkBytes + column * CHUNK_STRIDE) / 4;
          readers[column].copy(from, size, floats, bins, at);
        }
        Atomics.add(words, 3, 1);
      }
      // the rows of the round before, while the others score this one
      linkUntil(first * CHUNK);
      kernels(forestKernels, arena).scoreShared(control, job, 0);
      settle(words, 4, (done) => done === count); // another thread may be in its last chunk
      Atomics.store(words, 0, 0);
      settle(words, 1, (inside) => inside === 0);
      margins.set(sums.subarray(0, end - first * CHUNK), first * CHUNK);
    }
    linkUntil(rows);
    return margins;
  };
}

/** Waits, a millisecond at a time, until a word is as it should be; another thread will make it so. */
function settle(words: Int32Array, word: number, isRight: (value: number) => boolean): void {
  for (let spin = 0; ; spin++) {
    const value = Atomics.load(words, word);
    if (isRight(value)) return;
    if (spin > 10_000) Atomics.wait(words, word, value, 1);
  }
}
