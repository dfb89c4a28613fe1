import type { Points } from "../cluster/points.js";
import { random } from "../random.js";

/** A column with fewer different values than this share of the rows is one of steps. */
const stepped = 0.2;

/**
 * The points with columns of steps, such as counts, spread out over their steps: that a column knows only a few values is no
 * reason to see as many groups. A step reaches half way to its neighbours, but no further than steps of this column usually do.
 */
export function spreadSteps({ rows, size, values }: Points, seed: number): Points {
  const spread = values.slice();
  for (let axis = 0; axis < size; axis++) {
    const counts = new Map<number, number>();
    for (let row = 0; row < rows; row++) {
      const value = values[row * size + axis];
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    if (counts.size < 2 || counts.size > stepped * rows) continue;
    const steps = [...counts.keys()].sort((one, other) => one - other);
    const usual = usualGap(steps, counts, rows);
    const reach = new Map(
      steps.map((step, index) => {
        const below = Math.min(usual, step - (steps[index - 1] ?? -Infinity)) / 2;
        const above = Math.min(usual, (steps[index + 1] ?? Infinity) - step) / 2;
        return [step, { below, above }];
      }),
    );
    const { uniform } = random(seed, 3000 + axis);
    for (let row = 0; row < rows; row++) {
      const at = row * size + axis;
      const { below, above } = reach.get(values[at]) ?? { below: 0, above: 0 };
      spread[at] = values[at] - below + (below + above) * uniform();
    }
  }
  return { rows, size, values: spread };
}

/** The median over rows of the gap from a row's value to the next one up. */
function usualGap(steps: readonly number[], counts: ReadonlyMap<number, number>, rows: number) {
  const gaps = steps
    .slice(0, -1)
    .map((step, index) => ({ gap: steps[index + 1] - step, held: counts.get(step) ?? 0 }))
    .sort((one, other) => one.gap - other.gap);
  const half = (rows - (counts.get(steps[steps.length - 1]) ?? 0)) / 2;
  let passed = 0;
  for (const { gap, held } of gaps) {
    passed += held;
    if (passed >= half) return gap;
  }
  return gaps[gaps.length - 1].gap;
}
