import { type OwnArena, ownArena } from "./arena.js";
import { family, kernels } from "./module.js";
import { help } from "./pool.js";
import { timing } from "./timing.wasm.js";
import * as layout from "./timing-layout.js";

const timingKernels = family("timing", timing);

/** Its own memory for good: a helper that comes late finds the control words, and in them that the job is over. */
let own: TimingMemory | undefined;
let jobs = 0;

/** The memory of the kernels of send times; what `take` gives holds until the next call of `timingMemory`. */
export interface TimingMemory {
  readonly arena: OwnArena;
  readonly context: number;
  /** Copies into new room; gives the address. */
  doubles(values: ArrayLike<number>): number;
  integers(values: ArrayLike<number>): number;
  bytes(values: Uint8Array): number;
  /** Puts words and double words of the context. */
  words(values: ReadonlyMap<number, number>): void;
  /** Room for each thread to work in, zero at first; sets the context's words. */
  scratch(threads: number, padded: number): void;
  /** Has all chunks done on so many threads; returns when they are. */
  run(call: "answerShared" | "expectShared", chunks: number, threads: number): void;
}

export function timingMemory(): TimingMemory {
  own ??= open();
  own.arena.reset(own.context + layout.CONTEXT_BYTES + 64);
  return own;
}

function open(): TimingMemory {
  const arena = ownArena();
  const context = arena.take(layout.CONTEXT_BYTES);
  arena.fill(context, layout.CONTEXT_BYTES, 0);
  const control = (): Int32Array => arena.words(context, layout.CONTEXT_BYTES / 4);
  return {
    arena,
    context,
    doubles(values) {
      const at = arena.take(8 * values.length);
      arena.doubles(at, values.length).set(values);
      return at;
    },
    integers(values) {
      const at = arena.take(4 * values.length);
      arena.words(at, values.length).set(values);
      return at;
    },
    bytes(values) {
      const at = arena.take(values.length);
      arena.bytes(at, values.length).set(values);
      return at;
    },
    words(values) {
      const words = control();
      for (const [place, value] of values) words[place / 4] = value;
    },
    scratch(threads, padded) {
      const stride = Math.ceil((layout.S_LISTS + layout.LISTS * 8 * (padded + 2)) / 64) * 64 + 64;
      const at = arena.take(threads * stride);
      arena.fill(at, threads * stride, 0);
      const words = control();
      words[layout.SCRATCH / 4] = at;
      words[layout.SCRATCH_STRIDE / 4] = stride;
    },
    run(name, chunks, threads) {
      const words = control();
      const job = ++jobs | 0 || ++jobs;
      words.set([0, 0, chunks], 3);
      Atomics.store(words, 2, 0);
      Atomics.store(words, 0, job);
      const call = { arena, family: timingKernels, call: name };
      if (threads > 1) help(threads, call, (thread) => [context, job, thread]);
      kernels(timingKernels, arena)[name](context, job, 0);
      settle(words, 4, chunks); // another thread may be in its last chunk
      Atomics.store(words, 0, 0);
      settle(words, 1, 0);
    },
  };
}

/** Rows by rhythm with one more rhythm where their number is odd: the kernels take two at a time. */
export function evenRows(rows: Float64Array, count: number, filled: number): Float64Array {
  const padded = count + (count % 2);
  const many = rows.length / count;
  const into = new Float64Array(many * padded).fill(filled);
  for (let row = 0; row < many; row++)
    into.set(rows.subarray(row * count, (row + 1) * count), row * padded);
  return into;
}

/** Waits, a millisecond at a time, until a word is as it should be; another thread will make it so. */
function settle(words: Int32Array, word: number, right: number): void {
  for (let spin = 0; ; spin++) {
    const value = Atomics.load(words, word);
    if (value === right) return;
    if (spin > 10_000) Atomics.wait(words, word, value, 1);
  }
}
