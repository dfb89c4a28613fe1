// Who will cancel a subscription, from a flat table: npm run example -- examples/contract-churn.ts
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cardMarkdown, contractChurn, openWorkspace } from "@inchworm/core";

const day = 86_400_000;
const end = Date.UTC(2026, 0, 1);
const dated = (at: number) => new Date(at).toISOString().slice(0, 10);

// 1,500 contracts of two years: small teams on the basic plan leave soonest
const folder = mkdtempSync(join(tmpdir(), "inchworm-"));
const file = join(folder, "contracts.csv");
const lines = Array.from({ length: 1500 }, (_, row) => {
  const [plan, seats] = [row % 2 ? "basic" : "pro", 1 + ((row * 37) % 40)];
  const began = end - ((row * 101) % 730) * day;
  const stays = (plan === "basic" ? 30 : 200) * (1 + seats / 10) * (0.2 + ((row * 53) % 97) / 30);
  const left = began + stays * day;
  return `c${row},${plan},${seats},${dated(began)},${left < end ? dated(left) : ""}`;
});
writeFileSync(file, ["customer,plan,seats,since,cancelled on", ...lines].join("\n"));

const shop = await openWorkspace(":memory:", { now: () => end });
const order = lines.map((_, row) => ({
  id: `${row}`,
  contact: `c${row}`,
  at: end - day,
  total: 1,
}));
await shop.store.ingest({ name: "shop", system: "customer" }, { records: { order }, cursor: {} });

const table = { file, customer: "customer", start: "since", end: "cancelled on" };
const { cards } = await shop.train([contractChurn({ table, horizonDays: 60 })]);
for (const card of cards) console.log(cardMarkdown(card));
console.log(await shop.score());
await shop.close();
rmSync(folder, { recursive: true });
