import type { Crew } from "./crew.js";
import { share } from "./recommend.js";

/** Parts of the rows that are summed apart, whatever the number of threads. */
export const gramParts = 8;

/** sourceᵀ·source of rows in the crew's memory, in double precision. `size` is a multiple of 8. */
export async function gramOf(
  crew: Crew,
  source: number,
  rows: number,
  size: number,
  scratch: number,
): Promise<Float64Array> {
  const cells = size * size;
  crew.arena.fill(scratch, 4 * gramParts * cells, 0);
  await share(crew, "gram", () => [rows, gramParts, source, scratch, size]);
  const parts = crew.arena.floats(scratch, gramParts * cells);
  const square = new Float64Array(cells);
  for (let row = 0; row < size; row++)
    for (let column = row; column < size; column++) {
      let sum = 0;
      for (let part = 0; part < gramParts; part++) sum += parts[part * cells + row * size + column];
      square[row * size + column] = sum;
      square[column * size + row] = sum;
    }
  return square;
}

export const takeGramScratch = ({ arena }: Crew, size: number): number =>
  arena.take(4 * gramParts * size * size);
