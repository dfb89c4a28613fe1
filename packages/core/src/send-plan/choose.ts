import { type Draw, exploration } from "@inchworm/learn";
import type { OwnHours } from "./hour-preferences.js";
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
  /** Absent where there are no hours of their own. */
  readonly own: OwnHours | undefined;
  /** Someone who refuses profiling is treated as everybody, and not explored with. */
  readonly profiled: boolean;
}

export interface Choice {
  readonly slot: number;
  readonly arm: number;
  readonly propensity: number;
}

/**
 * Chooses a slot: for a share of the people by lot; else, for those with hours of their own, the best by one draw of what is known of
 * them; else the best for everyone. The same seed, campaign and person are in the same share. The chance of an hour is its part of the
 * lot and, besides, the share of the draws in which it was best: given the draws that is exact, for one of them is followed.
 *
 * @param everyone the chance of an answer by hour of the week, absent where nothing is known: then all get the campaign's hour
 */
export function chooser(
  { id, explore, hour, seed }: Settings,
  everyone: ArrayLike<number> | undefined,
): (candidate: Candidate) => Choice | undefined {
  const plain = everyone ?? hourOf(hour);
  return ({ contact, slots, free, own, profiled }) => {
    if (slots.at.length === 0 || free?.every((one) => one === 0)) return undefined;
    const personal = profiled && own !== undefined;
    const arm = personal ? armOf.personal : armOf.everyone;
    const worth = personal ? own.chances : plain;
    if (explore === 0 || !profiled)
      return { slot: bestSlot(slots, free, worth), arm, propensity: 1 };
    const draws = personal && own.draws.length > 0 ? own.draws : [worth];
    let next = 0;
    const draw: Draw = (_, value) => {
      const drawn = draws[next++ % draws.length];
      value.fill(0);
      value[bestSlot(slots, free, drawn)] = 1;
    };
    const explored = exploration({ seed, share: explore, draws: draws.length });
    const choice = explored.choose({
      person: String(contact),
      occasion: id,
      arms: slots.at.length,
      ...(free && { allowed: free }),
      draw,
    });
    return {
      slot: choice.arm,
      arm: choice.by === "random" ? armOf.random : arm,
      propensity: choice.propensity,
    };
  };
}

/** Worth by hour of the week where one local hour is wanted. */
export const hourOf = (hour: number): Float64Array =>
  Float64Array.from({ length: 168 }, (_, cell) => -apart(cell % 24, hour));

/** The earliest of the best. */
export function bestSlot(
  { cells }: Pick<Slots, "cells">,
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
