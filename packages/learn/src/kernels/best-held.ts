import { ownArena } from "./arena.js";
import { type Bans, bestOfPlaced, type Lists, placeItems } from "./best.js";
import type { Crew } from "./crew.js";
import { kernels } from "./module.js";
import { recommendKernels } from "./recommend.js";

/** The `k` best items for each row of `users`, as `bestByProduct` gives them. */
export type HeldItems = (users: Float32Array, k: number, bans: Bans) => Promise<Lists>;

/**
 * Items held ready in a memory of their own, six bytes for each of their numbers, for as long as somebody may ask: for a few users
 * nothing is copied or packed but they.
 */
export function holdItems(items: Float32Array, size: number): HeldItems {
  const arena = ownArena();
  const crew: Crew = {
    arena,
    threads: 1,
    barrier: arena.take(12),
    call: async (name, values) => {
      kernels(recommendKernels, arena)[name](...values(0));
    },
  };
  const placed = placeItems(crew, items, size);
  const rest = arena.take(0);
  // one after the other: all use the same memory
  let turn: Promise<unknown> = Promise.resolve();
  return (users, k, bans) => {
    const lists = turn.then(() => {
      arena.reset(rest);
      return bestOfPlaced(crew, placed, users, k, bans);
    });
    turn = lists.catch(() => undefined);
    return lists;
  };
}
