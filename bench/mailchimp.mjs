import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { mailchimp } from "@inchworm/mailchimp";
import { mailchimpSandbox } from "@inchworm/sandbox";
import { openStore } from "@inchworm/store";
import { accountGate, makePlan, pull, push } from "@inchworm/sync";

// Contacts pulled from a Mailchimp stand-in in a process of its own, scored and pushed with 5 % 429, 2 % 5xx, 1 % lost connections and
// 2 % failed operations: seconds, requests and memory of this process, and whether the stand-in ends as the plan says. The stand-in
// ends a batch after 0.1 to 0.3 seconds; the real one takes minutes, which no client can shorten.
const { values: options } = parseArgs({
  options: {
    contacts: { type: "string", default: "100000" },
    serve: { type: "boolean", default: false },
  },
});
const count = Number(options.contacts);
const mebibytes = (bytes) => Math.round(bytes / 1024 ** 2);
const statusOf = (index) => (index % 10 === 9 ? "unsubscribed" : "subscribed");

if (options.serve) await serve();
else await measure();

async function serve() {
  const sandbox = await mailchimpSandbox({ batchMs: [100, 300] });
  sandbox.record({ log: false, writes: false });
  for (let start = 0; start < count; start += 10_000) {
    sandbox.addMembers(
      Array.from({ length: Math.min(10_000, count - start) }, (_, index) => ({
        email: `person${start + index}@example.com`,
        status: statusOf(start + index),
        tags: ["VIP"],
        mergeFields: { FNAME: `P${start + index}` },
        signedUpAt: Date.UTC(2025, 0, 1) + start * 10,
      })),
    );
  }
  const { url: baseUrl, apiKey, audience } = sandbox;
  console.log(JSON.stringify({ baseUrl, apiKey, audience }));
}

async function measure() {
  const file = fileURLToPath(import.meta.url);
  const child = spawn(process.execPath, [file, "--serve", "--contacts", `${count}`], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const folder = await mkdtemp(join(tmpdir(), "inchworm-"));
  try {
    const line = await new Promise((resolve) => {
      createInterface({ input: child.stdout }).once("line", resolve);
    });
    const opened = JSON.parse(line);
    const adapter = mailchimp({
      ...opened,
      mergeTags: { churn_probability: "CHURN_P" },
      limits: { looks: { requests: 50, perMs: 1_000 } },
    });
    const gate = accountGate(adapter.account);
    const store = await openStore(join(folder, "shop.duckdb"));
    const source = { name: adapter.contacts.name, system: adapter.account.system };
    const sink = {
      cursor: () => store.cursor(source.name),
      ingest: (page) => store.ingest(source, page),
    };
    const pulled = await pull(adapter.contacts, sink, { gate, now: Date.now() });
    await score(store);
    await drive(opened, "faults", {
      rateLimit: 0.05,
      serverError: 0.02,
      dropped: 0.01,
      operationError: 0.02,
    });
    const field = { name: "churn_probability", label: "Churn", description: "", type: "number" };
    const fields = [{ ...field, decimals: 3 }];
    const plan = await makePlan(adapter.scores, store, fields, { gate, now: Date.now() });
    let peak = 0;
    const watch = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().rss);
    }, 250);
    const report = await push(plan, adapter.scores, store, { gate });
    clearInterval(watch);
    const { requests } = await drive(opened, "state");
    console.log({
      contacts: count,
      pull: { seconds: Math.round(pulled.seconds), requests: pulled.requests },
      push: { ...report, seconds: Math.round(report.seconds), estimated: plan.requests },
      cpuSeconds: Math.round((process.cpuUsage().user + process.cpuUsage().system) / 1e6),
      peakMiB: mebibytes(peak),
      mostUnderWay: requests.mostUnderWay,
      refusedByLimit: requests.refused,
      injected: requests.injected,
      differing: await differing(opened),
    });
    await store.close();
  } finally {
    child.kill();
    await rm(folder, { recursive: true, force: true });
  }
}

async function score(store) {
  const contacts = [];
  for await (const batch of store.contacts())
    for (const { contact } of batch) contacts.push(contact);
  await store.saveScores({
    scorer: "churn",
    modelId: "made-up",
    asOf: Date.now(),
    contacts: Int32Array.from(contacts),
    fields: { churn_probability: contacts.map(() => 0.25) },
    reasons: contacts.map(() => []),
    abstained: contacts.map(() => undefined),
  });
}

/** Members whose values, status, tags or other fields are not what they should be. */
async function differing(opened) {
  let wrong = 0;
  let seen = 0;
  for (let after = 0; after !== undefined; ) {
    const page = await drive(opened, `members?after=${after}`);
    for (const { status, tags, mergeFields } of page.results) {
      const index = seen++;
      const { CHURN_P, FNAME, ...others } = mergeFields;
      const good =
        status === statusOf(index) &&
        CHURN_P === (status === "subscribed" ? 0.25 : undefined) &&
        FNAME === `P${index}` &&
        tags.join() === "VIP" &&
        Object.keys(others).length === 0;
      if (!good) wrong++;
    }
    after = page.after;
  }
  return { members: seen, wrong };
}

async function drive({ baseUrl }, path, body) {
  const sent = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
  const answer = await fetch(`${baseUrl}/sandbox/${path}`, sent);
  return answer.json();
}
