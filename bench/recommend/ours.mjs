import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

// One measurement of our own, as JSON: ours.mjs <modules> <task> <data file> <users> <items> <factors> <threads>
const [modules, task, file, ...numbers] = process.argv.slice(2);
const [userCount, itemCount, size, threads] = numbers.map(Number);
const load = (name) => import(pathToFileURL(`${modules}/${name}.js`).href);
const { random, ease, itemKnn } = await load("index");

async function measured(work) {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const result = await work();
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return [result, { seconds, cpu: (user + system) / 1e6 }];
}

function readPairs() {
  const { buffer, byteOffset, byteLength } = readFileSync(file);
  const all = new Int32Array(buffer.slice(byteOffset, byteOffset + byteLength));
  const count = all.length / 2;
  return { userCount, itemCount, users: all.slice(0, count), items: all.slice(count) };
}

const normals = (count, seed, scale = 1) => {
  const draw = random(seed);
  return Float32Array.from({ length: count }, () => scale * draw.normal());
};

const tasks = {
  /** Seconds per epoch after two, with implicit's objective: confidence 2 for what was observed, 1 for the rest. */
  async ials() {
    const { withAlternation } = await load("kernels/als");
    const { historiesOf } = await load("recommend/histories");
    const { transpose } = await load("recommend/matrix");
    const { entries } = historiesOf("bench", readPairs());
    const byItem = transpose(entries);
    const side = (matrix, seed) => ({
      entries: matrix,
      factors: normals(matrix.rows * size, seed, 0.01),
      ridges: new Float32Array(matrix.rows).fill(0.05),
    });
    const users = side(entries, 1);
    const items = side(byItem, 2);
    const settings = { size, steps: 3, unobserved: 1, bonus: 1, threads };
    const report = await withAlternation(users, items, settings, async ({ solve }) => {
      const epoch = async () => {
        await solve("users");
        await solve("items");
      };
      await epoch();
      await epoch();
      const [, report] = await measured(async () => {
        for (let one = 0; one < 3; one++) await epoch();
      });
      return report;
    });
    const quality = residual(users.factors, items.factors, byItem);
    return { seconds: report.seconds / 3, cpu: report.cpu / 3, quality };
  },
  async knn() {
    const pairs = readPairs();
    return (await measured(() => itemKnn({ shrinkage: 0 }).fit(pairs)))[1];
  },
  async ease() {
    const pairs = readPairs();
    return (await measured(() => ease({ ridge: 300, neighbours: 100, threads }).fit(pairs)))[1];
  },
  async best() {
    const { bestByProduct } = await load("kernels/best");
    const items = normals(itemCount * size, 1);
    const users = normals(userCount * size, 2);
    const none = { pointers: new Int32Array(userCount + 1), items: new Int32Array(0) };
    await bestByProduct(users.slice(0, 64 * size), items, size, 100, none, threads);
    return (await measured(() => bestByProduct(users, items, size, 100, none, threads)))[1];
  },
};

function residual(source, target, entries) {
  const square = new Float64Array(size * size);
  for (let at = 0; at < source.length; at += size)
    for (let one = 0; one < size; one++)
      for (let other = 0; other < size; other++)
        square[one * size + other] += source[at + one] * source[at + other];
  let left = 0;
  let right = 0;
  for (let row = 0; row < entries.rows; row += Math.max(1, Math.floor(entries.rows / 200))) {
    const x = target.subarray(row * size, (row + 1) * size);
    const rest = Float64Array.from(x, (value) => -0.05 * value);
    const wanted = new Float64Array(size);
    for (let one = 0; one < size; one++)
      for (let other = 0; other < size; other++) rest[one] -= square[one * size + other] * x[other];
    for (let at = entries.pointers[row]; at < entries.pointers[row + 1]; at++) {
      const y = source.subarray(entries.indices[at] * size, (entries.indices[at] + 1) * size);
      const product = y.reduce((sum, value, axis) => sum + value * x[axis], 0);
      y.forEach((value, axis) => {
        wanted[axis] += 2 * value;
        rest[axis] += (2 - product) * value;
      });
    }
    left += Math.hypot(...rest);
    right += Math.hypot(...wanted);
  }
  return left / right;
}

console.log(JSON.stringify(await tasks[task]()));
