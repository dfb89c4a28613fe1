import { random } from "@inchworm/learn";
import type { RecordBatch } from "@inchworm/spec";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openWorkspace } from "../workspace.js";
import { recommend } from "./recommend.js";
import { offerRates } from "./recommend-card.js";
import { chooseOffers } from "./recommend-offers.js";

const day = 86_400_000;

describe("chooseOffers", () => {
  const choices = fc
    .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 3 }))
    .chain(([people, k]) =>
      fc.record({
        people: fc.constant(people),
        k: fc.constant(k),
        margins: fc.array(fc.double({ min: 0, max: 10, noNaN: true }), {
          minLength: people * k,
          maxLength: people * k,
        }),
        costs: fc.array(fc.constantFrom(0, 0.5, 1, 2, 5), { minLength: 3, maxLength: 3 }),
        budget: fc.constantFrom(0, 1, 3, 8, Infinity),
      }),
    );

  it("keeps to the budget, makes no offer at a loss, and is never far from the best there is", () => {
    fc.assert(
      fc.property(choices, ({ people, k, margins, costs, budget }) => {
        const items = Int32Array.from({ length: people * k }, (_, at) => at % k);
        const choice = {
          people,
          k,
          items,
          margins: Float64Array.from(margins),
          costs: Float64Array.from(costs),
        };
        const { items: chosen, values } = chooseOffers(choice, budget);
        let spent = 0;
        let earned = 0;
        for (let person = 0; person < people; person++) {
          const first = chosen[person * k];
          expect(first < 0).toBe(Number.isNaN(values[person]));
          if (first < 0) continue;
          expect(values[person]).toBeCloseTo(margins[person * k + first] - costs[first], 9);
          spent += costs[first];
          earned += values[person];
          for (let at = 0; at < k && chosen[person * k + at] >= 0; at++) {
            const item = chosen[person * k + at];
            expect(margins[person * k + item]).toBeGreaterThan(costs[item]);
          }
        }
        expect(spent).toBeLessThanOrEqual(budget + 1e-9);
        // the relaxed problem can be better by no more than one person's best offer
        const most = Math.max(...margins);
        expect(earned).toBeGreaterThanOrEqual(bestOf(choice, budget) - most - 1e-9);
        if (budget === Infinity) expect(earned).toBeCloseTo(bestOf(choice, budget), 9);
      }),
      { numRuns: 200 },
    );
  });

  /** Every way of giving each person one offer or none. */
  function bestOf(
    { people, k, margins, costs }: Parameters<typeof chooseOffers>[0],
    budget: number,
  ) {
    const from = (person: number, left: number): number => {
      if (person === people) return 0;
      let best = from(person + 1, left);
      for (let item = 0; item < k; item++)
        if (costs[item] <= left)
          best = Math.max(
            best,
            margins[person * k + item] - costs[item] + from(person + 1, left - costs[item]),
          );
      return best;
    };
    return from(0, budget);
  }
});

describe("offerRates", () => {
  it("are shares of what was taken at each place, never rising down the list", () => {
    const items = Int32Array.from([0, 1, 2, 0, 1, 2, 0, 1, -1, 0, 1, -1]);
    const taken = new Map([
      [0, new Set([0])],
      [1, new Set([1])],
      [2, new Set([1])],
      [5, new Set([0])],
    ]);
    const rates = offerRates({ k: 3, items }, Int32Array.of(0, 1, 2, 3), taken);
    expect(rates).toEqual([3.5 / 8, 3.5 / 8, 0]);
  });
});

/**
 * Six offers, half of them liked by each half of the people, who take them up now and then. Every third person orders every week
 * whatever they are offered.
 */
function offeringShop(until: number): RecordBatch {
  const { uniform, below } = random(4);
  const orderLine: Required<RecordBatch>["orderLine"][number][] = [];
  const engagement: Required<RecordBatch>["engagement"][number][] = [];
  const line = (contact: string, item: string, at: number) =>
    orderLine.push({
      order: `o${orderLine.length}`,
      contact,
      item,
      at,
      quantity: 1,
      unitPrice: 10,
    });
  for (let person = 0; person < 240; person++) {
    const contact = `${person}`;
    for (let week = until - 170 * day; week < until - 7 * day; week += 7 * day) {
      const at = week + 6 * day * uniform();
      if (person % 3 === 0) line(contact, "bread", at);
      else if (uniform() < 0.02) line(contact, "bread", at);
      if (uniform() > 0.3) continue;
      const offer = 3 * (person % 2) + below(3);
      engagement.push({
        id: `e${engagement.length}`,
        contact,
        type: "click",
        at,
        item: `offer-${offer}`,
      });
    }
  }
  return {
    contact: Array.from({ length: 241 }, (_, person) => ({
      id: `${person}`,
      createdAt: until - 180 * day,
    })),
    item: Array.from({ length: 6 }, (_, at) => ({
      id: `offer-${at}`,
      kind: "offer" as const,
      margin: 20,
      cost: 1,
    })),
    orderLine,
    engagement,
  };
}

describe("offers", () => {
  it("go by what they earn, not first to those who buy anyway, within the budget", async () => {
    const until = Date.UTC(2025, 6, 1);
    const shop = await openWorkspace(":memory:", { now: () => until });
    await shop.store.ingest(
      { name: "shop", system: "shop" },
      { records: offeringShop(until), cursor: {} },
    );
    const offers = recommend({ kind: "offer", k: 3, restDays: 0 });
    const { card, artifact } = await offers.train(shop.store, { asOf: until, seed: 1 });
    expect(card.verdict).toBe("published");
    expect(card.notes?.join(" ")).toMatch(/orders anyway stands in/);
    const free = await offers.score(shop.store, artifact, { asOf: until });
    const value = free.fields.recommend_offer_value.map((one) =>
      typeof one === "number" ? one : 0,
    );
    const meanOf = (isRegular: boolean) => {
      const own = value.filter((_, row) => row < 240 && (row % 3 === 0) === isRegular);
      return own.reduce((sum, one) => sum + one, 0) / own.length;
    };
    expect(meanOf(true)).toBeLessThan(meanOf(false) / 2);
    const tasteful = free.fields.recommend_offer_first.filter(
      (first, row) =>
        typeof first === "string" && row < 240 && Number(first.slice(6)) >= 3 === (row % 2 === 1),
    );
    const made = free.fields.recommend_offer_first.filter((first) => first !== null);
    expect(tasteful.length / made.length).toBeGreaterThan(0.9);

    const tight = recommend({ kind: "offer", k: 3, restDays: 0, budget: 25 });
    const spared = await tight.score(shop.store, artifact, { asOf: until });
    const offered = spared.abstained.flatMap((why, row) => (why === undefined ? [row] : []));
    expect(offered).toHaveLength(25);
    expect(spared.abstained.find((why) => why !== undefined)).toBe("no offer is worth its cost");
    expect(offered.filter((row) => row % 3 === 0)).toEqual([]);
    await shop.close();
  });
});
