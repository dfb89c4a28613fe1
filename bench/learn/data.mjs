import { closeSync, existsSync, openSync, readFileSync, writeSync } from "node:fs";

export const columns = 28;

/** A table made from a seed, kept as float32 columns with the labels behind them, for both sides to read. */
export function makeTable(file, rows, random) {
  if (existsSync(file)) return;
  const data = Array.from({ length: columns }, () => new Float32Array(rows));
  const labels = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++)
      data[column][row] = draws[column % draws.length](random);
    const x = (column) => data[column][row];
    const odds =
      0.8 * x(0) +
      0.6 * x(1) * (x(4) > 0 ? 1 : -1) -
      0.05 * x(2) +
      0.3 * Math.sin(2 * x(8)) +
      (x(5) > 1 ? 0.4 * x(12) : 0) +
      0.2 * Math.min(x(3), 5) -
      0.4;
    labels[row] = random.uniform() < 1 / (1 + Math.exp(-odds)) ? 1 : 0;
  }
  write(file, [...data, labels]);
}

const draws = [
  (random) => random.normal(),
  (random) => -Math.log(1 - random.uniform()),
  (random) => random.below(20),
  (random) => Math.round(100 * Math.exp(random.normal())) / 100,
];

/** Points around eight centres that overlap, row-major. */
export function makePoints(file, rows, random) {
  if (existsSync(file)) return;
  const centers = Float64Array.from({ length: 64 }, () => 1.5 * random.normal());
  const points = new Float32Array(rows * 8);
  for (let row = 0; row < rows; row++) {
    const center = random.below(8);
    for (let axis = 0; axis < 8; axis++)
      points[8 * row + axis] = centers[8 * center + axis] + random.normal();
  }
  write(file, [points]);
}

function write(file, parts) {
  const handle = openSync(file, "w");
  for (const part of parts) writeSync(handle, new Uint8Array(part.buffer));
  closeSync(handle);
}

export function readFloats(file) {
  const { buffer, byteOffset, byteLength } = readFileSync(file);
  return new Float32Array(buffer, byteOffset, byteLength / 4);
}

export function readTable(file) {
  const values = readFloats(file);
  const rows = values.length / (columns + 1);
  return {
    table: {
      rows,
      columns: Array.from({ length: columns }, (_, column) => ({
        name: `column ${column}`,
        kind: "number",
        values: values.slice(column * rows, (column + 1) * rows),
      })),
    },
    labels: Float64Array.from(values.subarray(columns * rows)),
  };
}
