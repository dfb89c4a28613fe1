// Prospects out of Account Engagement (Pardot), scores back in, against a stand-in: npm run example -- examples/sync-account-engagement.ts
// With --real it plans for your business unit, with your orders.csv, by SALESFORCE_… and ACCOUNT_ENGAGEMENT_BUSINESS_UNIT_ID.
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { churn, openWorkspace, segments } from "@inchworm/core";
import { accountEngagement } from "@inchworm/salesforce";
import { accountEngagementSandbox, madeUpShop, writeShop } from "@inchworm/sandbox";

const folder = await mkdtemp(join(tmpdir(), "inchworm-"));
const real = process.argv.includes("--real");
const made = madeUpShop({ contacts: 800, seed: 7 });
const sandbox = await accountEngagementSandbox({
  customFields: [{ fieldId: "Customer", type: "Text" }],
});
for (const batch of made.contacts())
  sandbox.addProspects(
    batch.map(({ email, customer, emailOptOut }) => {
      return { email, Customer__c: customer, optedOut: emailOptOut };
    }),
  );
const { url, businessUnitId, oauth } = sandbox;
const { clientId, clientSecret } = oauth;
const login = { loginUrl: url, baseUrl: url, businessUnitId, clientId, clientSecret };
const quick = { ...login, limits: { poll: { perMs: 100 } } };
const unit = accountEngagement({ customerIdField: "Customer__c", ...(!real && quick) });
const shop = await openWorkspace(real ? "pardot.duckdb" : join(folder, "shop.duckdb"));
await shop.import("orders", real ? "orders.csv" : (await writeShop(made, folder)).orders);
await shop.pull(unit.prospects, unit.campaigns, unit.activities);
await shop.train([segments(), churn({ horizonDays: 60 })]);
await shop.score();
const plan = await shop.plan(unit.scores);
console.log(`${plan.updates} updates, makes ${plan.missingFields.join(", ")}`);
if (!real) {
  const { updated, failures } = await shop.push(plan);
  const { compared, mismatches } = await shop.verify(plan);
  console.log(`${updated} updated; skipped:`, failures, { compared, mismatches });
}
await shop.close();
await sandbox.close();
