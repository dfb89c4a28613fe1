import { mkdirSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { bundle } from "./bundle.mjs";
import { intervals } from "./experiment/intervals.mjs";
import { looks } from "./experiment/looks.mjs";
import { recovery } from "./experiment/recovery.mjs";

// What experiments promise, counted over simulations: how often intervals hold the truth, how often something is claimed where there is
// nothing, what adjusting takes off the variance, which allocations are found out, and whether the made-up shop's lift is recovered.
const { values: options } = parseArgs({
  options: {
    only: { type: "string", default: "intervals,looks,recovery" },
    runs: { type: "string", default: "10000" },
    /** Made-up shops. */
    seeds: { type: "string", default: "200" },
    contacts: { type: "string", default: "2000" },
  },
});
const modules = `${fileURLToPath(new URL(".", import.meta.url))}results/experiment`;
mkdirSync(modules, { recursive: true });
const wanted = options.only.split(",");
await bundle({
  entry: [
    "packages/learn/src/experiment/simulate.fixture.ts",
    "packages/core/src/experiment/__fixtures__/made-up-lift.ts",
  ],
  outDir: modules,
  outbase: "packages",
});
const load = (file) => import(pathToFileURL(`${modules}/${file}.js`).href);
const runs = Number(options.runs);

if (wanted.includes("intervals"))
  intervals(await load("learn/src/experiment/simulate.fixture"), runs);
if (wanted.includes("looks")) looks(await load("learn/src/experiment/simulate.fixture"), runs);
if (wanted.includes("recovery"))
  await recovery(await load("core/src/experiment/__fixtures__/made-up-lift"), {
    seeds: Number(options.seeds),
    contacts: Number(options.contacts),
  });
