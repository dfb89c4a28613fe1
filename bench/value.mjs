import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { bundle } from "./bundle.mjs";
import { makeCustomers } from "./value/data.mjs";

// Models of purchases and spending: a million customers by ours, beside what is promised; and by ours and lifetimes in turns,
// each in a fresh process, on one thread. Medians.
const { values: options } = parseArgs({
  options: {
    models: { type: "string", default: "bg-nbd,mbg-nbd,pareto-nbd,gamma-gamma" },
    rows: { type: "string", default: "1000000" },
    /** Customers for the comparison. */
    beside: { type: "string", default: "1000000" },
    /** The same for Pareto/NBD, for which lifetimes would need the better part of an hour. */
    "beside-pareto": { type: "string", default: "20000" },
    repeats: { type: "string", default: "3" },
    python: { type: "string" },
    json: { type: "boolean", default: false },
  },
});
const bars = { fit: 5, score: 2, megabytes: 500, ratio: 10 };
const folder = fileURLToPath(new URL(".", import.meta.url));
const results = `${folder}results`;
const modules = `${results}/value`;
const venv = `${folder}.venv/bin/python`;
const python = options.python ?? (existsSync(venv) ? venv : "python3");
const repeats = Number(options.repeats);
const models = options.models.split(",");

mkdirSync(results, { recursive: true });
await bundle({
  entry: ["packages/learn/src/index.ts"],
  outDir: modules,
});
const { random } = await import(pathToFileURL(`${modules}/index.js`).href);
const file = (rows) => `${results}/value-${rows}.f64`;
const besideOf = (model) => (model === "pareto-nbd" ? options["beside-pareto"] : options.beside);
for (const rows of new Set([options.rows, ...models.map(besideOf)]))
  makeCustomers(file(rows), Number(rows), random(Number(rows)));

const environment = { ...process.env, OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" };
const run = (command, script) => {
  const child = spawnSync(command, script, { encoding: "utf8", env: environment });
  if (child.status !== 0) throw new Error(child.stderr || String(child.error));
  return JSON.parse(child.stdout.trim().split("\n").at(-1));
};
const ours = (model, rows) =>
  run(process.execPath, [`${folder}value/ours.mjs`, modules, model, file(rows)]);
const lifetimes = (...rest) => run(python, [`${folder}peers/value.py`, ...rest]);

const median = (values) => values.toSorted((one, other) => one - other)[values.length >> 1];
const middle = (runs) =>
  Object.fromEntries(
    Object.keys(runs[0]).map((key) => [
      key,
      typeof runs[0][key] === "number" ? median(runs.map((one) => one[key])) : runs[0][key],
    ]),
  );
const digits = (value) => value.toPrecision(3).padStart(9);
const letters = (parameters) =>
  Object.entries(parameters)
    .map(([letter, value]) => `${letter} ${value.toPrecision(5)}`)
    .join(", ");

function tell(name, report) {
  if (options.json) console.log(JSON.stringify({ name, ...report }));
  else console.log(report.text);
}

console.log(
  `Node ${process.version}, ${repeats} repeats. Promised for a million: fit ≤ ${bars.fit} s, score ≤ ${bars.score} s, ≤ ${bars.megabytes} MB.`,
);
for (const model of models) {
  const runs = Array.from({ length: repeats }, () => ours(model, options.rows));
  const one = middle(runs);
  const text = `${model.padEnd(12)}${options.rows} customers: fit${digits(one.fit)} s, score${digits(one.score)} s, ${one.megabytes.toFixed(0)} MB; ${letters(one.parameters)}`;
  tell(model, { rows: Number(options.rows), ...one, text });
}

let peer;
try {
  peer = lifetimes("version").version;
} catch {
  console.log(
    "lifetimes is not installed: python3 -m venv bench/.venv && bench/.venv/bin/pip install -r bench/peers/requirements.txt",
  );
}
if (peer !== undefined) {
  console.log(`\nBeside lifetimes ${peer}, in turns; promised ≥ ${bars.ratio}× faster.`);
  for (const model of models) {
    const runs = { ours: [], lifetimes: [] };
    for (let repeat = 0; repeat < repeats; repeat++) {
      runs.ours.push(ours(model, besideOf(model)));
      runs.lifetimes.push(lifetimes(model, file(besideOf(model))));
    }
    const [one, other] = [middle(runs.ours), middle(runs.lifetimes)];
    const fit = other.fitCpu / one.fitCpu;
    const score = other.scoreCpu / one.scoreCpu;
    const text = `${model.padEnd(12)}${besideOf(model)} customers: fit${digits(one.fit)} s, theirs${digits(other.fit)} s: ${fit.toFixed(1)}× (CPU); score${digits(one.score)} s, theirs${digits(other.score)} s: ${score.toFixed(1)}×\n${"".padEnd(12)}ours   ${letters(one.parameters)}; total ${one.total.toFixed(1)}\n${"".padEnd(12)}theirs ${letters(other.parameters)}; total ${other.total.toFixed(1)}`;
    tell(model, { ours: one, lifetimes: other, fit, score, text });
  }
}
