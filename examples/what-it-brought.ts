// What a campaign brought, against people held out from it: npm run example -- examples/what-it-brought.ts
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openWorkspace } from "@inchworm/core";
import { detectable, random } from "@inchworm/learn";

const [day, spring] = [86_400_000, Date.UTC(2025, 2, 1)];
const { uniform, below } = random(1);
const folder = mkdtempSync(join(tmpdir(), "inchworm-"));
let now = spring;
const shop = await openWorkspace(join(folder, "shop.duckdb"), { now: () => now });

/** Orders of 3,000 people in 60 days, each at their own rate; whoever is moved is likelier to order. */
async function orders(from: number, moved: ReadonlySet<string>, gain: number) {
  const lines = ["order,email,date,total"];
  for (let id = 0; id < 3000; id++) {
    const email = `p${id}@example.com`;
    const chance = (id % 10) / 20 + (moved.has(email) ? gain : 0);
    const at = new Date(from + below(60) * day).toISOString();
    if (uniform() < chance) lines.push(`${from}-${id},${email},${at},${20 + below(60)}`);
  }
  writeFileSync(join(folder, "orders.csv"), lines.join("\n"));
  await shop.import("orders", join(folder, "orders.csv"));
}

const everybody = new Set(Array.from({ length: 3000 }, (_, id) => `p${id}@example.com`));
await orders(spring - 60 * day, everybody, 1);
console.log("can show from", detectable({ control: 600, treated: 2400, base: 0.22 })?.toFixed(3));
await shop.holdOut({ name: "spring", share: 0.2 }); // kept for good, and a field for your workflows
const { treat } = await shop.decide({ campaign: "spring", cost: 0.05 });
const moved = new Set<string>(); // what happens in the world when you send to them
for await (const people of shop.store.contacts())
  for (const one of people) if (treat.includes(one.contact)) moved.add(one.identities[0].id);
await orders(spring, moved, 0.1);
now += 60 * day;
const [{ because, costPerIncremental }] = (await shop.proof({ days: 60 })).campaigns;
console.log(because, costPerIncremental);
console.log((await shop.experiment({ holdout: "spring" })).because);
await shop.close();
