import { type Adjusted, adjust } from "./adjust.js";
import type { Arm } from "./arms.js";
import { meanDifference } from "./mean-difference.js";
import { momentsOf } from "./moments.js";
import { scoreDifference } from "./score-difference.js";
import type { Contrast } from "./types.js";

/** Counts below this are too few for weights to be estimated beside a difference. */
const leastCount = 20;

export interface ContrastResult {
  readonly contrast: Contrast;
  /** Means of control and arm, once adjusted. */
  readonly means: readonly [control: number, arm: number];
  readonly adjusted?: Pick<Adjusted, "cut">;
}

/** An arm against the control, of the rows given, adjusted by what was before where that is known and there are enough of either outcome. */
export function contrastOf(
  one: Arm,
  other: Arm,
  rate: boolean,
  before: readonly ArrayLike<number>[],
): ContrastResult {
  const plain = (): Contrast =>
    rate
      ? scoreDifference(countOf(one), countOf(other))
      : meanDifference(momentsOf(one.values), momentsOf(other.values));
  if (before.length === 0 || !enough(one, other, rate, before.length))
    return { contrast: plain(), means: [other.mean, one.mean] };
  const pick = ({ rows, values }: Arm) => ({
    values,
    before: before.map((column) => Float64Array.from(rows, (row) => column[row])),
  });
  const done = adjust(pick(one), pick(other));
  const [first, second] = [momentsOf(done.one), momentsOf(done.other)];
  return {
    contrast: meanDifference(first, second, done.estimated),
    means: [second.mean, first.mean],
    adjusted: { cut: done.cut },
  };
}

const countOf = ({ values }: Arm) => ({
  count: values.reduce((sum, value) => sum + value, 0),
  of: values.length,
});

function enough(one: Arm, other: Arm, rate: boolean, weights: number): boolean {
  return [one, other].every((arm) => {
    const { count, of } = countOf(arm);
    return rate ? Math.min(count, of - count) >= leastCount : of >= leastCount + 10 * weights;
  });
}
