// Churn as you define it, in a shop of 60 customers: npm run example -- examples/churn-your-way.ts
import { churn, openWorkspace } from "@inchworm/core";

const day = 86_400_000;
const end = Date.UTC(2026, 0, 1);
const shop = await openWorkspace(":memory:", { now: () => end });

// every third customer has a day of leaving, and orders no more
const order = Array.from({ length: 60 }, (_, customer) => {
  const leaves = customer % 3 === 0 ? 150 + ((customer * 89) % 380) : 540;
  const gap = 12 + ((customer * 7) % 30);
  return Array.from({ length: Math.ceil(leaves / gap) }, (_, n) => ({
    id: `${customer}-${n}`,
    contact: `c${customer}`,
    at: end - 540 * day + (n * gap + ((n * 5) % 7)) * day,
    total: 20,
  }));
}).flat();
await shop.store.ingest({ name: "shop", system: "customer" }, { records: { order }, cursor: {} });

const { cards } = await shop.train([churn({ horizonDays: 60 })]);
for (const { verdict, because, prior } of cards) console.log(verdict, because, prior?.because);
await shop.score();
console.log((await shop.explain("customer:c4")).scores[0]?.reasons);

// or: not ordering a coffee for a month, among those who did within two
const coffee = churn({
  event: { didNot: [{ type: "order", category: "coffee" }] },
  horizonDays: 30,
});
console.log(coffee.fields[0].description);
await shop.close();
