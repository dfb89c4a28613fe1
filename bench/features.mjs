import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { bundle } from "./bundle.mjs";

// All features of a large store, computed in a fresh process: CPU, wall time and memory beside what is promised.
// The store is made by SQL once and kept under bench/results; `--rebuild` makes it again.
const { values: options } = parseArgs({
  options: {
    contacts: { type: "string", default: "1000000" },
    events: { type: "string", default: "50000000" },
    /** Keep events in contact order instead of the order of their arrival. */
    sorted: { type: "boolean", default: false },
    /** MiB that the engine may use before it spills. Defaults to the store's own limit. */
    memory: { type: "string" },
    rebuild: { type: "boolean", default: false },
    measure: { type: "boolean", default: false },
  },
});
const contacts = Number(options.contacts);
const events = Number(options.events);
const results = fileURLToPath(new URL("results/", import.meta.url));
const modules = `${results}store/`;
const order = options.sorted ? "-sorted" : "";

const bars = { cpuSeconds: 20, peakMiB: 2048, rowsOutSeconds: 1.2 };
const seconds = (from) => (performance.now() - from) / 1000;
const round = (value) => Math.round(value * 100) / 100;
const mebibytes = (bytes) => Math.round(bytes / 1024 ** 2);
const load = (file) => import(pathToFileURL(`${modules}${file}.js`).href);

