// Who gets a campaign when, on their own clocks: npm run example -- examples/send-plan.ts
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openWorkspace, sendPlanCsv, sendTime, timeZoneSegments } from "@inchworm/core";
import { random, timeZoneClock } from "@inchworm/learn";

// 250 people in two zones were written to at all hours for a year: half read at breakfast, half at night
const { uniform, below } = random(1);
const zones = ["Europe/Berlin", "America/New_York"].map((zone) => timeZoneClock(zone));
const contacts = ["customer_id,email,time_zone"];
const events = ["customer_id,type,at,campaign_id"];
const end = Date.UTC(2025, 5, 2);
for (let id = 0; id < 250; id++) {
  const { zone, weekHour } = zones[id % 2];
  contacts.push(`${id},reader${id}@example.com,${zone}`);
  for (let campaign = 0; campaign < 100; campaign++) {
    const at = end - 1000 * (1 + below(365 * 86_400));
    events.push(`${id},sent,${new Date(at).toISOString()},M${campaign}`);
    const good = Math.abs((weekHour(at) % 24) - (id % 4 < 2 ? 8 : 20)) <= 1;
    if (uniform() < (good ? 0.5 : 0.1))
      events.push(`${id},open,${new Date(at + 300_000).toISOString()},M${campaign}`);
  }
}
const folder = mkdtempSync(join(tmpdir(), "inchworm-"));
const shop = await openWorkspace(join(folder, "shop.duckdb"), { now: () => end });
for (const [kind, lines] of [
  ["contacts", contacts],
  ["engagements", events],
] as const) {
  writeFileSync(join(folder, `${kind}.csv`), lines.join("\n"));
  await shop.import(kind, join(folder, `${kind}.csv`));
}
const { cards } = await shop.train([sendTime({ judgedDays: 90 })]);
console.log(cards[0].because);
const plan = await shop.sendPlan({ id: "summer-sale", hours: 24, quietHours: { from: 22, to: 7 } });
for (const { name, rows } of timeZoneSegments(plan)) console.log(name, rows.length);
let shown = 0;
for await (const line of sendPlanCsv(shop.store, plan)) if (shown++ < 5) console.log(line.trim());
await shop.close();
