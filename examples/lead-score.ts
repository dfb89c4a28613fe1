// Which contacts will place a first order: npm run example -- examples/lead-score.ts
import { cardMarkdown, leadScore, openWorkspace } from "@inchworm/core";
import { madeUpShop } from "@inchworm/sandbox";

const shop = await openWorkspace(":memory:");
let page = 0;
for (const records of madeUpShop({ contacts: 4000, seed: 5 }).history())
  await shop.store.ingest(
    { name: "shop", system: "customer" },
    { records, cursor: { page: page++ } },
  );

const scorer = leadScore({ goal: "first-order", horizonDays: 60 });
const { last = 0 } = await shop.store.summary();
console.log("before training:", await scorer.preview?.(shop.store, { asOf: last }));

const { cards, untrained } = await shop.train([scorer]);
for (const card of cards) console.log(cardMarkdown(card));
for (const { because } of untrained) console.log(because);
console.log(await shop.score());
await shop.close();
