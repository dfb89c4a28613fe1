// Members and campaigns out of Mailchimp, scores back in, against a stand-in: npm run example -- examples/sync-mailchimp.ts
// With --real it plans for your audience, by MAILCHIMP_API_KEY and MAILCHIMP_AUDIENCE (docs/mailchimp.md).
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { churn, openWorkspace, segments } from "@inchworm/core";
import { mailchimp } from "@inchworm/mailchimp";
import { madeUpShop, mailchimpSandbox, writeShop } from "@inchworm/sandbox";

const folder = await mkdtemp(join(tmpdir(), "inchworm-"));
const real = process.argv.includes("--real");
const made = madeUpShop({ contacts: 2000, seed: 7 });
const sandbox = await mailchimpSandbox({ mergeFields: [{ tag: "CUSTOMER" }] });
for (const batch of made.contacts())
  sandbox.addMembers(
    batch.map(({ email, customer, emailOptOut }) => {
      const status = emailOptOut ? "unsubscribed" : "subscribed";
      return { email, status, mergeFields: { CUSTOMER: customer } };
    }),
  );
const { apiKey, audience: id, url: baseUrl } = sandbox;
const audience = mailchimp({
  fields: ["segment", "churn_band"],
  ...(real ? {} : { apiKey, audience: id, baseUrl, customerIdField: "CUSTOMER" }),
});
const shop = await openWorkspace(real ? "mailchimp.duckdb" : join(folder, "shop.duckdb"));
if (real) await shop.pull(audience.products, audience.orders);
else await shop.import("orders", (await writeShop(made, folder)).orders);
await shop.pull(audience.contacts, audience.campaigns, audience.engagements);
await shop.train([segments(), churn({ horizonDays: 60 })]);
await shop.score();
const plan = await shop.plan(audience.scores);
console.log(`${plan.updates} updates, makes ${plan.missingFields.join(", ")}`);
if (!real) {
  const { updated, failures } = await shop.push(plan);
  const { compared, mismatches } = await shop.verify(plan);
  console.log(`${updated} updated; skipped:`, failures, { compared, mismatches });
}
await shop.close();
await sandbox.close();
