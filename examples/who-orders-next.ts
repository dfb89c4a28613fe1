// What each customer will spend, and when they order next: npm run example -- examples/who-orders-next.ts
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cardMarkdown, nextOrder, openWorkspace, value } from "@inchworm/core";
import { random } from "@inchworm/learn";

// 400 customers over two years: each has a rhythm of their own, and leaves after some order or other
const { uniform } = random(1);
const lines = ["order_id,customer_id,date,total"];
for (let customer = 0; customer < 400; customer++) {
  const rhythm = 10 + 90 * uniform();
  const basket = 10 + 90 * uniform();
  for (let day = 700 * uniform(); day < 730; day += rhythm * -Math.log(uniform())) {
    const date = new Date(Date.UTC(2024, 0, 1 + Math.floor(day))).toISOString().slice(0, 10);
    lines.push(`${lines.length},${customer},${date},${(basket * (0.5 + uniform())).toFixed(2)}`);
    if (uniform() < 0.1) break;
  }
}
const folder = mkdtempSync(join(tmpdir(), "inchworm-"));
const file = join(folder, "orders.csv");
writeFileSync(file, lines.join("\n"));

const shop = await openWorkspace(join(folder, "shop.duckdb"));
await shop.import("orders", file);
const { cards } = await shop.train([value({ horizonDays: 180 }), nextOrder()]);
for (const card of cards) console.log(cardMarkdown(card));
await shop.score();
const { scores } = await shop.explain("customer:7");
for (const { scorer, reasons } of scores) console.log(`${scorer}: ${reasons.join("; ")}`);
await shop.close();
