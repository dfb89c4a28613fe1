// Who will cancel a subscription, from contracts kept in the store: npm run example -- examples/subscriptions.ts
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cardMarkdown, contractChurn, openWorkspace } from "@inchworm/core";

const day = 86_400_000;
const end = Date.UTC(2026, 0, 1);
const dated = (at: number) => new Date(at).toISOString().slice(0, 10);

// 1,200 subscriptions of two years: the basic plan is left soonest, and who leaves stops logging in three weeks before
const folder = mkdtempSync(join(tmpdir(), "inchworm-"));
const [contracts, visits]: [string[], string[]] = [[], []];
for (let row = 0; row < 1200; row++) {
  const plan = row % 2 ? "basic" : "pro";
  const began = end - ((row * 101) % 730) * day;
  const left = began + (plan === "basic" ? 120 : 400) * (0.2 + ((row * 53) % 97) / 40) * day;
  contracts.push(`s${row},c${row},${plan},${dated(began)},${left < end ? dated(left) : ""}`);
  for (let at = began; at < Math.min(left - 21 * day, end); at += (3 + ((row * 7) % 9)) * day)
    visits.push(`c${row},visit,${dated(at)}`);
}
const write = (name: string, head: string, lines: readonly string[]) => {
  writeFileSync(join(folder, name), [head, ...lines].join("\n"));
  return join(folder, name);
};

const shop = await openWorkspace(":memory:", { now: () => end });
const columns = "subscription id,customer,plan,start date,cancelled at";
await shop.import("contracts", write("contracts.csv", columns, contracts));
await shop.import("engagements", write("visits.csv", "customer,type,date", visits));

const { cards } = await shop.train([contractChurn({ horizonDays: 60 })]);
for (const card of cards) console.log(cardMarkdown(card));
console.log(await shop.score());
await shop.close();
rmSync(folder, { recursive: true });
