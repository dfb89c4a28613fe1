import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { bundle } from "./bundle.mjs";
import { makePoints, makeTable } from "./learn/data.mjs";

// Ours beside LightGBM, scikit-learn and XGBoost: same data, same settings, same threads, taking turns, each in a fresh process.
// Walls mean something on a quiet machine only; `--passive` keeps the peers' threads from spinning while others work, and then
// CPU seconds are what to look at.
const { values: options } = parseArgs({
  options: {
    only: { type: "string", default: "fit,rich,predict,single,explain,kmeans" },
    rows: { type: "string", default: "10000,200000,1000000" },
    repeats: { type: "string", default: "3" },
    threads: { type: "string", default: String(Math.min(2, availableParallelism())) },
    python: { type: "string" },
    passive: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});
const folder = fileURLToPath(new URL(".", import.meta.url));
const results = `${folder}results`;
const modules = `${results}/learn`;
const venv = `${folder}.venv/bin/python`;
const python = options.python ?? (existsSync(venv) ? venv : "python3");
const repeats = Number(options.repeats);
const sizes = options.rows.split(",").map(Number);
const wanted = options.only.split(",");
const largest = Math.max(...sizes);

mkdirSync(results, { recursive: true });
await bundle({
  entry: ["index", "kernels/nearest"].map((file) => `packages/learn/src/${file}.ts`),
  outDir: modules,
});
const { random } = await import(pathToFileURL(`${modules}/index.js`).href);
const file = (rows) => `${results}/learn-${rows}.f32`;
const test = `${results}/learn-test.f32`;
const points = `${results}/learn-points.f32`;
sizes.forEach((rows) => {
  makeTable(file(rows), rows, random(rows));
});
makeTable(test, 200_000, random(1));
makePoints(points, 1_000_000, random(2));

const environment = { ...process.env, OMP_NUM_THREADS: options.threads };
if (options.passive) environment.OMP_WAIT_POLICY = "passive";
// a core pinned for another kind of processor slows numpy down
delete environment.OPENBLAS_CORETYPE;
delete environment.OPENBLAS_L2_SIZE;

function measure(peer, task, data) {
  const rest = [task, ...(peer === "ours" ? [] : [peer]), data, test, options.threads];
  const [command, script] =
    peer === "ours"
      ? [process.execPath, ["learn/ours.mjs", modules]]
      : [python, ["peers/learn.py"]];
  const [path, ...own] = script;
  const child = spawnSync(command, [`${folder}${path}`, ...own, ...rest], {
    encoding: "utf8",
    env: environment,
  });
  if (child.status !== 0) throw new Error(`${peer}, ${task}: ${child.stderr || child.error}`);
  return JSON.parse(child.stdout.trim().split("\n").at(-1));
}

function findPeers() {
  const found = {};
  for (const peer of ["lightgbm", "sklearn", "xgboost"]) {
    try {
      found[peer] = measure(peer, "version", "").version;
    } catch {
      console.log(
        `${peer} is not installed: python3 -m venv bench/.venv && bench/.venv/bin/pip install -r bench/peers/requirements.txt`,
      );
    }
  }
  return found;
}

/** Waits until the machine has been quiet for a second; after a minute goes on, and says so. */
async function quiet() {
  const busy = () =>
    cpus().reduce((sum, { times }) => sum + times.user + times.sys + times.nice + times.irq, 0);
  for (let tries = 0; tries < 60; tries++) {
    const before = busy();
    await setTimeout(1000);
    if ((busy() - before) / (1000 * cpus().length) < 0.3) return true;
  }
  return false;
}

const median = (values) => values.toSorted((one, other) => one - other)[values.length >> 1];

async function compare(name, task, data, peers, bars = {}) {
  const runs = Object.fromEntries(["ours", ...peers].map((peer) => [peer, []]));
  let calm = true;
  for (let repeat = 0; repeat < repeats; repeat++)
    for (const [peer, list] of Object.entries(runs)) {
      if (!options.passive) calm = (await quiet()) && calm;
      list.push(measure(peer, task, data));
    }
  const middle = (peer, key) => median(runs[peer].map((run) => run[key]));
  const rows = Object.keys(runs).map((peer) => ({
    peer,
    seconds: middle(peer, "seconds"),
    cpu: middle(peer, "cpu"),
    megabytes: middle(peer, "megabytes"),
    quality: runs[peer][0].quality,
    wallRatio: middle("ours", "seconds") / middle(peer, "seconds"),
    cpuRatio: middle("ours", "cpu") / middle(peer, "cpu"),
    bar: bars[peer],
  }));
  if (options.json) console.log(JSON.stringify({ name, calm, rows }));
  else print(name, calm, rows);
}

function print(name, calm, rows) {
  console.log(`\n${name}${calm ? "" : " (the machine was busy)"}`);
  const digits = (value, count = 4) => value.toPrecision(count).padStart(10);
  for (const { peer, seconds, cpu, megabytes, quality, wallRatio, cpuRatio, bar } of rows) {
    const ratio =
      peer === "ours"
        ? ""
        : `ours/peer: wall ${wallRatio.toFixed(3)}, CPU ${cpuRatio.toFixed(3)}${bar ? `, promised ≤ ${bar}` : ""}`;
    const score = quality === undefined ? "" : digits(quality, 6);
    console.log(
      `${peer.padEnd(9)}${digits(seconds)} s${digits(cpu)} CPU s${megabytes.toFixed(0).padStart(6)} MB${score}  ${ratio}`,
    );
  }
}

const versions = findPeers();
const peers = Object.keys(versions);
const only = (...names) => peers.filter((peer) => names.includes(peer));
console.log(
  `Node ${process.version}, ${options.threads} threads, ${repeats} repeats; ${peers.map((peer) => `${peer} ${versions[peer]}`).join(", ")}`,
);
if (options.passive) console.log("OMP_WAIT_POLICY=passive: judge by CPU seconds, not by walls.");
const fitBars = (rows) =>
  rows >= 1_000_000
    ? { lightgbm: 0.5, sklearn: 0.35 }
    : rows >= 200_000
      ? { lightgbm: 0.5 }
      : { lightgbm: 1 };
for (const rows of sizes)
  if (wanted.includes("fit"))
    await compare(
      `fit ${rows} × 28, 100 trees, 31 leaves (AUC)`,
      "fit",
      file(rows),
      peers,
      fitBars(rows),
    );
for (const rows of sizes)
  if (wanted.includes("rich"))
    await compare(
      `fit ${rows} × 28 with missing values, categories, weights`,
      "rich",
      file(rows),
      [],
    );
if (wanted.includes("predict"))
  await compare(`predict ${largest} rows`, "predict", file(largest), peers, { lightgbm: 0.1 });
if (wanted.includes("single"))
  await compare("predict one row (promised < 0.00002 s)", "single", file(largest), []);
if (wanted.includes("explain"))
  await compare("explain 5000 rows", "explain", file(largest), only("lightgbm"), { lightgbm: 1 });
if (wanted.includes("kmeans"))
  await compare("k-means 1000000 × 8, one iteration (inertia)", "kmeans", points, only("sklearn"), {
    sklearn: 0.8,
  });
