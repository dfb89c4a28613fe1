// People and sales out of Salesforce, scores back in, against a stand-in: npm run example -- examples/sync-salesforce.ts
// With --real against your organisation, by the login in SALESFORCE_LOGIN_URL, _CLIENT_ID and _CLIENT_SECRET (docs/salesforce.md).
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { churn, openWorkspace, segments } from "@inchworm/core";
import { directGate } from "@inchworm/kit";
import { salesforce } from "@inchworm/salesforce";
import { fillSalesforce, madeUpShop, salesforceSandbox } from "@inchworm/sandbox";

const real = process.argv.includes("--real");
const sandbox = real ? undefined : await salesforceSandbox();
if (sandbox) fillSalesforce(sandbox, madeUpShop({ contacts: 800, seed: 7 }));

const { clientId, clientSecret } = sandbox?.oauth ?? {};
const org = salesforce({ loginUrl: sandbox?.url, clientId, clientSecret });
for (const { ok, name, message, hint } of await org.check({ gate: directGate() })) {
  console.log(ok ? "ok  " : "FAIL", `${name}: ${message}`, hint ?? "");
}

const folder = await mkdtemp(join(tmpdir(), "inchworm-"));
const shop = await openWorkspace(real ? "salesforce.duckdb" : join(folder, "shop.duckdb"));
await shop.pull(org.contacts, org.leads, org.opportunities);
const { cards } = await shop.train([segments(), churn({ horizonDays: 60 })]);
for (const card of cards) console.log(`${card.scorer}: ${card.verdict}. ${card.because}`);
await shop.score();
const plan = await shop.plan(org.scores);
console.log(`${plan.updates} updates, ${plan.skips} skips, ${plan.requests} requests`);
if (sandbox) {
  // a real organisation is written to once you have read the plan
  const { updated, failures } = await shop.push(plan);
  const { compared, mismatches } = await shop.verify(plan);
  console.log(
    `${updated} updated; ${compared} values read back, ${mismatches} mismatches`,
    failures,
  );
}
await shop.close();
await sandbox?.close();
