import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

// One way of writing: node sync.mjs MODULES CONTACTS WRITING FAULTS. Prints what it took as JSON.
const [, , modules, contacts, writing, faults] = process.argv;
const { salesforce } = await import(`${modules}/salesforce/src/index.js`);
const { openStore } = await import(`${modules}/store/src/index.js`);
const { accountGate, makePlan, pull, push, verify } = await import(`${modules}/sync/src/index.js`);

const standIn = spawn(
  process.execPath,
  [fileURLToPath(new URL("stand-in.mjs", import.meta.url)), modules, contacts],
  { stdio: ["pipe", "pipe", "inherit"] },
);
const [line] = await once(standIn.stdout, "data");
const login = JSON.parse(String(line));
const folder = await mkdtemp(join(tmpdir(), "inchworm-"));
const store = await openStore(join(folder, "shop.duckdb"));
const fast = { requests: 100_000, perMs: 1_000 };
const org = salesforce({
  ...login,
  writing,
  limits: { rest: fast, bulk: { ...fast, concurrency: 4 }, poll: { requests: 20, perMs: 1_000 } },
  bulkFrom: writing === "bulk" ? 10_000 : Number.POSITIVE_INFINITY,
});
const gate = accountGate(org.account);
const report = { writing, contacts: Number(contacts), faults: faults === "true" };
const timed = async (name, act) => {
  const from = performance.now();
  const result = await act();
  report[`${name} s`] = Math.round((performance.now() - from) / 100) / 10;
  return result;
};

const { contacts: source, scores } = org;
const of = { name: source.name, system: org.account.system };
const sink = { cursor: () => store.cursor(of.name), ingest: (page) => store.ingest(of, page) };
const pulled = await timed("pull", () => pull(source, sink, { gate, now: Date.now() }));
report["pull requests"] = pulled.requests;

const people = [];
for await (const batch of store.contacts()) for (const { contact } of batch) people.push(contact);
await store.saveScores({
  scorer: "churn",
  modelId: "made-up",
  asOf: Date.now(),
  contacts: Int32Array.from(people),
  fields: { chance: people.map((_, index) => (index % 997) / 1000) },
  reasons: people.map(() => []),
  abstained: people.map(() => undefined),
});
const fields = [
  { name: "chance", label: "Chance", description: "How likely.", type: "number", decimals: 3 },
];
const plan = await timed("plan", () => makePlan(scores, store, fields, { gate, now: Date.now() }));
const setFaults = (given) =>
  fetch(`${login.loginUrl}/sandbox/faults`, { method: "POST", body: JSON.stringify(given) });
if (report.faults) {
  await setFaults({
    rateLimit: 0.05,
    serverError: 0.02,
    dropped: 0.01,
    cut: 0.01,
    sessionEnds: 0.005,
  });
}
const pushed = await timed("push", () => push(plan, scores, store, { gate, rounds: 5 }));
await setFaults({});
report["push requests"] = pushed.requests;
report.updated = pushed.updated;
report.failed = pushed.failed + pushed.unknown;
const verified = await timed("verify", () => verify(plan, scores, store, { gate }));
report.wrong = verified.mismatches + verified.missing;
report["most MB"] = Math.round(process.resourceUsage().maxRSS / 1024);
process.stdout.write(JSON.stringify(report));
await store.close();
standIn.stdin.end();
await rm(folder, { recursive: true, force: true });
