import { random } from "../random.js";
import type { AlsSettings, Side } from "./als.js";
import { gramParts } from "./gram.js";
import type { Sparse } from "./recommend.js";
import { GRAM_ROWS } from "./recommend-layout.js";
import { whitening } from "./subspace.js";

const f = Math.fround;

/** The kernel's gram in the same order of additions, parts and blocks included. */
function gramTwin(source: Float32Array, rows: number, size: number): Float64Array {
  const square = new Float64Array(size * size);
  for (let part = 0; part < gramParts; part++) {
    const from = Math.floor((rows * part) / gramParts);
    const to = Math.floor((rows * (part + 1)) / gramParts);
    for (let one = 0; one < size; one++)
      for (let other = one; other < size; other++) {
        let sum = 0;
        for (let block = from; block < to; block += GRAM_ROWS) {
          let own = 0;
          for (let row = block; row < Math.min(block + GRAM_ROWS, to); row++)
            own = f(own + f(source[row * size + one] * source[row * size + other]));
          sum = f(sum + own);
        }
        square[one * size + other] += sum;
      }
  }
  for (let one = 0; one < size; one++)
    for (let other = 0; other < one; other++)
      square[one * size + other] = square[other * size + one];
  return square;
}

/** Four lanes at a time, one or two such sums, then across. */
function dotTwin(one: Float32Array, two: Float32Array, lanes: 4 | 8): number {
  const sums = new Float32Array(lanes);
  for (let at = 0; at < one.length; at++) sums[at % lanes] += f(one[at] * two[at]);
  const lane = (at: number) => (lanes === 8 ? f(sums[at] + sums[at + 4]) : sums[at]);
  return f(f(lane(0) + lane(1)) + f(lane(2) + lane(3)));
}

/** One half of an alternation as the kernel does it. */
export function solveTwin(
  side: Side,
  target: Float32Array,
  source: Float32Array,
  { size, steps, unobserved, bonus = 0 }: AlsSettings,
): void {
  const { entries, ridges, priors } = side;
  const gram = gramTwin(source, source.length / size, size);
  const square = Float32Array.from(gram, (cell) => unobserved * cell);
  for (let row = 0; row < entries.rows; row++) {
    const x = target.subarray(row * size, (row + 1) * size);
    const prior = priors?.subarray(row * size, (row + 1) * size);
    const from = entries.pointers[row];
    const to = entries.pointers[row + 1];
    if (from === to) {
      if (prior) x.set(prior);
      else x.fill(0);
      continue;
    }
    const rowOf = (at: number) =>
      source.subarray(entries.indices[at] * size, (entries.indices[at] + 1) * size);
    const applySquare = (vector: Float32Array): Float32Array => {
      const out = vector.map((value) => ridges[row] * value);
      for (let at = 0; at < size; at++)
        for (let axis = 0; axis < size; axis++)
          out[axis] += f(vector[at] * square[at * size + axis]);
      return out;
    };
    const addRows = (vector: Float32Array, out: Float32Array, isResidual: boolean): void => {
      // four rows are weighed before any is added, but the sums do not depend on that
      for (let at = from; at < to; at++) {
        const y = rowOf(at);
        const weight = entries.values[at];
        const product = f(weight * dotTwin(vector, y, 4));
        const factor = isResidual ? f(f(weight + bonus) - product) : product;
        for (let axis = 0; axis < size; axis++) out[axis] += f(factor * y[axis]);
      }
    };
    const residual = applySquare(x).map((value) => -value);
    if (prior)
      for (let axis = 0; axis < size; axis++) residual[axis] += f(ridges[row] * prior[axis]);
    addRows(x, residual, true);
    const direction = residual.slice();
    let before = dotTwin(residual, residual, 8);
    for (let step = 0; step < steps && before >= f(1e-20); step++) {
      const product = applySquare(direction);
      addRows(direction, product, false);
      const alpha = f(before / dotTwin(direction, product, 8));
      for (let axis = 0; axis < size; axis++) {
        x[axis] += f(alpha * direction[axis]);
        residual[axis] += f(-alpha * product[axis]);
      }
      const after = dotTwin(residual, residual, 8);
      const beta = f(after / before);
      before = after;
      for (let axis = 0; axis < size; axis++)
        direction[axis] = f(residual[axis] + f(beta * direction[axis]));
    }
  }
}

function sumRowsTwin(matrix: Sparse, source: Float32Array, size: number): Float32Array {
  const target = new Float32Array(matrix.rows * size);
  for (let row = 0; row < matrix.rows; row++)
    for (let at = matrix.pointers[row]; at < matrix.pointers[row + 1]; at++)
      for (let axis = 0; axis < size; axis++)
        target[row * size + axis] += f(
          matrix.values[at] * source[matrix.indices[at] * size + axis],
        );
  return target;
}

function multiplyTwin(source: Float32Array, square: Float32Array, size: number): Float32Array {
  const target = new Float32Array(source.length);
  for (let row = 0; row < source.length; row += size)
    for (let at = 0; at < size; at++)
      for (let axis = 0; axis < size; axis++)
        target[row + axis] += f(source[row + at] * square[at * size + axis]);
  return target;
}

/** The same subspace in plain TypeScript. */
export function subspaceTwin(
  byUser: Sparse,
  byItem: Sparse,
  size: number,
  rounds: number,
  seed: number,
): Float32Array {
  const draw = random(seed);
  let raw = Float32Array.from({ length: byItem.rows * size }, () => draw.normal());
  const orthogonal = (): Float32Array => {
    const square = Float32Array.from(whitening(gramTwin(raw, byItem.rows, size), size));
    return multiplyTwin(raw, square, size);
  };
  let basis = orthogonal();
  for (let round = 0; round < rounds; round++) {
    raw = sumRowsTwin(byItem, sumRowsTwin(byUser, basis, size), size) as Float32Array<ArrayBuffer>;
    basis = orthogonal();
  }
  return basis;
}
