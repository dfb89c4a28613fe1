// What to offer whom next, and what goes with what: npm run example -- examples/recommend.ts
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openWorkspace, recommend } from "@inchworm/core";
import { random } from "@inchworm/learn";

// 300 customers over half a year: each likes cooking, gardening or reading, and buys mostly of that
const { below, uniform } = random(1);
const tastes = ["kitchen", "garden", "book"];
const orders = ["order_id,customer_id,date,sku,quantity,price"];
for (let customer = 0; customer < 300; customer++)
  for (let order = 0; order < 8; order++) {
    const date = new Date(Date.UTC(2025, 0, 1 + below(180))).toISOString().slice(0, 10);
    for (let line = 0; line < 2; line++) {
      const taste = uniform() < 0.9 ? tastes[customer % 3] : tastes[below(3)];
      orders.push(`${customer}-${order},${customer},${date},${taste}-${below(20)},1,9.90`);
    }
  }
const folder = mkdtempSync(join(tmpdir(), "inchworm-"));
const file = join(folder, "orders.csv");
writeFileSync(file, orders.join("\n"));

const shop = await openWorkspace(join(folder, "shop.duckdb"));
await shop.import("orders", file);
const { cards } = await shop.train([recommend({ kind: "product", k: 5 })]);
console.log(cards[0].because);
const [{ categories }] = await shop.score();
console.log(categories.recommend_product_basis);
const { scores } = await shop.explain("customer:1");
console.log(scores[0].values.recommend_product_names, scores[0].reasons);

// a customer and a visitor of a minute ago, by rules of today; what is like an item; what goes with what
const visitor = [{ item: "garden-3", type: "cart" }] as const;
const rules = { k: 3, exclude: ["garden-4"], restDays: 90 };
for (const { basis, items } of await shop.recommend(["customer:1", visitor], rules))
  console.log(basis, items);
console.log(await shop.similarItems("book-7", { k: 3 }));
for (const { names, lift } of await shop.boughtTogether()) console.log(names, lift);
await shop.close();
