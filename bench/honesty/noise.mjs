/** Whether nothing was published: withheld, or refused because too little happened to learn from. */
export async function verdictOf(training) {
  try {
    return (await training).card.verdict;
  } catch (error) {
    if (error.code === "insufficient-data") return "refused";
    throw error;
  }
}

/** Shops in which nothing tells customers apart: whatever is published there is luck. */
export function noiseTrials(world) {
  const { churn, leadScore, value, nextOrder, asOf } = world;
  const { madeUpHistory, madeUpPeople, inMemoryHistory, plantedCustomers } = world;
  const withheld = async (scorer, history, at) => ({
    withheld: (await verdictOf(scorer.train(history, { asOf: at, seed: 1 }))) !== "published",
  });
  const people = (options) => madeUpHistory(madeUpPeople(options));
  const alike = (scorer) => (seed) => {
    const shop = plantedCustomers({ customers: 250, seed, kind: "alike", futureDays: 0 });
    return withheld(scorer, inMemoryHistory(shop.orders), shop.asOf);
  };
  return [
    {
      scorer: "churn",
      name: "churn, 700 customers",
      run: (seed) =>
        withheld(churn({ horizonDays: 45 }), people({ people: 700, seed, kind: "noise" }), asOf),
    },
    ...[50, 200].map((customers) => ({
      scorer: "churn",
      name: `churn, ${customers} customers`,
      share: 5,
      run: (seed) =>
        withheld(
          churn({ horizonDays: 45 }),
          people({ people: customers, seed, kind: "noise" }),
          asOf,
        ),
    })),
    {
      scorer: "lead-score",
      name: "lead score, 900 leads",
      run: (seed) =>
        withheld(
          leadScore({ horizonDays: 30 }),
          people({ people: 900, seed, kind: "idle leads" }),
          asOf,
        ),
    },
    {
      scorer: "value",
      name: "value, 250 customers",
      share: 2.5,
      run: alike(value({ horizonDays: 90 })),
    },
    {
      scorer: "next-order",
      name: "next order, 250 customers",
      share: 2.5,
      run: alike(nextOrder()),
    },
  ];
}
