import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual, parseArgs } from "node:util";
import { bundle } from "./bundle.mjs";
import { scoreOf } from "./sync/scores.mjs";

// Everybody of a stand-in pulled, scored and pushed by processes of their own, which are killed at random moments, under 5 % 429,
// 2 % 5xx, 1 % lost connections, 1 % answers that are lost after the write, and a token that ends half-way: whether the stand-in ends
// as the plan says and nothing else of it has changed, seconds, and the most resident memory of the syncing processes.
const { values: given } = parseArgs({
  options: {
    platform: { type: "string", default: "hubspot" },
    contacts: { type: "string", default: "100000" },
    kills: { type: "string", default: "50" },
    seed: { type: "string", default: "7" },
    calm: { type: "boolean", default: false },
  },
});
const count = Number(given.contacts);
const kills = Number(given.kills);
const folder = fileURLToPath(new URL(".", import.meta.url));
const modules = `${folder}results/sync`;
mkdirSync(modules, { recursive: true });
const names = ["hubspot", "mailchimp", "salesforce", "store", "sync"];
await bundle({
  entry: [...names.map((name) => `packages/${name}/src/index.ts`), "test/support/platforms.ts"],
  outDir: modules,
  outbase: ".",
  external: ["tar-stream", "@hubspot/api-client", "@mailchimp/mailchimp_marketing"],
});

const { platforms } = await import(`${modules}/test/support/platforms.js`);
const platform = await platforms[given.platform]({
  seed: Number(given.seed),
  emails: Array.from({ length: count }, (_, index) => `person${index}@example.com`),
  renewing: true,
});
platform.forgetRequests();
const scratch = await mkdtemp(join(tmpdir(), "inchworm-"));
const file = join(scratch, "shop.duckdb");
// beyond that the comparison itself would take gigabytes, and reading back must do
const compares = count <= 200_000;
const before = compares ? platform.records() : new Map();
const faults = { rateLimit: 0.05, serverError: 0.02, dropped: 0.01, cut: 0.01, latencyMs: [5, 25] };

function child(work) {
  const script = `${folder}sync/child.mjs`;
  const args = [script, modules, given.platform, file, JSON.stringify(platform.options), work];
  const started = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  started.stdout.on("data", (text) => {
    output += text;
  });
  const ended = new Promise((resolve, reject) => {
    started.on("close", (code, signal) => {
      if (signal === "SIGKILL") resolve(undefined);
      else if (code === 0) resolve(JSON.parse(output));
      else reject(new Error(`${work} ended with ${code}`));
    });
  });
  return { started, ended };
}

const planned = await child("plan").ended;
if (!given.calm) platform.setFaults(faults);
let state = Number(given.seed);
const random = () => {
  state = (state * 48_271) % 0x7fffffff;
  return state / 0x7fffffff;
};
const begun = performance.now();
const batches = Math.ceil(
  count / { hubspot: 100, mailchimp: 500, salesforce: 200 }[given.platform],
);
const writes = () => platform.count(/batch\/update |^POST \/batches |composite\/sobjects /);
// what is under way when a process is killed comes once more, so more is let through than its share
const perLife = given.platform === "mailchimp" ? 1 : 2.4;
let killed = 0;
let expired = given.calm || given.platform === "mailchimp";
let report;
while (killed < kills) {
  const { started, ended } = child("push");
  const enough = writes() + random() * (batches / kills) * perLife;
  while (writes() < enough && started.exitCode === null) await wait(2);
  await wait(random() * 40);
  if (!expired && killed * 2 >= kills) {
    platform.revoke();
    expired = true;
    await wait(100);
  }
  started.kill("SIGKILL");
  report = await ended;
  if (report) break;
  killed++;
}
report ??= await child("push").ended;
const seconds = Math.round((performance.now() - begun) / 1000);
platform.setFaults({});
const verified = await child("verify").ended;

let wrong = 0;
let touched = 0;
for (const [id, { ours, foreign }] of compares ? platform.records() : []) {
  if (ours.join() !== scoreOf(id).join()) wrong++;
  if (!isDeepStrictEqual(foreign, before.get(id)?.foreign)) touched++;
}
console.log({
  platform: given.platform,
  contacts: count,
  ...planned,
  push: seconds,
  pushMegabytes: report.megabytes,
  last: { ...report, megabytes: undefined },
  killed,
  refusedByLimit: platform.refused(),
  created: platform.created().length,
  wrong: compares ? wrong : "not compared",
  foreignTouched: compares ? touched : "not compared",
  verified: {
    compared: verified.compared,
    mismatches: verified.mismatches,
    missing: verified.missing,
  },
});
await platform.close();
await rm(scratch, { recursive: true, force: true });
process.exitCode =
  wrong + touched + platform.created().length + verified.mismatches + verified.missing > 0 ? 1 : 0;
