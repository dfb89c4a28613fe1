import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { bundle } from "./bundle.mjs";

// When to write: a million contacts with twenty events each from counts to everyone's best hour, and local hours of instants; each in
// a fresh process, beside what is promised. Medians.
const { values: options } = parseArgs({
  options: {
    contacts: { type: "string", default: "1000000" },
    events: { type: "string", default: "20" },
    repeats: { type: "string", default: "3" },
    json: { type: "boolean", default: false },
  },
});
const bars = { seconds: 5, conversions: 10 };
const folder = fileURLToPath(new URL(".", import.meta.url));
const modules = `${folder}results/timing`;

mkdirSync(modules, { recursive: true });
await bundle({
  entry: ["packages/learn/src/index.ts"],
  outDir: modules,
});

const run = (...script) => {
  const child = spawnSync(process.execPath, [`${folder}timing/ours.mjs`, modules, ...script], {
    encoding: "utf8",
  });
  if (child.status !== 0) throw new Error(child.stderr || String(child.error));
  return JSON.parse(child.stdout.trim().split("\n").at(-1));
};
const median = (values) => values.toSorted((one, other) => one - other)[values.length >> 1];
const middle = (runs) =>
  Object.fromEntries(Object.keys(runs[0]).map((key) => [key, median(runs.map((one) => one[key]))]));
const repeats = Number(options.repeats);

const kinds = ["sends", "later", "activity"];
for (const kind of kinds) {
  const runs = Array.from({ length: repeats }, () => run(kind, options.contacts, options.events));
  const one = middle(runs);
  if (options.json) console.log(JSON.stringify({ kind, ...one }));
  else
    console.log(
      `${kind.padEnd(9)} ${options.contacts} contacts, ${options.events} events each: fit ${one.fit.toFixed(2)} s + best hours ${one.best.toFixed(2)} s = ${one.wall.toFixed(2)} s by the clock, ${one.cpu.toFixed(2)} CPU seconds (promised ≤ ${bars.seconds}); ${one.personal.toFixed(3)} have a time of their own; ${one.megabytes.toFixed(0)} MB`,
    );
}
const clock = middle(Array.from({ length: repeats }, () => run("clock", "5000000", "0")));
if (options.json) console.log(JSON.stringify({ kind: "clock", ...clock }));
else
  console.log(
    `clock     ${clock.millions.toFixed(0)} million local hours a second (promised ≥ ${bars.conversions}), tables of six zones read in ${clock.tables.toFixed(2)} s`,
  );
