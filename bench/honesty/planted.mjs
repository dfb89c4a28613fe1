import { verdictOf } from "./noise.mjs";

/** Shops with a planted driver: how often it is found, published and named first. Without this, withholding would be cheap. */
export function plantedTrials(world) {
  const { churn, leadScore, value, nextOrder, asOf } = world;
  const { madeUpHistory, madeUpPeople, inMemoryHistory, plantedCustomers } = world;
  const named = async (scorer, history) => {
    const training = scorer.train(history, { asOf, seed: 1 });
    const published = (await verdictOf(training)) === "published";
    const driver = published && (await training).card.drivers[0]?.feature;
    return { published, "named first": published && /visit|active_days/.test(driver) };
  };
  const varied = (scorer) => async (seed) => {
    const shop = plantedCustomers({ customers: 600, seed, futureDays: 0 });
    const history = inMemoryHistory(shop.orders);
    const verdict = await verdictOf(scorer.train(history, { asOf: shop.asOf, seed: 1 }));
    return { published: verdict === "published" };
  };
  return [
    {
      scorer: "churn",
      name: "churn, 900 who stop visiting first",
      share: 0.25,
      run: (seed) =>
        named(
          churn({ horizonDays: 45 }),
          madeUpHistory(madeUpPeople({ people: 900, seed, kind: "visits" })),
        ),
    },
    {
      scorer: "lead-score",
      name: "lead score, 2,500 whom visits lead",
      share: 0.25,
      run: (seed) =>
        named(
          leadScore({ horizonDays: 30 }),
          madeUpHistory(madeUpPeople({ people: 2500, seed, kind: "leads" })),
        ),
    },
    {
      scorer: "value",
      name: "value, 600 customers who differ",
      run: varied(value({ horizonDays: 90 })),
    },
    { scorer: "next-order", name: "next order, 600 who differ", run: varied(nextOrder()) },
  ];
}
