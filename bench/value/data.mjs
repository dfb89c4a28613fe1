import { readFileSync, writeFileSync } from "node:fs";

const columns = ["frequency", "recency", "age", "monetary"];

/** Customers as BG/NBD and Gamma-Gamma have them, with CDNOW's parameters, by the day over two years: columns of float64. */
export function makeCustomers(file, rows, { uniform, normal }) {
  const gamma = (shape) => {
    // Marsaglia & Tsang 2000
    if (shape < 1) return gamma(shape + 1) * (1 - uniform()) ** (1 / shape);
    const third = shape - 1 / 3;
    for (;;) {
      const x = normal();
      const cube = (1 + x / Math.sqrt(9 * third)) ** 3;
      if (cube > 0 && Math.log(1 - uniform()) < 0.5 * x * x + third * (1 - cube + Math.log(cube)))
        return third * cube;
    }
  };
  const data = new Float64Array(rows * columns.length);
  for (let row = 0; row < rows; row++) {
    const age = Math.ceil(728 * uniform()) / 7;
    const rate = gamma(0.243) / 4.414;
    const stop = gamma(0.793);
    const leave = stop / (stop + gamma(2.426));
    let frequency = 0;
    let recency = 0;
    for (let at = 0; ; ) {
      at += -Math.log(1 - uniform()) / rate;
      const day = Math.ceil(at * 7) / 7;
      if (!(day <= age)) break;
      if (day > recency) frequency++; // one event per day
      recency = day;
      if (uniform() < leave) break;
    }
    const scale = gamma(3.74) / 15.44;
    const spend = frequency > 0 ? gamma(6.25 * frequency) / scale / frequency : 0;
    data.set([frequency, recency, age, spend], row * columns.length);
  }
  const byColumn = new Float64Array(data.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns.length; column++)
      byColumn[column * rows + row] = data[row * columns.length + column];
  writeFileSync(file, byColumn);
}

export function readCustomers(file) {
  const { buffer } = Uint8Array.from(readFileSync(file));
  const rows = buffer.byteLength / 8 / columns.length;
  const column = (index) => new Float64Array(buffer, index * rows * 8, rows);
  return { rows, frequency: column(0), recency: column(1), age: column(2), monetary: column(3) };
}
