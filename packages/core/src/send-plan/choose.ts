import { exploration } from "@inchworm/learn";
import type { Settings } from "./settings.js";
import type { Slots } from "./slots.js";
import { armNames } from "./types.js";

const armOf = Object.fromEntries(armNames.map((name, place) => [name, place])) as Readonly<
  Record<(typeof armNames)[number], number>
>;

export interface Candidate {
  readonly contact: number;
  readonly slots: Slots;
  /** See `freeSlots`. */
  readonly free: Uint8Array | undefined;
  /** Their own chance of an answer by hour of the week; absent where there is none of their own. */
  readonly own: ArrayLike<number> | undefined;
  /** Someone who refuses profiling is treated as everybody, and not explored with. */
  readonly profiled: boolean;
}

export interface Choice {
  readonly slot: number;
  readonly arm: number;
  readonly propensity: number;
}

/**
 * Chooses a slot: for a share of the people by lot, else the best hour of their own, else the best for everyone. The same seed,
 * campaign and person are in the same share.
 *
 * @param everyone the chance of an answer by hour of the week, absent where nothing is known: then all get the campaign's hour
 */
export function chooser(
  { id, explore, hour, seed }: Settings,
  everyone: ArrayLike<number> | undefined,
): (candidate: Candidate) => Choice | undefined {
  const explored = explore > 0 ? exploration({ seed, share: explore, draws: 1 }) : undefined;
  const plain =
    everyone ?? Float64Array.from({ length: 168 }, (_, cell) => -apart(cell % 24, hour));
  return ({ contact, slots, free, own, profiled }) => {
    if (slots.at.length === 0 || free?.every((one) => one === 0)) return undefined;
    const worth = profiled && own ? own : plain;
    const best = bestSlot(slots, free, worth);
    const arm = worth === own ? armOf.personal : armOf.everyone;
    if (!explored || !profiled) return { slot: best, arm, propensity: 1 };
    const {
      arm: slot,
      by,
      propensity,
    } = explored.choose({
      person: String(contact),
      occasion: id,
      arms: slots.at.length,
      ...(free && { allowed: free }),
      draw: (_, value) => {
        value.fill(0);
        value[best] = 1;
      },
    });
    return { slot, arm: by === "random" ? armOf.random : arm, propensity };
  };
}

/** The earliest of the best. */
function bestSlot(
  { cells }: Slots,
  free: Uint8Array | undefined,
  worth: ArrayLike<number>,
): number {
  let best = -1;
  for (let slot = 0; slot < cells.length; slot++) {
    if (free && free[slot] === 0) continue;
    if (best < 0 || worth[cells[slot]] > worth[cells[best]]) best = slot;
  }
  return best;
}

const apart = (one: number, other: number): number => {
  const hours = Math.abs(one - other);
  return Math.min(hours, 24 - hours);
};
