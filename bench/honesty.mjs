import { mkdirSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { bundle } from "./bundle.mjs";
import { noiseTrials } from "./honesty/noise.mjs";
import { plantedTrials } from "./honesty/planted.mjs";
import { smallTrials } from "./honesty/small.mjs";

// What scorers promise of noise and of few customers, counted over many made-up shops whose truth is known: on noise they withhold
// themselves in ≥ 95 %, with 50, 200 and 1,000 customers they foretell better than the raw rates and one rate for all in ≥ 90 %,
// and 80 % ranges hold 78 to 82 % of what comes of customers who surely come.
const { values: options } = parseArgs({
  options: {
    /** Shops of each kind; those of 1,000 customers, which take long, are a quarter as many. */
    runs: { type: "string", default: "40" },
    only: { type: "string", default: "noise,planted,small" },
    scorers: { type: "string", default: "churn,lead-score,value,next-order" },
    json: { type: "boolean", default: false },
  },
});
const runs = Number(options.runs);
const parts = options.only.split(",");
const scorers = options.scorers.split(",");

const modules = fileURLToPath(new URL("results/honesty", import.meta.url));
mkdirSync(modules, { recursive: true });
const core = (file) => [file.split("/").at(-1), `packages/core/src/${file}.ts`];
const learn = (file) => [`learn-${file.split("/").at(-1)}`, `packages/learn/src/${file}.ts`];
await bundle({
  entry: Object.fromEntries([
    ...[
      "churn",
      "lead-score",
      "value",
      "next-order",
      "churn-history.fixture",
      "value-customers.fixture",
    ].map((file) => core(`scorers/${file}`)),
    ...["index", "prior/shops.fixture", "prior/prior-logistic", "prior/lapse-priors"].map(learn),
  ]),
  outDir: modules,
});
const load = async (name) => import(pathToFileURL(`${modules}/${name}.js`).href);
const world = {
  ...(await load("churn")),
  ...(await load("lead-score")),
  ...(await load("value")),
  ...(await load("next-order")),
  ...(await load("churn-history.fixture")),
  ...(await load("value-customers.fixture")),
  logLoss: (await load("learn-index")).logLoss,
  takeRows: (await load("learn-index")).takeRows,
  madeUpShop: (await load("learn-shops.fixture")).madeUpShop,
  priorLogistic: (await load("learn-prior-logistic")).priorLogistic,
  lapsePriors: (await load("learn-lapse-priors")).lapsePriors,
};

const started = performance.now();
const percent = (share) => `${(100 * share).toFixed(1)} %`;

/** Runs a trial on so many shops, and counts: a trial gives an object of what was met (true or false) and of [held, of] pairs. */
async function count({ name, share = 1, run }, promises) {
  const shops = Math.max(1, Math.round(runs * share));
  const sums = {};
  const before = process.cpuUsage();
  for (let seed = 1; seed <= shops; seed++)
    for (const [what, found] of Object.entries(await run(seed))) {
      const [met, of] = typeof found === "boolean" ? [Number(found), 1] : found;
      sums[what] ??= [0, 0];
      sums[what][0] += met;
      sums[what][1] += of;
    }
  const { user, system } = process.cpuUsage(before);
  const seconds = (user + system) / 1e6;
  if (options.json) console.log(JSON.stringify({ name, shops, sums, seconds }));
  else {
    const said = Object.entries(sums).map(([what, [met, of]]) => {
      const promised = promises[what] ? ` (promised ${promises[what]})` : "";
      return `${what} ${met} of ${of}, ${percent(met / of)}${promised}`;
    });
    console.log(`  ${name.padEnd(36)}${said.join("; ")}; ${seconds.toFixed(0)} s`);
  }
}

for (const [part, title, trials, promises] of [
  ["noise", "Nothing to tell customers apart", noiseTrials, { withheld: "≥ 95 %" }],
  ["planted", "Something to tell them apart by", plantedTrials, { published: "" }],
  [
    "small",
    "Few customers: shops in which other customers, or later days, are foretold better",
    smallTrials,
    { better: "≥ 90 %", held: "78 to 82 %" },
  ],
]) {
  if (!parts.includes(part)) continue;
  if (!options.json) console.log(`${title}:`);
  for (const trial of trials(world))
    if (scorers.includes(trial.scorer)) await count(trial, promises);
}
if (!options.json) console.log(`${((performance.now() - started) / 60000).toFixed(1)} minutes`);
