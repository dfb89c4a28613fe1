import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { bundle } from "./bundle.mjs";

// Salesforce, against the stand-in in a process of its own: everybody read by a bulk job and page by page, scores written 200 a request
// and in bulk jobs, with faults or without, and read back. Seconds, requests, and the client's most resident memory.
const { values: options } = parseArgs({
  options: {
    contacts: { type: "string", default: "100000" },
    faults: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});
const folder = fileURLToPath(new URL(".", import.meta.url));
const modules = `${folder}results/salesforce`;

mkdirSync(modules, { recursive: true });
await bundle({
  entry: [
    "packages/salesforce/src/index.ts",
    "packages/sandbox/src/index.ts",
    "packages/store/src/index.ts",
    "packages/sync/src/index.ts",
  ],
  outDir: modules,
  outbase: "packages",
});

const results = [];
for (const writing of ["collections", "bulk"]) {
  const script = [
    `${folder}salesforce/sync.mjs`,
    modules,
    options.contacts,
    writing,
    `${options.faults}`,
  ];
  const child = spawnSync(process.execPath, script, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (child.status !== 0) process.exit(child.status ?? 1);
  results.push(JSON.parse(child.stdout));
}
if (options.json) console.log(JSON.stringify(results));
else console.table(results);
