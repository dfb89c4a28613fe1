import { LearnError } from "../error.js";

const page = 65_536;
/** 4 GiB, all that 32-bit WebAssembly can address. Only address space is reserved: memory is used as it is taken. */
const mostPages = 65_536;
/** Address 0 means "none" to the kernels. */
const first = 1024;

/**
 * A shared WebAssembly memory handed out from the bottom up. The kernels have no bounds inside it, so every size comes from the
 * data, and views are made fresh after each `take`: a view from before stays short when the memory grows.
 */
export interface Arena {
  /** Tells instances of this memory from others. */
  readonly id: number;
  readonly memory: WebAssembly.Memory;
  /** Address of `bytes` new bytes, a multiple of 64, with 64 spare bytes behind them; what they hold is left over, not zero. */
  take(bytes: number): number;
  bytes(address: number, length: number): Uint8Array;
  words(address: number, length: number): Int32Array;
  floats(address: number, length: number): Float32Array;
  doubles(address: number, length: number): Float64Array;
  fill(address: number, bytes: number, value: number): void;
}

/** An arena that its owner may clear from an address on. */
export interface OwnArena extends Arena {
  reset(next: number): void;
  size(): number;
}

/** At most two memories outlive their job: the largest fit's memory serves the next one instead of being reserved again. */
const spare: OwnArena[] = [];
const spareLimit = 2;
let made = 0;

/** Takes a memory for the time of one job; give it back with `releaseArena`. */
export function takeArena(): Arena {
  const arena = spare.pop() ?? ownArena();
  arena.reset(first);
  return arena;
}

/** @returns the memory that was let go to make room, if any, so that workers can forget it */
export function releaseArena(arena: Arena): Arena | undefined {
  spare.push(arena as OwnArena);
  spare.sort((one, other) => one.size() - other.size());
  return spare.length > spareLimit ? spare.shift() : undefined;
}

/** A memory that is never given to another job. */
export function ownArena(): OwnArena {
  const memory = new WebAssembly.Memory({ initial: 16, maximum: mostPages, shared: true });
  const id = ++made;
  let next = first;
  return {
    id,
    memory,
    take(bytes) {
      const address = next;
      next = Math.ceil((next + bytes + 64) / 64) * 64;
      const missing = Math.ceil((next - memory.buffer.byteLength) / page);
      if (missing > 0) grow(memory, missing);
      return address;
    },
    bytes: (address, length) => new Uint8Array(memory.buffer, address, length),
    words: (address, length) => new Int32Array(memory.buffer, address, length),
    floats: (address, length) => new Float32Array(memory.buffer, address, length),
    doubles: (address, length) => new Float64Array(memory.buffer, address, length),
    fill(address, bytes, value) {
      new Uint8Array(memory.buffer, address, bytes).fill(value);
    },
    reset(from) {
      next = Math.ceil(from / 64) * 64;
    },
    size: () => memory.buffer.byteLength,
  };
}

function grow(memory: WebAssembly.Memory, pages: number): void {
  try {
    memory.grow(pages);
  } catch (cause) {
    throw new LearnError("input", "The data do not fit into the 4 GB a kernel can address.", {
      hint: "Use fewer rows (a sample) or fewer columns.",
      cause,
    });
  }
}
