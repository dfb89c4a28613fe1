import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { bundle } from "./bundle.mjs";

// How often uplift claims a signal where there is none, and how near its effects are to the truth beside EconML's DR learner, whose last
// stage is a straight line or boosted trees: root mean squared error, medians over seeds.
const { values: options } = parseArgs({
  options: {
    only: { type: "string", default: "noise,effects" },
    /** Sets per kind of noise. */
    runs: { type: "string", default: "100" },
    seeds: { type: "string", default: "3" },
    rows: { type: "string", default: "5000" },
    python: { type: "string" },
  },
});
const folder = fileURLToPath(new URL(".", import.meta.url));
const modules = `${folder}results/uplift`;
const venv = `${folder}.venv/bin/python`;
const python = options.python ?? (existsSync(venv) ? venv : "python3");
mkdirSync(modules, { recursive: true });
await bundle({
  entry: ["index", "uplift/planted.fixture"].map((file) => `packages/learn/src/${file}.ts`),
  outDir: modules,
  outbase: "packages/learn/src",
});
const load = (file) => import(pathToFileURL(`${modules}/${file}.js`).href);
const { random, uplift } = await load("index");
const { plantedTrial } = await load("uplift/planted.fixture");

if (options.only.includes("noise")) {
  console.log("sets in which a signal is claimed although there is none");
  for (const [name, rows, effect] of [
    ["no effect", 2000, 0],
    ["the same effect on all", 1000, 0.08],
  ]) {
    let claimed = 0;
    for (let seed = 301; seed < 301 + Number(options.runs); seed++) {
      const trial = plantedTrial({ rows, seed, effects: [() => effect] });
      if ((await uplift({ seed }).fit(trial)).arms[0].signal) claimed++;
    }
    console.log(`${name.padEnd(24)}${rows} rows  ${claimed} of ${options.runs}`);
  }
}

const shapes = {
  step: (x) => (x[0] > 0 ? 0.8 : 0),
  bent: (x) => Math.max(0, x[0]) * (x[1] > 0 ? 1 : 0.3),
  sine: (x) => Math.sin(2 * x[0]) + 0.5 * (x[2] > 0.5 ? 1 : 0),
};

if (options.only.includes("effects")) {
  const version = spawnSync(python, [`${folder}peers/uplift.py`, "version"], { encoding: "utf8" });
  const hasPeer = version.status === 0;
  console.log(
    hasPeer
      ? `\neffects beside EconML ${JSON.parse(version.stdout).version}`
      : "\neconml is not installed: pip install -r bench/peers/requirements.txt",
  );
  console.log("effect      ours    EconML linear   EconML trees   ours/best");
  for (const [name, shape] of Object.entries(shapes)) {
    const found = [];
    for (let seed = 1; seed <= Number(options.seeds); seed++)
      found.push(await once(shape, Number(options.rows), seed, hasPeer));
    const middle = (key) =>
      found.map((one) => one[key]).toSorted((a, b) => a - b)[found.length >> 1];
    const [ours, linear, trees] = ["ours", "linear", "trees"].map(middle);
    const told = [ours, linear, trees, ours / Math.min(linear, trees)];
    console.log(`${name.padEnd(8)}${told.map((value) => value.toFixed(4).padStart(12)).join("")}`);
  }
}

async function once(shape, rows, seed, hasPeer) {
  const { normal, uniform } = random(seed);
  const x = Array.from({ length: rows }, () => Array.from({ length: 5 }, normal));
  const arm = Int32Array.from({ length: rows }, () => Number(uniform() < 0.5));
  const truth = x.map(shape);
  const outcome = x.map((own, row) => own[1] + 0.5 * own[3] + arm[row] * truth[row] + normal());
  const columns = x[0].map((_, at) => ({
    name: `x${at}`,
    kind: "number",
    values: Float32Array.from(x, (own) => own[at]),
  }));
  const trial = { table: { rows, columns }, arms: ["none", "mail"], arm };
  const model = await uplift({ seed, repeats: 1 }).fit({
    ...trial,
    outcome: Float64Array.from(outcome),
  });
  const effects = model.predict(trial.table);
  const errors = truth.map((value, row) => (value - effects[row]) ** 2);
  const ours = Math.sqrt(errors.reduce((sum, value) => sum + value, 0) / rows);
  if (!hasPeer) return { ours, linear: Number.NaN, trees: Number.NaN };
  const file = `${folder}results/uplift.f32`;
  const all = [...columns.map(({ values }) => [...values]), [...arm], outcome, truth].flat();
  writeFileSync(file, new Uint8Array(Float32Array.from(all).buffer));
  const child = spawnSync(
    python,
    [`${folder}peers/uplift.py`, file, rows, columns.length].map(String),
    {
      encoding: "utf8",
    },
  );
  if (child.status !== 0) throw new Error(child.stderr);
  return { ours, ...JSON.parse(child.stdout.trim().split("\n").at(-1)) };
}
