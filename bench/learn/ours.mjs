import { availableParallelism } from "node:os";
import { pathToFileURL } from "node:url";
import { readFloats, readTable } from "./data.mjs";

// One measurement of our own, as JSON: ours.mjs <modules> <task> <data file> <test file> <threads>
const [modules, task, file, test, threadText] = process.argv.slice(2);
// as many threads as there are cores is the default, and that is one where rows are few
const threads = Number(threadText) === availableParallelism() ? 0 : Number(threadText);
const load = (name) => import(pathToFileURL(`${modules}/${name}.js`).href);
const { auc, gradientBoosting } = await load("index");
const settings = { trees: 100, leaves: 31, learningRate: 0.1, minRows: 20, l2: 0, threads };

async function measured(work) {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const result = await work();
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const megabytes = process.resourceUsage().maxRSS / 1024;
  return [result, { seconds, cpu: (user + system) / 1e6, megabytes }];
}

const first = (table, rows) => ({
  rows,
  columns: table.columns.map((column) =>
    column.kind === "number"
      ? { ...column, values: column.values.slice(0, rows) }
      : { ...column, codes: column.codes.slice(0, rows) },
  ),
});

const tasks = {
  async fit() {
    const { table, labels } = readTable(file);
    const [model, report] = await measured(() => gradientBoosting(settings).fit(table, labels));
    const other = readTable(test);
    return { ...report, quality: auc(model.predict(other.table), other.labels) };
  },
  /** The same rows with what the prototype of the kernels did not have: a tenth missing, four categories, weights. */
  async rich() {
    const { table, labels } = readTable(file);
    const columns = table.columns.map((column, index) => {
      if (index % 7 === 2)
        return {
          name: column.name,
          kind: "category",
          codes: Int32Array.from(column.values, (value) => Math.min(19, Math.abs(value))),
          levels: Array.from({ length: 20 }, (_, level) => `level ${level}`),
        };
      const values = column.values.map((value, row) =>
        (row * 7 + index * 13) % 10 === 0 ? Number.NaN : value,
      );
      return { ...column, values };
    });
    const weights = labels.map((_, row) => 0.5 + (row % 10) / 10);
    const [, report] = await measured(() =>
      gradientBoosting(settings).fit({ rows: table.rows, columns }, labels, { weights }),
    );
    return report;
  },
  async predict() {
    const { table, labels } = readTable(file);
    const model = await gradientBoosting(settings).fit(
      first(table, 50_000),
      labels.slice(0, 50_000),
    );
    model.predict(first(table, 30_000));
    return (await measured(() => model.predict(table)))[1];
  },
  async single() {
    const { table, labels } = readTable(file);
    const model = await gradientBoosting(settings).fit(
      first(table, 50_000),
      labels.slice(0, 50_000),
    );
    const rows = Array.from({ length: 20_000 }, (_, row) => ({
      rows: 1,
      columns: table.columns.map(({ name, values }) => ({
        name,
        kind: "number",
        values: values.slice(row, row + 1),
      })),
    }));
    for (const row of rows) model.predict(row);
    const [, report] = await measured(() => {
      for (const row of rows) model.predict(row);
    });
    return { ...report, seconds: report.seconds / rows.length, cpu: report.cpu / rows.length };
  },
  async explain() {
    const { table, labels } = readTable(file);
    const model = await gradientBoosting(settings).fit(
      first(table, 50_000),
      labels.slice(0, 50_000),
    );
    return (await measured(() => model.explain(first(table, 5000))))[1];
  },
  async kmeans() {
    const { withNearest } = await load("kernels/nearest");
    const values = readFloats(file).slice();
    const points = { rows: values.length / 8, size: 8, values };
    return withNearest(points, 8, threads, async (nearest) => {
      let centers = Float64Array.from(values.subarray(0, 64));
      const step = async () => {
        await nearest.assign(centers);
        centers = nearest.sums.map((sum, at) => sum / nearest.counts[at >> 3]);
      };
      await step();
      await step();
      const [, report] = await measured(async () => {
        for (let iteration = 0; iteration < 20; iteration++) await step();
      });
      await nearest.assign(centers);
      let inertia = 0;
      for (let at = 0; at < values.length; at++)
        inertia += (values[at] - centers[8 * nearest.labels[at >> 3] + (at & 7)]) ** 2;
      return {
        ...report,
        seconds: report.seconds / 20,
        cpu: report.cpu / 20,
        quality: inertia,
      };
    });
  },
};
console.log(JSON.stringify(await tasks[task]()));
