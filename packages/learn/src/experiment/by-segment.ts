import { normalCdf, normalQuantile } from "../special/normal.js";
import type { Arm } from "./arms.js";
import { contrastOf } from "./contrast.js";
import { falseDiscovery } from "./false-discovery.js";
import type { Effect } from "./types.js";

export interface SegmentEffect {
  readonly arm: string;
  readonly segment: string;
  readonly rows: number;
  /** The effect within the segment, p-value not corrected. */
  readonly effect: Effect;
  /** The effect within less that on everybody else. */
  readonly difference: { readonly value: number; readonly low: number; readonly high: number };
  /** False-discovery rate of saying that the segment differs. */
  readonly q: number;
  readonly differs: boolean;
}

/** Fewer people of an arm in a segment say nothing. */
const leastRows = 10;

/**
 * Where the effect differs from that on everybody else. Looked for in every segment at once, so that of those said to differ at most
 * the share `level` does not. The surest comes first.
 */
export function bySegment(
  arms: readonly Arm[],
  control: Arm,
  rate: boolean,
  before: readonly ArrayLike<number>[],
  segments: { readonly codes: ArrayLike<number>; readonly levels: readonly string[] },
  level: number,
): readonly SegmentEffect[] {
  const z = -normalQuantile(level / 2);
  const found: (Omit<SegmentEffect, "q" | "differs"> & { readonly p: number })[] = [];
  for (const arm of arms) {
    if (arm === control) continue;
    for (const [code, segment] of segments.levels.entries()) {
      const [inside, outside] = [true, false].map((within) =>
        [arm, control].map((one) => only(one, (row) => (segments.codes[row] === code) === within)),
      );
      if ([...inside, ...outside].some(({ rows }) => rows.length < leastRows)) continue;
      const here = contrastOf(inside[0], inside[1], rate, before).contrast;
      const there = contrastOf(outside[0], outside[1], rate, before).contrast;
      const [low, high] = here.interval(level);
      const value = here.value - there.value;
      const error = Math.hypot(here.error, there.error);
      found.push({
        arm: arm.name,
        segment,
        rows: inside[0].rows.length + inside[1].rows.length,
        effect: { value: here.value, low, high, error: here.error, p: here.p },
        difference: { value, low: value - z * error, high: value + z * error },
        p: error > 0 ? 2 * normalCdf(-Math.abs(value) / error) : 1,
      });
    }
  }
  const rates = falseDiscovery(found.map(({ p }) => p));
  return found
    .map(({ p, ...one }, at) => ({ p, told: { ...one, q: rates[at], differs: rates[at] < level } }))
    .sort((one, other) => one.p - other.p)
    .map(({ told }) => told);
}

function only(arm: Arm, wanted: (row: number) => boolean): Arm {
  const places = Int32Array.from(arm.rows.keys()).filter((place) => wanted(arm.rows[place]));
  return {
    ...arm,
    rows: places.map((place) => arm.rows[place]),
    values: Float64Array.from(places, (place) => arm.values[place]),
  };
}
