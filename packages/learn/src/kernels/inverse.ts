import { LearnError } from "../error.js";
import { type Crew, withCrew } from "./crew.js";
import { putSparse, recommendKernels, type Sparse, share } from "./recommend.js";
import { PANEL, PIVOTS } from "./recommend-layout.js";

export interface Inverse {
  /** Rows and columns come in this many: the size rounded up to whole blocks of pivots. */
  readonly stride: number;
  /** The lower triangle of −(matrix + ridge)⁻¹, in the memory shared with the kernels: not to be kept. */
  readonly negative: Float32Array;
}

/**
 * Lends the inverse of XᵀX + ridge·I, where `byUser` is X and `byItem` its transpose.
 *
 * Blocks of pivots are swept out of the lower triangle one after the other (symmetric Gauss-Jordan, n³ operations like a Cholesky
 * factorisation and its inverse together); rows and columns are scaled to a unit diagonal first, which is what keeps single precision
 * enough. Memory: 4 bytes per pair of items.
 */
export async function withInverse<T>(
  byUser: Sparse,
  byItem: Sparse,
  ridge: number,
  threads: number,
  job: (inverse: Inverse) => T | Promise<T>,
  onProgress: (share: number) => void | Promise<void> = () => {},
): Promise<T> {
  return withCrew(recommendKernels, threads, async (crew) => {
    const items = byItem.rows;
    const stride = Math.ceil(items / PIVOTS) * PIVOTS;
    const matrix = crew.arena.take(4 * stride * stride);
    const user = putSparse(crew, byUser);
    const item = putSparse(crew, byItem);
    crew.arena.fill(matrix + 4 * items * stride, 4 * (stride - items) * stride, 0);
    await share(crew, "coOccurrence", () => [
      items,
      item.pointers,
      item.indices,
      item.values,
      user.pointers,
      user.indices,
      user.values,
      matrix,
      stride,
    ]);
    const scales = scale(crew, matrix, items, stride, ridge);
    await sweep(crew, matrix, stride, onProgress);
    const negative = crew.arena.floats(matrix, stride * stride);
    for (let row = 0; row < items; row++)
      for (let column = 0; column <= row; column++)
        negative[row * stride + column] *= scales[row] * scales[column];
    return job({ stride, negative });
  });
}

/** Adds the ridge and divides rows and columns by the roots of the diagonal; rows beyond the items are those of the identity. */
function scale(
  { arena }: Crew,
  matrix: number,
  items: number,
  stride: number,
  ridge: number,
): Float64Array {
  const cells = arena.floats(matrix, stride * stride);
  const scales = new Float64Array(items);
  for (let row = 0; row < items; row++) {
    const from = row * stride;
    scales[row] = 1 / Math.sqrt(cells[from + row] + ridge);
    for (let column = 0; column < row; column++)
      cells[from + column] *= scales[row] * scales[column];
    cells[from + row] = 1;
  }
  for (let row = items; row < stride; row++) cells[row * stride + row] = 1;
  return scales;
}

async function sweep(
  crew: Crew,
  matrix: number,
  stride: number,
  onProgress: (share: number) => void | Promise<void>,
): Promise<void> {
  const { arena } = crew;
  const panels = stride / PANEL;
  const columns = arena.take(4 * PIVOTS * stride);
  const scaled = arena.take(4 * PIVOTS * stride);
  const inverse = arena.take(4 * PIVOTS * PIVOTS);
  for (let pivot = 0; pivot < stride; pivot += PIVOTS) {
    const cells = arena.floats(matrix, stride * stride);
    arena.floats(inverse, PIVOTS * PIVOTS).set(invertBlock(cells, pivot, stride));
    await share(crew, "sweepPack", () => [panels, matrix, stride, pivot, inverse, columns, scaled]);
    await share(crew, "sweepUpdate", () => [panels, matrix, stride, pivot, columns, scaled]);
    await share(crew, "sweepStore", () => [panels, matrix, stride, pivot, inverse, scaled]);
    await onProgress((pivot + PIVOTS) / stride);
  }
}

/** @throws LearnError "input" when rounding has left a block that is not positive definite */
function invertBlock(cells: Float32Array, pivot: number, stride: number): Float64Array {
  const lower = new Float64Array(PIVOTS * PIVOTS);
  for (let row = 0; row < PIVOTS; row++)
    for (let column = 0; column <= row; column++)
      lower[row * PIVOTS + column] = cells[(pivot + row) * stride + pivot + column];
  return invertDefinite(lower, PIVOTS);
}

/** Inverse of a positive definite matrix given by its lower triangle, by Cholesky in double precision. */
export function invertDefinite(lower: Float64Array, size: number): Float64Array {
  const root = lower.slice();
  for (let row = 0; row < size; row++)
    for (let column = 0; column <= row; column++) {
      let sum = root[row * size + column];
      for (let at = 0; at < column; at++) sum -= root[row * size + at] * root[column * size + at];
      if (column < row) root[row * size + column] = sum / root[column * size + column];
      else if (sum > 0) root[row * size + row] = Math.sqrt(sum);
      else
        throw new LearnError("input", 'ease: "ridge" is too small for these data.', {
          hint: "Items hardly differ in who had them: raise it.",
        });
    }
  // the inverse of the root, column by column, then its square
  const half = new Float64Array(size * size);
  for (let column = 0; column < size; column++)
    for (let row = column; row < size; row++) {
      let sum = row === column ? 1 : 0;
      for (let at = column; at < row; at++) sum -= root[row * size + at] * half[at * size + column];
      half[row * size + column] = sum / root[row * size + row];
    }
  const inverse = new Float64Array(size * size);
  for (let row = 0; row < size; row++)
    for (let column = 0; column <= row; column++) {
      let sum = 0;
      for (let at = row; at < size; at++) sum += half[at * size + row] * half[at * size + column];
      inverse[row * size + column] = sum;
      inverse[column * size + row] = sum;
    }
  return inverse;
}
