import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { bundle } from "./bundle.mjs";

// The whole nightly job on a large store, in a fresh process: every scorer trained and judged, everybody scored, the difference
// planned. The shop is made by SQL once and kept under bench/results; `--rebuild` makes it again.
const { values: options } = parseArgs({
  options: {
    contacts: { type: "string", default: "1000000" },
    events: { type: "string", default: "50000000" },
    /** Which scorers, by the names of their factories. Defaults to all. */
    scorers: { type: "string" },
    rebuild: { type: "boolean", default: false },
    measure: { type: "boolean", default: false },
  },
});
const contacts = Number(options.contacts);
const events = Number(options.events);
const results = fileURLToPath(new URL("results/", import.meta.url));
const modules = `${results}nightly/`;
const nightly = ["segments", "churn", "value", "nextOrder", "leadScore"];
const bars = { wallMinutes: 10, peakMiB: 6144 };
const seconds = (from) => Math.round((performance.now() - from) / 10) / 100;
const mebibytes = (bytes) => Math.round(bytes / 1024 ** 2);

if (options.measure) {
  await measure();
} else {
  await bundle({
    entry: ["database", "prepare", "schema"].map((file) => `packages/store/src/${file}.ts`),
    outDir: modules,
  });
  mkdirSync(results, { recursive: true });
  const path = await storePath();
  if (options.rebuild || !existsSync(path)) await makeStore(path);
  console.log(
    `store: ${contacts} contacts, ${events} events, ${mebibytes(statSync(path).size)} MiB`,
  );
  const child = spawnSync(process.execPath, [...process.argv.slice(1), "--measure"], {
    stdio: "inherit",
  });
  process.exitCode = child.status ?? 1;
}

/** Another layout of the tables or another made-up shop is another file. */
async function storePath() {
  const { tables } = await import(pathToFileURL(`${modules}schema.js`).href);
  const layout = createHash("sha256").update(JSON.stringify(tables) + makeStore);
  return `${results}nightly-${contacts}-${events}-${layout.digest("hex").slice(0, 8)}.duckdb`;
}

async function measure() {
  const core = await import("@inchworm/core");
  const names = options.scorers?.split(",") ?? nightly;
  let step = "";
  let began = performance.now();
  let cpu = process.cpuUsage();
  const close = () => {
    if (step === "") return;
    const { user, system } = process.cpuUsage(cpu);
    const peak = Math.round(process.resourceUsage().maxRSS / 1024);
    console.log(
      `  ${step.padEnd(44)} ${seconds(began).toFixed(1).padStart(6)} s wall ${((user + system) / 1e6).toFixed(1).padStart(6)} s CPU, peak so far ${peak} MiB`,
    );
  };
  const next = (name) => {
    if (name === step) return;
    close();
    step = name;
    began = performance.now();
    cpu = process.cpuUsage();
  };
  const start = performance.now();
  const shop = await core.openWorkspace(await storePath(), {
    onProgress: (progress) => next(progress.step),
  });
  const { cards, untrained } = await shop.train(names.map((name) => core[name]()));
  await shop.score();
  const plan = await shop.plan(destination());
  next("");
  const minutes = (performance.now() - start) / 60_000;
  await shop.close();
  for (const { scorer, verdict, because } of cards)
    console.log(`  ${scorer}: ${verdict}. ${because}`);
  for (const { scorer, because } of untrained) console.log(`  ${scorer}: not trained. ${because}`);
  console.log(`  plan: ${plan.updates} updates, ${plan.clears} clears, ${plan.skips} skipped`);
  const full = contacts >= 1_000_000 && events >= 50_000_000 && options.scorers === undefined;
  const line = (name, value, unit, bar) => {
    const pass = value <= bar;
    if (full && !pass) process.exitCode = 1;
    console.log(
      `  ${name.padEnd(44)} ${value} ${unit} (at most ${bar})${full ? (pass ? " pass" : " FAIL") : ""}`,
    );
  };
  console.log(`  threads: ${availableParallelism()}`);
  line("the whole job", Math.round(minutes * 100) / 100, "min", bars.wallMinutes);
  line("peak memory", Math.round(process.resourceUsage().maxRSS / 1024), "MiB", bars.peakMiB);
}

/** A portal that has every record and none of our fields; nothing is written to it. */
function destination() {
  const account = {
    system: "bench",
    lanes: { write: { requests: 100, perMs: 10_000, concurrency: 4 } },
  };
  return {
    name: "bench:scores",
    account,
    batchSize: 100,
    lane: "write",
    identify: async () => "bench",
    prepare: async (fields) => ({ missing: fields.map(({ name }) => name), present: [] }),
    resolve: async (emails) => emails.map(() => undefined),
    write: async () => {
      throw new Error("A plan writes nothing.");
    },
    read: async (ids) => ids.map(() => undefined),
  };
}

/**
 * Two years of a shop. Everybody orders as a Poisson process of their own rate from when they came until they silently leave (a
 * third never order); mails go to all, opens, clicks and visits come from those still there, more from those who order more.
 */
