import { breathe } from "../abort.js";

export interface LbfgsOptions {
  /** Multiplies by roughly the Hessian's inverse. Defaults to no change. */
  readonly precondition?: (vector: Float64Array) => Float64Array;
  /** Stops when the gain that a preconditioned gradient step promises is below this share of 1 + |value|. Defaults to 1e-12. */
  readonly tolerance?: number;
  /** Defaults to 1000. */
  readonly iterations?: number;
  readonly signal?: AbortSignal | undefined;
  readonly onIteration?: ((share: number) => void) | undefined;
}

export type ValueAndGradient = (at: Float64Array, gradient: Float64Array) => number;

const memory = 10;

/** Limited-memory BFGS with a strong Wolfe line search (Nocedal & Wright 2006, algorithms 7.4, 3.5 and 3.6). */
export async function lbfgs(
  evaluate: ValueAndGradient,
  start: Float64Array,
  options: LbfgsOptions = {},
): Promise<{ at: Float64Array; value: number }> {
  const size = start.length;
  const {
    tolerance = 1e-12,
    iterations = 1000,
    precondition = (vector) => vector.slice(),
  } = options;
  const steps: Float64Array[] = [];
  const changes: Float64Array[] = [];
  let at: Float64Array = start.slice();
  let gradient: Float64Array = new Float64Array(size);
  let value = evaluate(at, gradient);
  for (let iteration = 0; iteration < iterations; iteration++) {
    await breathe(options.signal);
    options.onIteration?.(1 - 0.97 ** iteration);
    if (!(dot(gradient, precondition(gradient)) > tolerance * (1 + Math.abs(value)))) break;
    let direction = descend(gradient, steps, changes, precondition);
    if (!(dot(direction, gradient) < 0)) {
      steps.length = 0;
      changes.length = 0;
      direction = descend(gradient, steps, changes, precondition);
    }
    const found = search(evaluate, at, value, gradient, direction);
    if (!found) {
      if (steps.length === 0) break; // rounding hides any further gain
      steps.length = 0;
      changes.length = 0;
      continue;
    }
    const step = found.at.map((coordinate, index) => coordinate - at[index]);
    const change = found.gradient.map((slope, index) => slope - gradient[index]);
    if (dot(step, change) > 1e-12 * Math.sqrt(dot(step, step) * dot(change, change))) {
      steps.push(step);
      changes.push(change);
      if (steps.length > memory) {
        steps.shift();
        changes.shift();
      }
    }
    ({ at, value, gradient } = found);
  }
  return { at, value };
}

function descend(
  gradient: Float64Array,
  steps: readonly Float64Array[],
  changes: readonly Float64Array[],
  precondition: (vector: Float64Array) => Float64Array,
): Float64Array {
  let direction: Float64Array = gradient.map((slope) => -slope);
  const alphas: number[] = [];
  for (let k = steps.length - 1; k >= 0; k--) {
    const alpha = dot(steps[k], direction) / dot(steps[k], changes[k]);
    alphas[k] = alpha;
    addScaled(direction, changes[k], -alpha);
  }
  const last = steps.length - 1;
  const scale =
    last < 0
      ? 1
      : dot(steps[last], changes[last]) / dot(changes[last], precondition(changes[last]));
  direction = precondition(direction).map((coordinate) => scale * coordinate);
  for (let k = 0; k <= last; k++) {
    const beta = dot(changes[k], direction) / dot(steps[k], changes[k]);
    addScaled(direction, steps[k], alphas[k] - beta);
  }
  return direction;
}

interface Point {
  readonly step: number;
  readonly at: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
  readonly slope: number;
}

function search(
  evaluate: ValueAndGradient,
  at: Float64Array,
  value: number,
  gradient: Float64Array,
  direction: Float64Array,
): Point | undefined {
  const slope = dot(gradient, direction);
  const probe = (step: number): Point => {
    const there = at.map((coordinate, index) => coordinate + step * direction[index]);
    const gradientThere = new Float64Array(at.length);
    const valueThere = evaluate(there, gradientThere);
    return {
      step,
      at: there,
      value: valueThere,
      gradient: gradientThere,
      slope: dot(gradientThere, direction),
    };
  };
  const low = (point: { step: number; value: number }) =>
    point.value <= value + 1e-4 * point.step * slope;
  const flat = (point: Point) => Math.abs(point.slope) <= -0.9 * slope;

  let before: { step: number; value: number; slope: number; point?: Point } = {
    step: 0,
    value,
    slope,
  };
  let step = 1;
  for (let attempt = 0; attempt < 30; attempt++) {
    const point = probe(step);
    if (!Number.isFinite(point.value)) {
      step = (before.step + step) / 2;
      continue;
    }
    if (!low(point) || (attempt > 0 && point.value >= before.value))
      return zoom(before, { ...point, point });
    if (flat(point)) return point;
    if (point.slope >= 0) return zoom({ ...point, point }, before);
    before = { ...point, point };
    step *= 2;
  }
  return before.point;

  function zoom(better: typeof before, worse: typeof before): Point | undefined {
    let near = better;
    let far = worse;
    for (let attempt = 0; attempt < 30; attempt++) {
      const width = far.step - near.step;
      // minimum of the parabola through the nearer point, kept off the ends
      const guess =
        (-near.slope * width) / (2 * (far.value - near.value - near.slope * width)) || 0.5;
      const point = probe(near.step + width * Math.min(0.9, Math.max(0.1, guess)));
      if (!low(point) || point.value >= near.value) far = { ...point, point };
      else {
        if (flat(point)) return point;
        if (point.slope * width >= 0) far = near;
        near = { ...point, point };
      }
      if (Math.abs(far.step - near.step) < 1e-12 * Math.max(1, near.step)) break;
    }
    return near.point;
  }
}

function dot(left: Float64Array, right: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < left.length; index++) sum += left[index] * right[index];
  return sum;
}

function addScaled(target: Float64Array, vector: Float64Array, factor: number): void {
  for (let index = 0; index < target.length; index++) target[index] += factor * vector[index];
}
