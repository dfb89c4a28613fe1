// about as long as falling asleep and being woken takes
const SPINS = 60000;
const NAP: i64 = 50_000_000; // nanoseconds

/**
 * Waits until all `threads` have come here. Three words at `barrier`: arrived, generation, stop. Once "stop" is set nobody
 * waits for a thread that will never come: the caller traps instead.
 */
export function wait(barrier: usize, threads: i32): void {
  if (threads === 1) return;
  const generation = atomic.load<i32>(barrier, 4);
  if (atomic.add<i32>(barrier, 1) === threads - 1) {
    atomic.store<i32>(barrier, 0);
    atomic.add<i32>(barrier, 1, 4);
    atomic.notify(barrier + 4, -1);
    return;
  }
  for (let spin = 0; spin < SPINS; spin++) {
    if (atomic.load<i32>(barrier, 4) !== generation) return;
  }
  while (atomic.load<i32>(barrier, 4) === generation) {
    atomic.wait<i32>(barrier + 4, generation, NAP);
    if (atomic.load<i32>(barrier, 8) !== 0) unreachable();
  }
}
