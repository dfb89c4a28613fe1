import { expect, it } from "vitest";
import { expectRows } from "../kernels/expect.twin.js";
import { random } from "../random.js";
import { binCount } from "./bins.js";
import { sumRows } from "./expect.js";
import type { Evidence } from "./gather.js";
import { priorOf } from "./prior.js";

const { below, uniform } = random(5);

/** Some people without anything, some with acts alone, some with every bin. */
function evidenceOf(rows: number): Evidence {
  const numbers: { bins: number[]; events: number[]; exposure: number[] } = {
    bins: [],
    events: [],
    exposure: [],
  };
  const offsets = new Int32Array(rows + 1);
  for (let row = 0; row < rows; row++) {
    const many = row % 7 === 0 ? 0 : row % 7 === 1 ? binCount : below(20);
    const first = below(binCount);
    for (let index = 0; index < many; index++) {
      numbers.bins.push((first + index) % binCount);
      numbers.events.push(uniform() < 0.4 ? 1 + 2 * uniform() : 0);
      numbers.exposure.push(row % 5 === 0 ? 0 : uniform());
    }
    offsets[row + 1] = offsets[row] + many;
  }
  return {
    offsets,
    bins: Uint8Array.from(numbers.bins),
    events: Float64Array.from(numbers.events),
    exposure: Float64Array.from(numbers.exposure),
    answers: Float64Array.from({ length: rows }, (_, row) => row % 4),
    acts: Float64Array.from({ length: rows }, (_, row) => (row % 3 === 0 ? 2.5 : 0)),
  };
}

it.each([
  [1, 1],
  [256, 5],
  [700, 8],
])("sums up %i rows over %i rhythms as its twin does, on any number of threads", (rows, count) => {
  const evidence = evidenceOf(rows + 3);
  const prior = priorOf(
    Float64Array.from({ length: binCount * count }, () => 0.05 + uniform()),
    Float64Array.from({ length: count }, () => 1 / count),
    1.3,
    new Float64Array(binCount).fill(2),
  );
  const clear = { share: 0.02, cut: -9 };
  const sums = expectRows(evidence, rows, prior, clear);
  for (const threads of [1, 2, 3])
    expect(sumRows(evidence, rows, prior, clear, threads)).toEqual(sums);
});
