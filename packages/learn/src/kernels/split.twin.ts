import { BINS, MISSING } from "./layout.js";

/** Sums of whole-number gradients and hessians. */
export interface Sums {
  readonly g: number;
  readonly h: number;
}

export interface LeafTwin {
  readonly total: Sums;
  readonly rows: number;
  readonly minRows: number;
  readonly low: number;
  readonly high: number;
}

export interface ScaleTwin {
  readonly invG: number;
  readonly invH: number;
  readonly hessianScale: number;
  readonly l2: number;
  readonly minHessian: number;
}

export interface SplitTwin {
  readonly gain: number;
  readonly left: Sums;
  readonly bin: number;
  readonly missingLeft: boolean;
  /** For a category: bins that go left. */
  readonly set?: Uint8Array;
}

const nothing: Sums = { g: 0, h: 0 };
const plus = (one: Sums, other: Sums): Sums => ({ g: one.g + other.g, h: one.h + other.h });
const minus = (one: Sums, other: Sums): Sums => ({ g: one.g - other.g, h: one.h - other.h });
const isEmpty = ({ g, h }: Sums): boolean => g === 0 && h === 0;

export function outputTwin(g: number, h: number, l2: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, h + l2 > 0 ? -g / (h + l2) : 0));
}

function leastHessian(leaf: LeafTwin, { hessianScale, minHessian }: ScaleTwin): number {
  const perRow = leaf.total.h / leaf.rows;
  return Math.max((leaf.minRows - 0.5) * perRow, minHessian * hessianScale, 0.5);
}

/** Every threshold of a number, missing values right and then left. */
export function numberSplitTwin(
  cells: readonly Sums[],
  bins: number,
  direction: number,
  leaf: LeafTwin,
  scale: ScaleTwin,
): SplitTwin | undefined {
  const { total } = leaf;
  const missing = cells[MISSING];
  const hasMissing = !isEmpty(missing);
  const isFree = direction === 0 && leaf.low === -Infinity && leaf.high === Infinity;
  const ridge = scale.l2 / scale.invH;
  const least = leastHessian(leaf, scale) + ridge;
  const whole = total.h + 2 * ridge;
  const smallest = 2 * least > whole ? Infinity : least * (whole - least);
  const base = (total.g * total.g) / (total.h + ridge) - (total.g * total.g) / whole;
  const unit = (0.5 * (scale.invG * scale.invG)) / scale.invH;
  let found: SplitTwin | undefined;
  for (const pass of hasMissing ? [0, 1] : [0]) {
    let left = pass === 0 ? nothing : missing;
    let best = base / whole;
    let candidate: { gain: number; left: Sums; bin: number } | undefined;
    for (let bin = 0; bin < (isFree || (hasMissing && pass === 0) ? bins : bins - 1); bin++) {
      if (!isFree && isEmpty(cells[bin])) continue;
      left = plus(left, cells[bin]);
      if (!isFree) {
        const gain = boundedGainTwin(left, 0, direction, leaf, scale);
        if (gain > Math.max(found?.gain ?? 0, candidate?.gain ?? 0))
          candidate = { gain, left, bin };
        continue;
      }
      const hl = left.h + ridge;
      const product = hl * (whole - hl);
      if (product < smallest) continue;
      const excess = left.g - (total.g / whole) * hl;
      const score = (excess * excess) / product;
      if (score <= best) continue;
      best = score;
      candidate = { gain: unit * (score * whole - base), left, bin };
    }
    if (!candidate || candidate.gain <= (found?.gain ?? 0)) continue;
    const larger = 2 * candidate.left.h >= total.h;
    found = { ...candidate, missingLeft: hasMissing ? pass === 1 : larger };
  }
  return found;
}

function boundedGainTwin(
  left: Sums,
  extraL2: number,
  direction: number,
  leaf: LeafTwin,
  scale: ScaleTwin,
): number {
  const { total, low, high } = leaf;
  const right = minus(total, left);
  const least = leastHessian(leaf, scale);
  if (left.h < least || right.h < least) return 0;
  const { invG, invH, l2 } = scale;
  const side = l2 + extraL2;
  const saved = (g: number, h: number, ridge: number, value: number): number =>
    -(2 * g * value + (h + ridge) * value * value);
  const [g, h] = [total.g * invG, total.h * invH];
  const [gl, hl, gr, hr] = [left.g * invG, left.h * invH, right.g * invG, right.h * invH];
  const whole = outputTwin(g, h, l2, low, high);
  const a = outputTwin(gl, hl, side, low, high);
  const b = outputTwin(gr, hr, side, low, high);
  if ((direction > 0 && a > b) || (direction < 0 && a < b)) return 0;
  return 0.5 * (saved(gl, hl, side, a) + saved(gr, hr, side, b) - saved(g, h, l2, whole));
}

/** Levels in the order of G / (H + 10): every cut, or one against the rest where they are few. */
export function levelSplitTwin(
  cells: readonly Sums[],
  bins: number,
  leaf: LeafTwin,
  scale: ScaleTwin,
): SplitTwin | undefined {
  const { total } = leaf;
  const perRow = total.h / leaf.rows;
  const seen = [...cells.keys()].filter(
    (bin) => (bin < bins || bin === MISSING) && !isEmpty(cells[bin]),
  );
  if (seen.length < 2) return undefined;
  const sorted = seen
    .filter((bin) => cells[bin].h >= 9.5 * perRow)
    .map((bin) => ({
      bin,
      key: (cells[bin].g * scale.invG) / (cells[bin].h * scale.invH + 10),
    }))
    .sort((one, other) => one.key - other.key)
    .map(({ bin }) => bin);
  const alone = sorted.length <= 4;
  let best = { gain: 0, left: nothing, members: [] as number[] };
  let left = nothing;
  sorted.forEach((bin, index) => {
    left = alone ? cells[bin] : plus(left, cells[bin]);
    const gain = boundedGainTwin(left, alone ? 0 : 10, 0, leaf, scale);
    if (gain > best.gain)
      best = { gain, left, members: alone ? [bin] : sorted.slice(0, index + 1) };
  });
  if (best.gain === 0) return undefined;
  const rest = 2 * best.left.h >= total.h ? 1 : 0;
  const set = new Uint8Array(BINS).fill(rest);
  for (const bin of sorted) set[bin] = best.members.includes(bin) ? 1 : 0;
  let sum = nothing;
  for (const bin of seen) if (set[bin]) sum = plus(sum, cells[bin]);
  return { gain: best.gain, left: sum, bin: -1, missingLeft: set[MISSING] === 1, set };
}
