// Would other hours have done better? Asked of a log of plans: npm run example -- examples/send-report.ts
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openWorkspace } from "@inchworm/core";
import { random } from "@inchworm/learn";

// 2,000 people who read in the evening are written to eight times, half of them at hours drawn by lot
const [hour, day] = [3_600_000, 86_400_000];
const { uniform } = random(1);
const folder = mkdtempSync(join(tmpdir(), "inchworm-"));
let now = Date.UTC(2025, 3, 1, 6);
const shop = await openWorkspace(join(folder, "shop.duckdb"), { now: () => now });
async function tell(kind: "contacts" | "engagements", lines: readonly string[]) {
  writeFileSync(join(folder, `${kind}.csv`), lines.join("\n"));
  await shop.import(kind, join(folder, `${kind}.csv`));
}
const people = Array.from({ length: 2000 }, (_, id) => `p${id}@example.com,Europe/Berlin`);
await tell("contacts", ["email,time_zone", ...people]);
for (let round = 0; round < 8; round++, now += 4 * day) {
  const plan = await shop.sendPlan({ id: `mail ${round}`, hours: 24, explore: 0.5, caps: false });
  // what happens in the world when you send it
  const names = new Map<number, string>();
  for await (const batch of shop.store.contacts())
    for (const { contact, identities } of batch) names.set(contact, identities[0].id);
  const lines = ["email,type,at,campaign"];
  for (let row = 0; row < plan.rows; row++) {
    const [email, at] = [names.get(plan.contacts[row]), plan.at[row]];
    const told = (type: string, when: number) =>
      lines.push(`${email},${type},${new Date(when).toISOString()},mail ${round}`);
    told("sent", at);
    if (uniform() < (plan.localHours[row] % 24 >= 18 ? 0.3 : 0.1)) told("open", at + hour / 2);
  }
  await tell("engagements", lines);
}
for (const policy of [10, 19, "random"] as const) {
  const { verdict, because } = await shop.evaluateSends(policy);
  console.log(`${policy}: ${verdict}. ${because}`);
}
await shop.close();
