import type { Crew } from "./crew.js";
import { family } from "./module.js";
import { recommend } from "./recommend.wasm.js";

export const recommendKernels = family("recommend", recommend);

/** A sparse matrix by rows: entries of row `r` are those from `pointers[r]` to `pointers[r + 1]`, in the order of their columns. */
export interface Sparse {
  readonly rows: number;
  readonly columns: number;
  readonly pointers: Int32Array;
  readonly indices: Int32Array;
  readonly values: Float32Array;
}

export interface SparseAddress {
  readonly pointers: number;
  readonly indices: number;
  readonly values: number;
}

/** Copies a matrix into the crew's memory. */
export function putSparse({ arena }: Crew, matrix: Sparse): SparseAddress {
  const { pointers, indices, values } = matrix;
  const at = {
    pointers: arena.take(4 * pointers.length),
    indices: arena.take(4 * indices.length),
    values: arena.take(4 * values.length),
  };
  arena.words(at.pointers, pointers.length).set(pointers);
  arena.words(at.indices, indices.length).set(indices);
  arena.floats(at.values, values.length).set(values);
  return at;
}

export function putFloats({ arena }: Crew, values: Float32Array, spare = 0): number {
  const at = arena.take(4 * (values.length + spare));
  const floats = arena.floats(at, values.length + spare);
  floats.set(values);
  floats.fill(0, values.length);
  return at;
}

/** Runs a kernel whose threads take their next rows from a shared counter, its first argument. */
export async function share(
  crew: Crew,
  name: string,
  values: (thread: number) => readonly number[],
): Promise<void> {
  crew.arena.words(crew.barrier, 1)[0] = 0;
  await crew.call(name, (thread) => [crew.barrier, ...values(thread)]);
}
