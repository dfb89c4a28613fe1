import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { bundle } from "./bundle.mjs";
import { makePairs } from "./recommend/data.mjs";

// With --scale, a large store in place of the peers: see recommend/scale.mjs.
if (process.argv.includes("--scale")) {
  await import("./recommend/scale.mjs");
  process.exit();
}
// Ours beside implicit and NumPy: same data, same settings, same threads, taking turns, each in a fresh process; medians. Walls mean
// something on a quiet machine only.
const { values: options } = parseArgs({
  options: {
    only: { type: "string", default: "ials,knn,ease,best" },
    repeats: { type: "string", default: "3" },
    threads: { type: "string", default: String(Math.min(2, availableParallelism())) },
    pairs: { type: "string", default: "2000000" },
    users: { type: "string", default: "60000" },
    items: { type: "string", default: "6000" },
    /** Users for the best of 100,000 items. */
    asked: { type: "string", default: "5000" },
    python: { type: "string" },
    json: { type: "boolean", default: false },
  },
});
const folder = fileURLToPath(new URL(".", import.meta.url));
const results = `${folder}results`;
const modules = `${results}/recommend`;
const venv = `${folder}.venv/bin/python`;
const python = options.python ?? (existsSync(venv) ? venv : "python3");
const wanted = options.only.split(",");
const { threads, pairs, users, items, asked } = options;

mkdirSync(results, { recursive: true });
await bundle({
  entry: ["index", "kernels/als", "kernels/best", "recommend/histories", "recommend/matrix"].map(
    (file) => `packages/learn/src/${file}.ts`,
  ),
  outDir: modules,
  outbase: "packages/learn/src",
});
const { random } = await import(pathToFileURL(`${modules}/index.js`).href);
const data = `${results}/recommend-${pairs}-${users}-${items}.i32`;
makePairs(data, Number(pairs), Number(users), Number(items), random(1));

const environment = { ...process.env, OMP_NUM_THREADS: threads, OPENBLAS_NUM_THREADS: threads };
// a core pinned for another kind of processor slows numpy down
delete environment.OPENBLAS_CORETYPE;
delete environment.OPENBLAS_L2_SIZE;

function measure(peer, ...rest) {
  const [command, script] =
    peer === "ours"
      ? [process.execPath, [`${folder}recommend/ours.mjs`, modules]]
      : [python, [`${folder}peers/recommend.py`]];
  const child = spawnSync(command, [...script, ...rest], { encoding: "utf8", env: environment });
  if (child.status !== 0) throw new Error(`${peer}, ${rest[0]}: ${child.stderr || child.error}`);
  return JSON.parse(child.stdout.trim().split("\n").at(-1));
}

const median = (values) => values.toSorted((one, other) => one - other)[values.length >> 1];

function compare(name, rest, bar, note = () => "") {
  const runs = { ours: [], ...(hasPeer && { peer: [] }) };
  for (let repeat = 0; repeat < Number(options.repeats); repeat++)
    for (const [peer, list] of Object.entries(runs)) list.push(measure(peer, ...rest));
  const middle = (peer, key) => median(runs[peer].map((run) => run[key]));
  const rows = Object.keys(runs).map((peer) => ({
    peer,
    seconds: middle(peer, "seconds"),
    cpu: middle(peer, "cpu"),
    quality: runs[peer][0].quality,
  }));
  const ratio = hasPeer
    ? { wall: rows[0].seconds / rows[1].seconds, cpu: rows[0].cpu / rows[1].cpu, bar }
    : undefined;
  if (options.json) {
    console.log(JSON.stringify({ name, rows, ratio }));
    return;
  }
  console.log(`\n${name}${note(rows[0])}`);
  for (const { peer, seconds, cpu, quality } of rows)
    console.log(
      `${peer.padEnd(6)}${seconds.toFixed(3).padStart(10)} s${cpu.toFixed(3).padStart(10)} CPU s${quality === undefined ? "" : `   ${quality.toPrecision(4)}`}`,
    );
  if (ratio)
    console.log(
      `ours/peer: wall ${ratio.wall.toFixed(3)}, CPU ${ratio.cpu.toFixed(3)}${bar ? `, promised ≤ ${bar}` : ""}`,
    );
}

let hasPeer = true;
try {
  console.log(`implicit ${measure("peer", "version").version}, ${threads} threads`);
} catch {
  hasPeer = false;
  console.log("implicit is not installed: pip install -r bench/peers/requirements.txt");
}
if (wanted.includes("ials"))
  for (const [factors, bar] of [
    ["64", 0.8],
    ["128", 1.4],
  ])
    compare(
      `iALS epoch, ${pairs} pairs, ${factors} factors (share of the equations left)`,
      ["ials", data, users, items, factors, threads],
      bar,
    );
if (wanted.includes("knn"))
  compare("item-kNN, 100 neighbours", ["knn", data, users, items, "0", threads]);
if (wanted.includes("ease"))
  compare(
    `EASE, ${items} items, beside NumPy in double precision`,
    ["ease", data, users, items, "0", threads],
    3,
  );
if (wanted.includes("best"))
  compare(
    `the best 100 of 100000 items × 64 for ${asked} users, promised ≥ 3000 users/s per core`,
    ["best", data, asked, "100000", "64", threads],
    undefined,
    ({ seconds }) => `: ${Math.round(Number(asked) / seconds / Number(threads))}`,
  );
