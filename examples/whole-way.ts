// From a shop's files to explained scores inside a CRM, on this machine: npm run example -- examples/whole-way.ts
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { churn, openWorkspace, segments } from "@inchworm/core";
import { hubspot } from "@inchworm/hubspot";
import { hubspotProperties, hubspotSandbox, madeUpShop, writeShop } from "@inchworm/sandbox";

const folder = await mkdtemp(join(tmpdir(), "inchworm-"));
const made = madeUpShop({ contacts: 2000, seed: 7 });
const files = await writeShop(made, folder);
const sandbox = await hubspotSandbox();
for (const batch of made.contacts()) sandbox.addContacts(batch.map(hubspotProperties));

const portal = hubspot({
  accessToken: sandbox.token,
  baseUrl: sandbox.url,
  customerIdProperty: "customer_id",
  profilingOptOutProperty: "profiling_opt_out",
});
const shop = await openWorkspace(join(folder, "shop.duckdb"));
await shop.import("orders", files.orders);
await shop.import("engagements", files.engagements);
await shop.pull(portal.contacts);
const { cards } = await shop.train([segments(), churn({ horizonDays: 60 })]);
for (const card of cards) {
  console.log(`${card.scorer}: ${card.verdict}. ${card.because}`);
}
await shop.score();
const plan = await shop.plan(portal.scores);
console.log(`${plan.updates} updates, ${plan.skips} skips, ${plan.requests} requests`);
const report = await shop.push(plan);
const { compared, mismatches } = await shop.verify(plan);
console.log(`${report.updated} updated; ${compared} values read back, ${mismatches} mismatches`);

await shop.close();
await sandbox.close();
