import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { bundle } from "./bundle.mjs";
import { coverage } from "./policy/coverage.mjs";
import { frequency } from "./policy/frequency.mjs";
import { latency } from "./policy/latency.mjs";
import { ours } from "./policy/ours.mjs";
import { tasks } from "./policy/tasks.mjs";

// How often intervals of off-policy evaluation cover, what frequency plans earn, how fast a bandit chooses, and how often it guesses wrong
// beside Vowpal Wabbit's SquareCB, which has the best of six settings in hindsight. Medians over seeds.
const { values: options } = parseArgs({
  options: {
    only: { type: "string", default: "coverage,frequency,latency,bandit" },
    /** Logs per kind for the coverage. */
    runs: { type: "string", default: "1000" },
    seeds: { type: "string", default: "3" },
    tasks: { type: "string" },
    python: { type: "string" },
  },
});
const folder = fileURLToPath(new URL(".", import.meta.url));
const modules = `${folder}results/policy`;
const venv = `${folder}.venv/bin/python`;
const python = options.python ?? (existsSync(venv) ? venv : "python3");
const wanted = options.only.split(",");

mkdirSync(modules, { recursive: true });
await bundle({
  entry: ["index", "policy/planted.fixture", "frequency/planted.fixture", "frequency/plan"].map(
    (file) => `packages/learn/src/${file}.ts`,
  ),
  outDir: modules,
  outbase: "packages/learn/src",
});
const load = (file) => import(pathToFileURL(`${modules}/${file}.js`).href);
const learn = await load("index");

if (wanted.includes("coverage"))
  await coverage({
    learn,
    planted: await load("policy/planted.fixture"),
    runs: Number(options.runs),
  });
if (wanted.includes("frequency"))
  await frequency({
    learn,
    planted: await load("frequency/planted.fixture"),
    plan: await load("frequency/plan"),
  });
if (wanted.includes("latency")) latency(learn);
if (wanted.includes("bandit")) race();

function peer(...rest) {
  const child = spawnSync(python, [`${folder}peers/bandit.py`, ...rest.map(String)], {
    encoding: "utf8",
  });
  if (child.status !== 0) throw new Error(child.stderr || String(child.error));
  return JSON.parse(child.stdout.trim().split("\n").at(-1));
}

function race() {
  let hasPeer = true;
  try {
    console.log(
      `\nSquareCB beside Vowpal Wabbit ${peer("version").version}: share of wrong guesses`,
    );
  } catch {
    hasPeer = false;
    console.log("\nvowpalwabbit is not installed: pip install -r bench/peers/requirements.txt");
  }
  const middle = (runs) => runs.toSorted((one, other) => one.loss - other.loss)[runs.length >> 1];
  const seeds = Array.from({ length: Number(options.seeds) }, (_, seed) => seed + 1);
  console.log("task        rows  arms     ours     peer   ours/peer   seconds ours/peer");
  for (const task of tasks(learn.random)) {
    if (options.tasks && !options.tasks.split(",").includes(task.name)) continue;
    const { name, rows, features, arms, x, label } = task;
    const { loss, seconds } = middle(seeds.map((seed) => ours(learn, task, seed)));
    let theirs = { loss: Number.NaN, seconds: Number.NaN };
    if (hasPeer) {
      const file = `${folder}results/bandit-${name}.f32`;
      const both = new Float32Array(x.length + rows);
      both.set(x);
      both.set(Float32Array.from(label), x.length);
      writeFileSync(file, new Uint8Array(both.buffer));
      const settings = [0.1, 0.5, 2].flatMap((rate) => [
        [rate, 0],
        [rate, -1],
      ]);
      theirs = settings
        .map((setting) =>
          middle(seeds.map((seed) => peer(file, rows, features, arms, seed, ...setting))),
        )
        .reduce((best, one) => (one.loss < best.loss ? one : best));
    }
    const number = (value) => value.toFixed(4).padStart(9);
    console.log(
      `${name.padEnd(10)}${String(rows).padStart(6)}${String(arms).padStart(6)}${number(loss)}${number(theirs.loss)}   ${number(loss / theirs.loss)}   ${number(seconds / theirs.seconds)}`,
    );
  }
}
