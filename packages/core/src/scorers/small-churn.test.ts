import { logLoss } from "@inchworm/learn";
import { describe, expect, it } from "vitest";
import { cardMarkdown } from "../markdown.js";
import { day } from "../windows.js";
import { churn } from "./churn.js";
import { asOf, madeUpHistory, madeUpPeople } from "./churn-history.fixture.js";
import { verdictOf } from "./small-card.js";
import { plantedCustomers } from "./value-customers.fixture.js";

const horizonDays = 60;
const scorer = churn({ horizonDays });

/** Customers of the BG/NBD model: not the family that the priors come from. */
function shop(customers: number, seed: number) {
  const { orders } = plantedCustomers({ customers: customers + 800, seed });
  const people = orders.map((own) => ({
    created: own[0].day,
    order: own.map((order) => order.day + 0.3),
  }));
  return { few: madeUpHistory(people.slice(0, customers)), others: people.slice(customers) };
}

describe("churn from about fifty customers", () => {
  it("foretells other customers of the shop better than one rate for all and the raw rates", async () => {
    for (const customers of [50, 200]) {
      let beaten = 0;
      for (let seed = 1; seed <= 10; seed++) {
        const { few, others } = shop(customers, seed);
        const { artifact } = await scorer.train(few, { asOf, seed: 1 });
        const later = madeUpHistory(others);
        const { contacts, fields } = await scorer.score(later, artifact, { asOf });
        const kept = Array.from(contacts.keys()).filter(
          (row) => fields.churn_probability[row] !== null,
        );
        const truth = await scorer.outcome?.observe(later, {
          contacts: Int32Array.from(kept, (row) => contacts[row]),
          from: asOf,
          to: asOf + horizonDays * day,
        });
        if (!truth) throw new Error("no outcome");
        const past = await scorer.preview?.(few, { asOf });
        const rate = (past?.positives ?? 0) / (past?.population ?? 1);
        const own = Float64Array.from(kept, (row) => Number(fields.churn_probability[row]));
        if (logLoss(own, truth) < logLoss(new Float64Array(kept.length).fill(rate), truth))
          beaten++;
      }
      expect(beaten, `${customers} customers`).toBeGreaterThanOrEqual(9);
    }
  });

  it("says how much of it is prior, how far it may be off, and what more customers would change", async () => {
    const people = madeUpPeople({ people: 60, seed: 3, kind: "visits" });
    const { card, artifact } = await scorer.train(madeUpHistory(people), { asOf, seed: 1 });
    expect(card.verdict).toBe("published");
    expect(card.because).toMatch(/^Led by priors, and borne out by later days: log loss 0\.\d+ /);
    const share = card.prior?.share;
    expect(share).toBeGreaterThan(0.2);
    expect(share).toBeLessThan(0.8);
    expect(card.prior?.because).toMatch(
      /with 60 customers \d+ % of them is prior, with 120 it would be \d+ %, and with about \d+ the intervals would be half as wide/,
    );
    expect(cardMarkdown(card)).toContain("Share of the prior in the answer: 0.");
    const saved = JSON.parse(JSON.stringify(artifact));
    const { reasons, abstained } = await scorer.score(madeUpHistory(people), saved, { asOf });
    for (const [row, own] of reasons.entries()) {
      if (abstained[row] !== undefined) continue;
      expect(own.length).toBeLessThanOrEqual(3);
      expect(own.at(-1)).toMatch(/^few customers to learn from: likely between \d+ and \d+ %$/);
    }
  });

  it("withholds itself where nothing tells customers apart, whatever their number", async () => {
    for (const people of [50, 200])
      for (let seed = 0; seed < 20; seed++) {
        const noise = madeUpHistory(madeUpPeople({ people, seed, kind: "noise" }));
        const { card } = await churn({ horizonDays: 45 }).train(noise, { asOf, seed: 1 });
        expect(card.verdict, `${people} people, seed ${seed}`).toBe("withheld");
        expect(card.because).toMatch(/contradict the priors|20 to 1 are needed|raw rates/);
      }
  });

  it("says what is missing where nobody left, or nobody stayed", async () => {
    const today = asOf / day;
    const weekly = Array.from({ length: 50 }, () => ({
      created: today - 500,
      order: Array.from({ length: 72 }, (_, week) => today - 500 + 7 * week),
    }));
    await expect(scorer.train(madeUpHistory(weekly), { asOf, seed: 1 })).rejects.toThrow(
      /^churn: needs 5 active customers with no order in the 60 days after, and there are 0: 5 are missing/,
    );
  });
});

describe("verdictOf", () => {
  const window = (model: number[], labels: number[]) => ({
    model: Float64Array.from(model),
    raw: new Float64Array(labels.length).fill(0.5),
    labels: Float64Array.from(labels),
  });
  const labels = [1, 1, 1, 1, 0, 0, 0, 0];

  it("asks for evidence of twenty to one against the best one rate in hindsight", () => {
    // 8 outcomes of even odds: the best rate gives 8 ln 2; 0.75 on each gives 8 ln 4/3: odds of 1.5 ^ 8 = 25.6
    const sure = labels.map((label) => (label === 1 ? 0.75 : 0.25));
    expect(verdictOf([window(sure, labels)], 8)).toMatchObject({ verdict: "published" });
    expect(verdictOf([window(sure, labels)], 8).because).toContain("26 to 1");
    // 0.7 gives odds of 1.4 ^ 8 = 14.8, and an outcome more brings .34 of the .30 that are missing
    const less = labels.map((label) => (label === 1 ? 0.7 : 0.3));
    const { verdict, because } = verdictOf([window(less, labels)], 8);
    expect(verdict).toBe("withheld");
    expect(because).toMatch(
      /odds of 15 to 1, and 20 to 1 are needed: about 1 outcomes are missing/,
    );
    const wrong = labels.map((label) => (label === 1 ? 0.25 : 0.75));
    expect(verdictOf([window(wrong, labels)], 8).because).toMatch(/contradict the priors/);
  });
});
