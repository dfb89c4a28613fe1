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
  from = 0,
): Promise<void> {
  crew.arena.words(crew.barrier, 1)[0] = from;
  await crew.call(name, (thread) => [crew.barrier, ...values(thread)]);
}

/** Numbers that a kernel goes through between two looks at the signal: about a second's work. */
const stretch = 2 ** 28;

/**
 * The same for a kernel whose second argument is where its rows end, over so many of a matrix's rows at a time that the caller is heard
 * from: `between` is told the share done.
 */
export async function shareRows(
  crew: Crew,
  name: string,
  { rows, pointers }: Pick<Sparse, "rows" | "pointers">,
  size: number,
  values: (thread: number) => readonly number[],
  between: ((share: number) => void | Promise<void>) | undefined,
): Promise<void> {
  for (let from = 0; from < rows; ) {
    let to = from;
    while (to < rows && (to - from + pointers[to] - pointers[from]) * size <= stretch) to++;
    const end = Math.max(from + 1, to);
    await share(crew, name, (thread) => [end, ...values(thread)], from);
    from = end;
    if (from < rows) await between?.(from / rows);
  }
}
