import { type Arena, releaseArena, takeArena } from "./arena.js";
import { type Family, kernels } from "./module.js";
import { forget, together } from "./pool.js";

/** Runs one kernel on each of the crew's threads (or the first `count`) and waits for all. */
export type CrewCall = (
  name: string,
  values: (thread: number) => readonly number[],
  count?: number,
) => Promise<void>;

export interface Crew {
  readonly arena: Arena;
  readonly threads: number;
  readonly call: CrewCall;
  /** Address of the three words of a barrier. */
  readonly barrier: number;
}

/** Lends a memory and threads to a job. One thread means the caller's own. */
export async function withCrew<T>(
  family: Family,
  threads: number,
  job: (crew: Crew) => Promise<T>,
): Promise<T> {
  const arena = takeArena();
  const barrier = arena.take(12);
  arena.fill(barrier, 12, 0);
  // a thread that fails leaves the others at the barrier: its third word sends them home
  const stop = (): void => {
    Atomics.store(arena.words(barrier, 3), 2, 1);
  };
  const call: CrewCall = async (name, values, count = threads) => {
    if (threads === 1) kernels(family, arena)[name](...values(0));
    else await together(count, { arena, family, call: name }, values, stop);
  };
  try {
    return await job({ arena, threads, call, barrier });
  } finally {
    const dropped = releaseArena(arena);
    if (dropped) forget(dropped);
  }
}
