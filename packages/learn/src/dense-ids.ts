/** Whatever numbers ids are, told from 0 in order of appearance. */
export function denseIds(ids: ArrayLike<number>): { of: Int32Array; count: number } {
  const known = new Map<number, number>();
  const of = Int32Array.from(ids, (id) => {
    const index = known.get(id) ?? known.size;
    known.set(id, index);
    return index;
  });
  return { of, count: known.size };
}
