import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { bundle } from "../bundle.mjs";
import { recallOf } from "./recall.mjs";
import { asOf, makeShop } from "./shop.mjs";

// Recommendations of a large store as a nightly job makes them, in a fresh process: trained, judged, and a list for everybody written.
// The shop is made by SQL once and kept under bench/results; `--rebuild` makes it again.
const { values: options } = parseArgs({
  options: {
    scale: { type: "boolean" },
    contacts: { type: "string", default: "1000000" },
    items: { type: "string", default: "50000" },
    events: { type: "string", default: "50000000" },
    k: { type: "string", default: "20" },
    rebuild: { type: "boolean", default: false },
    measure: { type: "boolean", default: false },
  },
});
const size = {
  contacts: Number(options.contacts),
  items: Number(options.items),
  events: Number(options.events),
};
const bars = { minutes: 30, peakMiB: 8192 };
const results = fileURLToPath(new URL("../results/", import.meta.url));
const modules = `${results}scale/`;
const load = (name) => import(pathToFileURL(`${modules}${name}.js`).href);
const mebibytes = (bytes) => Math.round(bytes / 1024 ** 2);

if (options.measure) await measure();
else {
  await bundle({
    entry: {
      core: "packages/core/src/index.ts",
      database: "packages/store/src/database.ts",
      prepare: "packages/store/src/prepare.ts",
      schema: "packages/store/src/schema.ts",
    },
    outDir: modules,
  });
  mkdirSync(results, { recursive: true });
  const path = await storePath();
  if (options.rebuild || !existsSync(path)) await remake(path);
  console.log(
    `store: ${size.contacts} contacts, ${size.items} items, ${size.events} events, ${mebibytes(statSync(path).size)} MiB`,
  );
  const child = spawnSync(process.execPath, [...process.argv.slice(1), "--measure"], {
    stdio: "inherit",
  });
  process.exitCode = child.status ?? 1;
}

/** Another layout of the tables or another made-up shop is another file. */
async function storePath() {
  const { tables } = await load("schema");
  const layout = createHash("sha256").update(JSON.stringify(tables) + makeShop);
  return `${results}${shopName()}${layout.digest("hex").slice(0, 8)}.duckdb`;
}

function shopName() {
  return `scale-${size.contacts}-${size.items}-${size.events}-`;
}

async function remake(path) {
  for (const file of readdirSync(results).filter((one) => one.startsWith(shopName())))
    rmSync(`${results}${file}`);
  const start = performance.now();
  await makeShop(path, size, { ...(await load("database")), ...(await load("prepare")) });
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  console.log(`made the shop in ${seconds} s (kept for the next run)`);
}

async function measure() {
  const { openRecommender, openWorkspace, recommend } = await load("core");
  const { openDatabase } = await load("database");
  const stages = stageClock();
  const start = performance.now();
  const path = await storePath();
  const shop = await openWorkspace(path, {
    now: () => asOf,
    onProgress: ({ step }) => stages.next(step),
  });
  const { cards } = await shop.train([recommend({ k: Number(options.k) })]);
  await shop.score();
  stages.next();
  const minutes = (performance.now() - start) / 60_000;
  const { user, system } = process.cpuUsage();
  const peak = Math.round(process.resourceUsage().maxRSS / 1024);
  for (const { verdict, because, model, counts, notes = [] } of cards) {
    console.log(`  ${verdict}, ${model}: ${because}`);
    console.log(`  ${counts.trainingRows} pairs, ${counts.people} people, ${counts.items} items`);
    for (const note of notes) console.log(`  ${note}`);
  }
  await newcomers(await openRecommender(shop.store));
  const database = await openDatabase(path);
  const { people, listed, ours, popular } = await recallOf(database, asOf);
  await database.close();
  await shop.close();
  console.log(
    `  lists of ${listed} people written; recall of 10 of what ${people} people went on to buy: ${ours.toFixed(4)}, of the popular list ${popular.toFixed(4)}`,
  );
  console.log(
    `  ${((user + system) / 6e7).toFixed(1)} CPU minutes on ${availableParallelism()} threads`,
  );
  const full = size.contacts >= 1e6 && size.items >= 5e4 && size.events >= 5e7;
  const line = (name, value, unit, bar) => {
    if (full && value > bar) process.exitCode = 1;
    const said = full ? (value <= bar ? " pass" : " FAIL") : "";
    console.log(`  ${name.padEnd(44)} ${value} ${unit} (at most ${bar})${said}`);
  };
  line("trained, and a list for everybody", Math.round(minutes * 10) / 10, "min", bars.minutes);
  line("peak memory", peak, "MiB", bars.peakMiB);
}

/** How long somebody who comes with one event waits: the first of all, and the others. Walls mean something on a quiet machine only. */
async function newcomers(live) {
  const took = [];
  for (let one = 0; one < 500; one++) {
    const began = performance.now();
    await live.forEvents([{ item: `item-${(one * 7919) % size.items}`, type: "cart" }]);
    took.push(performance.now() - began);
  }
  const [first] = took;
  took.sort((one, other) => one - other);
  console.log(
    `  a newcomer of one event: ${first.toFixed(1)} ms the first, median ${took[250].toFixed(1)}, 99 in 100 within ${took[495].toFixed(1)} (promised < 5)`,
  );
}

/** Says of each stage what it took, and how long nothing was heard of it. */
function stageClock() {
  let stage;
  let began = 0;
  let heard = 0;
  let silence = 0;
  let cpu;
  return {
    next(name) {
      const now = performance.now();
      silence = Math.max(silence, now - heard);
      heard = now;
      if (name === stage) return;
      if (stage !== undefined) {
        const { user, system } = process.cpuUsage(cpu);
        const peak = Math.round(process.resourceUsage().maxRSS / 1024);
        console.log(
          `  ${stage.padEnd(50)} ${((now - began) / 60_000).toFixed(2).padStart(6)} min ${((user + system) / 6e7).toFixed(2).padStart(6)} CPU min, peak so far ${peak} MiB, longest silence ${(silence / 1000).toFixed(0)} s`,
        );
      }
      stage = name;
      began = now;
      silence = 0;
      cpu = process.cpuUsage();
    },
  };
}
