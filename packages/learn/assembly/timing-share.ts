import { SCRATCH, SCRATCH_STRIDE } from "../src/kernels/timing-layout";

/** Whether this is still the job that the thread was called for; it counts as in until it leaves. */
export function enter(c: usize, job: i32): bool {
  atomic.add<i32>(c, 1, 4);
  return atomic.load<i32>(c) === job;
}

/** The next chunk; -1 when there is none. */
export function next(c: usize): i32 {
  const chunk = atomic.add<i32>(c, 1, 8);
  return chunk < load<i32>(c, 20) ? chunk : -1;
}

/** Where a thread works. */
export function scratch(c: usize, thread: i32): usize {
  return <usize>load<u32>(c + SCRATCH) + <usize>thread * <usize>load<u32>(c + SCRATCH_STRIDE);
}