async function makeStore(path) {
  const start = performance.now();
  const [{ openDatabase }, { prepareStore }] = await Promise.all(
    ["database", "prepare"].map((file) => import(pathToFileURL(`${modules}${file}.js`).href)),
  );
  const draft = `${path}.draft`;
  const name = `nightly-${contacts}-${events}-`;
  for (const file of readdirSync(results).filter((one) => one.startsWith(name)))
    rmSync(`${results}${file}`);
  const database = await openDatabase(draft, { threads: 2, memoryLimit: 4 * 1024 ** 3 });
  await prepareStore(database);
  const unit = (...salt) => `((hash(${salt.join(", ")}) % 1000003 + 1) / 1000004.0)`;
  const first = "timestamp '2024-01-01'";
  const at = (day) => `${first} + to_microseconds(((${day}) * 86400)::bigint * 1000000)`;
  // days: came, left; rate: orders a day, gamma of shape 1 within three tastes
  await database.run(`create table person as
    select i + 1 as id, came, least(730.0, came + -ln(${unit("i", 2)}) * 500) as gone, rate, keen
    from (
      select i, ${unit("i", 1)} * 700 as came, sqrt(rate * 60) + 0.2 as keen, rate
      from (
        select i, case when hash(i, 3) % 3 = 0 then 0
          else -ln(${unit("i", 4)}) / (case hash(i, 5) % 3 when 0 then 40 when 1 then 120 else 300 end) end as rate
        from range(${contacts}) t(i)
      )
    )`);
  await database.run(`insert into contacts (contact_id, email, created_at, time_zone, country)
    select id, 'person' || id || '@example.com', ${at("came")},
      ['Europe/Berlin', 'America/New_York', 'Asia/Tokyo'][1 + (hash(id, 6) % 3)::integer], ['DE', 'US', 'JP'][1 + (hash(id, 6) % 3)::integer]
    from person`);
  await database.run(`insert into identities (system, external_id, contact_id, state)
    select 'bench', 'r' || id, id, 'current' from person`);
  await database.run(`insert into consents (contact_id, purpose, source, status, occurred_at)
    select id, 'profiling', 'bench', 'denied', ${at("came")} from person where hash(id, 7) % 100 = 0`);
  await database.run(`insert into orders
    select 'o' || id || '-' || n, id, ${at(`came + (gone - came) * ${unit("id", "n", 8)}`)},
      round(exp(3.4 + 0.6 * (${unit("id", 9)} + ${unit("id", 10)} - 1) * 2.4 + 0.4 * (${unit("id", "n", 11)} + ${unit("id", "n", 12)} - 1) * 2.4), 2),
      'EUR', 'bench', false
    from (select *, unnest(range(1 + floor((gone - came) * rate * 1.0 + ${unit("id", 13)})::integer)) as n from person where rate > 0)`);
  await database.run(`insert into order_lines
    select order_id, n::varchar, contact_id, occurred_at, 'item-' || floor(5000 * pow(${unit("order_id", "n")}, 3))::integer,
      1, total / 2, 'EUR', 'bench'
    from (select *, unnest(range(2)) as n from orders)`);
  const [{ orders }] = await database.rows("select count(*)::integer as orders from orders");
  const [{ active }] = await database.rows(
    "select sum((gone - came) * keen)::double as active from person",
  );
  const wanted = events - orders;
  // half of what is left are mails to all, the rest is done by those who are there
  const mails = (wanted * 0.5) / contacts;
  const deeds = (wanted * 0.5) / active;
  await database.run(`insert into engagements
    select id, 'sent', ${at(`came + (730 - came) * ${unit("id", "n", 14)}`)}, 'campaign-' || (hash(id, n, 15) % 365), null, false, hash(id, n, 16)
    from (select *, unnest(range(floor(${mails} + ${unit("id", 17)})::integer)) as n from person)`);
  await database.run(`insert into engagements
    select id, (case when kind < 40 then 'open' when kind < 52 then 'click' when kind < 85 then 'visit' when kind < 96 then 'view' else 'cart' end)::engagement_type,
      ${at(`came + (gone - came) * ${unit("id", "n", 18)}`)},
      case when kind < 52 then 'campaign-' || (hash(id, n, 19) % 365) end, null, kind < 52 and hash(id, n, 20) % 10 = 0, hash(id, n, 21)
    from (select *, hash(id, n, 22) % 100 as kind
      from (select *, unnest(range(floor(${deeds} * (gone - came) * keen + ${unit("id", 23)})::integer)) as n from person))`);
  await database.run("drop table person");
  await database.run("checkpoint");
  const [{ made }] = await database.rows(
    "select ((select count(*) from orders) + (select count(*) from engagements))::integer as made",
  );
  await database.close();
  renameSync(draft, path);
  console.log(`made ${made} events in ${seconds(start)} s (kept for the next run)`);
}
