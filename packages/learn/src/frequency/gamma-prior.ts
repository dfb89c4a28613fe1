/** Levels vary between members as a gamma distribution does: this mean, and as much certainty as so many events. */
export interface GammaPrior {
  readonly mean: number;
  /** Infinity where members do not differ. */
  readonly events: number;
}

/**
 * Learned from many members' counts and exposures, by moments: counts vary by mean × exposure from chance (times `dispersion`), and
 * what they vary more is differences between members. Members without exposure say nothing.
 */
export function gammaPrior(
  counts: ArrayLike<number>,
  exposures: ArrayLike<number>,
  dispersion = 1,
): GammaPrior {
  let count = 0;
  let exposure = 0;
  for (let member = 0; member < counts.length; member++) {
    count += counts[member];
    exposure += exposures[member];
  }
  const mean = exposure > 0 ? count / exposure : 0;
  let excess = 0;
  let scale = 0;
  for (let member = 0; member < counts.length; member++) {
    const expected = mean * exposures[member];
    excess += (counts[member] - expected) ** 2 - dispersion * expected;
    scale += expected ** 2;
  }
  return { mean, events: excess > 0 ? scale / excess : Infinity };
}

/** A member's level after its counts, and the share of it that is the member's own. */
export function shrink(
  { mean, events }: GammaPrior,
  count: number,
  exposure: number,
): { level: number; own: number } {
  if (events === Infinity || mean === 0) return { level: mean, own: 0 };
  const prior = events / mean;
  return { level: (events + count) / (prior + exposure), own: exposure / (prior + exposure) };
}
