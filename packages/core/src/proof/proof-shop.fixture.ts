import { random } from "@inchworm/learn";
import type { Order } from "@inchworm/spec";
import { openWorkspace, type Workspace } from "../workspace.js";

export const day = 86_400_000;
export const start = Date.UTC(2025, 0, 1);

/** A shop in memory whose clock can be set; everybody orders at a rate of their own, a day in the week of which the past tells. */
export async function proofShop(people: number, seed = 1) {
  const draws = random(seed);
  const rates = Float64Array.from({ length: people }, () => 0.05 + 0.4 * draws.uniform() ** 2);
  let today = start;
  const shop = await openWorkspace(":memory:", { now: () => today });
  await shop.store.ingest(
    { name: "hubspot:contacts", system: "hubspot" },
    {
      records: {
        contact: Array.from(rates, (_, id) => ({ id: String(id), email: `p${id}@example.com` })),
      },
      cursor: {},
    },
  );
  let numbered = 0;
  return {
    shop,
    rates,
    today: (at: number) => {
      today = at;
    },
    /** Orders of `days` days from `from` on; `gain` adds to each person's chance per week. */
    async order(from: number, days: number, gain: (contact: number) => number = () => 0) {
      const order: Order[] = [];
      for (const [id, rate] of rates.entries())
        for (let week = 0; week < days / 7; week++)
          if (draws.uniform() < rate + gain(id + 1))
            order.push({
              id: `o${numbered++}`,
              contact: String(id),
              at: from + (7 * week + Math.floor(7 * draws.uniform())) * day + 3_600_000,
              total: Math.round(100 * Math.exp(3 + 0.5 * draws.normal())) / 100,
            });
      await shop.store.ingest(
        { name: "hubspot:orders", system: "hubspot" },
        { records: { order }, cursor: {} },
      );
    },
  } satisfies { shop: Workspace } & Record<string, unknown>;
}