if (options.measure) {
  console.log(JSON.stringify(await measure()));
} else {
  await bundle({
    entry: ["database", "prepare", "schema", "features/features", "features/gather"].map(
      (file) => `packages/store/src/${file}.ts`,
    ),
    outDir: modules,
  });
  mkdirSync(results, { recursive: true });
  const path = await storePath();
  if (options.rebuild || !existsSync(path)) await makeStore(path);
  const size = mebibytes(statSync(path).size);
  console.log(`store: ${contacts} contacts, ${events} events${order && ", sorted"}, ${size} MiB`);
  const child = spawnSync(process.execPath, [...process.argv.slice(1), "--measure"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (child.status === 0) report(JSON.parse(child.stdout));
  else {
    console.error(`The measuring process ended with ${child.signal ?? `code ${child.status}`}.`);
    process.exitCode = 1;
  }
}

/** Another layout of the tables or another made-up shop is another file. */
async function storePath() {
  const { tables } = await load("schema");
  const layout = createHash("sha256").update(JSON.stringify(tables) + makeStore);
  return `${results}features-${contacts}-${events}${order}-${layout.digest("hex").slice(0, 8)}.duckdb`;
}

function report(found) {
  console.log(`features: ${found.rows} rows x ${found.columns} columns`);
  const full = contacts >= 1_000_000 && events >= 50_000_000 && options.memory === undefined;
  const line = (name, value, unit, bar) => {
    const verdict = bar === undefined || !full ? "" : value <= bar ? "pass" : "FAIL";
    if (verdict === "FAIL") process.exitCode = 1;
    const limit = bar === undefined ? "" : `(at most ${bar})`;
    console.log(
      `  ${name.padEnd(38)} ${String(value).padStart(7)} ${unit.padEnd(4)} ${limit.padEnd(15)} ${verdict}`,
    );
  };
  line("CPU", found.cpuSeconds, "s", bars.cpuSeconds);
  line("wall", found.wallSeconds, "s");
  line("peak memory of the process", found.peakMiB, "MiB", bars.peakMiB);
  line("peak memory of the engine", found.enginePeakMiB, "MiB");
  line("spilled to disk at most", found.spilledMiB, "MiB");
  line("rows out, 1,000,000 x 30", found.rowsOutSeconds, "s", bars.rowsOutSeconds);
  line("rows out, CPU", found.rowsOutCpuSeconds, "s");
}

async function measure() {
  const [{ openDatabase }, { features }, { gather }] = await Promise.all(
    ["database", "features/features", "features/gather"].map(load),
  );
  const limit = options.memory === undefined ? {} : { memoryLimit: options.memory * 1024 ** 2 };
  const database = await openDatabase(await storePath(), { threads: 2, ...limit });

  let engine = 0;
  let spilled = 0;
  let watching = true;
  const watch = (async () => {
    while (watching) {
      const [now] = await database.rows(
        "select sum(memory_usage_bytes) as memory, sum(temporary_storage_bytes) as disk from duckdb_memory()",
      );
      engine = Math.max(engine, now.memory);
      spilled = Math.max(spilled, now.disk);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  })();
  const cpu = process.cpuUsage();
  const start = performance.now();
  const table = await features(database, { asOf: Date.UTC(2025, 11, 31) });
  const wallSeconds = seconds(start);
  const { user, system } = process.cpuUsage(cpu);
  watching = false;
  await watch;
  const peakMiB = Math.round(process.resourceUsage().maxRSS / 1024);
  await database.close();

  return {
    rows: table.rows,
    columns: table.columns.length,
    cpuSeconds: round((user + system) / 1e6),
    wallSeconds: round(wallSeconds),
    peakMiB,
    enginePeakMiB: mebibytes(engine),
    spilledMiB: mebibytes(spilled),
    ...(await rowsOut(openDatabase, gather)),
  };
}

/** A table of 1,000,000 rows x 30 floats, in an order of its own as a grouping leaves it, into typed arrays: the median of five. */
async function rowsOut(openDatabase, gather) {
  const rows = 1_000_000;
  const database = await openDatabase(":memory:", { threads: 2 });
  const floats = Array.from(
    { length: 30 },
    (_, k) =>
      `case when (n + ${k}) % 20 = 0 then 'nan'::float else (n * ${k + 1})::float end as f${k}`,
  );
  await database.run(
    `create table matrix as select n::integer as contact_id, ${floats.join(", ")} from range(${rows}) t(n) order by hash(n)`,
  );
  const place = Int32Array.from({ length: rows }, (_, row) => row);
  const times = [];
  for (let run = 0; run < 5; run++) {
    const columns = floats.map(() => new Float32Array(rows));
    const cpu = process.cpuUsage();
    const start = performance.now();
    await gather(database.stream("select * from matrix"), place, columns);
    const wall = seconds(start);
    const { user, system } = process.cpuUsage(cpu);
    times.push({ rowsOutSeconds: round(wall), rowsOutCpuSeconds: round((user + system) / 1e6) });
    for (const [k, column] of columns.entries()) {
      const wrong = column.findIndex((value, n) =>
        (n + k) % 20 === 0 ? !Number.isNaN(value) : value !== Math.fround(n * (k + 1)),
      );
      if (wrong >= 0) throw new Error(`rows out: column ${k} is wrong at row ${wrong}`);
    }
  }
  await database.close();
  return times.sort((one, other) => one.rowsOutSeconds - other.rowsOutSeconds)[2];
}

/** Two years of a shop: of 50 events, 24 are sends, 9 opens, 2.5 clicks, 8.5 visits, 4 views, carts and unsubscribes, 2 orders. */
async function makeStore(path) {
  const start = performance.now();
  const [{ openDatabase }, { prepareStore }] = await Promise.all(["database", "prepare"].map(load));
  const draft = `${path}.draft`;
  const name = `features-${contacts}-${events}${order}-`;
  for (const file of readdirSync(results).filter((one) => one.startsWith(name)))
    if (/^[0-9a-f]{8}\.duckdb/.test(file.slice(name.length))) rmSync(`${results}${file}`);
  const database = await openDatabase(draft, { threads: 2, memoryLimit: 4 * 1024 ** 3 });
  await prepareStore(database);
  const first = "timestamp '2024-01-01'";
  const days = 730;
  const orders = Math.round(events / 25);
  const engagements = events - orders;
  // a tenth of the people get most of the events
  const someone = (salt, power) =>
    `(1 + floor(${contacts} * pow((hash(i, ${salt}) % 1000003) / 1000003.0, ${power})))::integer`;
  const when = (count) =>
    `${first} + to_microseconds((i::double / ${count} * ${days * 86400})::bigint * 1000000)`;
  const draw = "(hash(i, 2) % 480)";
  await database.run(`insert into contacts (contact_id, email, created_at)
    select i + 1, 'person' || i || '@example.com',
      case when hash(i, 9) % 100 < 95 then ${first} + to_seconds((hash(i, 3) % ${700 * 86400})::bigint) end
    from range(${contacts}) t(i)`);
  await database.run(`insert into consents (contact_id, purpose, source, status, occurred_at)
    select i * 50 + 1, 'profiling', 'bench', case when hash(i) % 10 < 3 then 'denied' else 'granted' end,
      ${first} + to_days((hash(i, 2) % 500)::integer)
    from range(${Math.floor(contacts / 50)}) t(i)`);
  await database.run(`insert into engagements
    select ${someone(1, 1.6)} as contact_id,
      (case when ${draw} < 240 then 'sent' when ${draw} < 330 then 'open' when ${draw} < 355 then 'click'
        when ${draw} < 440 then 'visit' when ${draw} < 470 then 'view' when ${draw} < 478 then 'cart'
        else 'unsubscribe' end)::engagement_type,
      ${when(engagements)} as occurred_at,
      case when ${draw} < 355 then 'campaign-' || (i * 365 // ${engagements}) end, null,
      ${draw} between 240 and 354 and hash(i, 5) % 10 = 0, hash(i, 7)
    from range(${engagements}) t(i) ${options.sorted ? "order by contact_id, occurred_at" : ""}`);
  await database.run(`insert into orders
    select 'order-' || i, ${someone(11, 1.8)}, ${when(orders)},
      case when hash(i, 12) % 100 < 4 then -1 else 1 end * (5 + (hash(i, 13) % 20000) / 100.0), 'EUR', 'bench', false
    from range(${orders}) t(i)`);
  await database.run(`insert into order_lines
    select order_id, n::varchar, contact_id, occurred_at, 'item-' || (hash(order_id, n) % 5000),
      case when total < 0 then -1 else 1 + hash(order_id, n) % 3 end, 5, 'EUR', 'bench'
    from (select *, unnest(range(1 + (hash(order_id) % 2)::integer)) as n from orders)`);
  await database.run("checkpoint");
  await database.close();
  renameSync(draft, path);
  console.log(`made the store in ${round(seconds(start))} s (kept for the next run)`);
}
