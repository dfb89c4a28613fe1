import { logLoss } from "@inchworm/learn";
import { describe, expect, it } from "vitest";
import { recencyRule } from "../probability/recency.js";
import { day } from "../windows.js";
import { churn } from "./churn.js";
import { asOf, madeUpHistory, madeUpPeople } from "./churn-history.fixture.js";
import { plantedCustomers } from "./value-customers.fixture.js";

const horizonDays = 60;
const scorer = churn({ horizonDays });

describe("churn of a shop between few customers and many", () => {
  // 600 customers are two hundred or so on a day: alone it proved nothing in most of these shops
  it("is published, and foretells other customers better than recency alone and one rate", async () => {
    for (const seed of [2, 4]) {
      const { orders } = plantedCustomers({ customers: 1800, seed });
      const people = orders.map((own) => ({
        created: own[0].day,
        order: own.map((order) => order.day + 0.3),
      }));
      const few = madeUpHistory(people.slice(0, 600));
      const { card, artifact } = await scorer.train(few, { asOf, seed: 1 });
      expect(card.verdict).toBe("published");
      expect(card.notes?.join()).toMatch(
        /On the later days that both were judged on its log loss was 0\.\d+, against 0\.\d+ of a model of all features, which (was withheld|could be published too), and 0\.\d+ of "recency alone"/,
      );
      const others = madeUpHistory(people.slice(600));
      const { contacts, fields } = await scorer.score(others, artifact, { asOf });
      const kept = Array.from(contacts.keys()).filter(
        (row) => fields.churn_probability[row] !== null,
      );
      const active = Int32Array.from(kept, (row) => contacts[row]);
      const until = asOf + horizonDays * day;
      const truth = await scorer.outcome?.observe(others, {
        contacts: active,
        from: asOf,
        to: until,
      });
      if (!truth) throw new Error("no outcome");
      const own = Float64Array.from(kept, (row) => Number(fields.churn_probability[row]));
      const table = await others.features({ asOf, orderedSince: asOf - 2 * horizonDays * day });
      expect([...table.contacts]).toEqual([...active]);
      const now = { ...table, labels: truth, told: 0 };
      // the rule is even told how it came out
      const rule = recencyRule(now, now, {
        name: "",
        columns: ["days_since_order"],
        likelier: "long ago",
      });
      expect(logLoss(own, truth)).toBeLessThan(logLoss(rule, truth));
    }
  });

  it("keeps the model of all features where that foretells more, judged on several days", async () => {
    const people = madeUpPeople({ people: 400, seed: 4, kind: "visits" });
    const { card } = await scorer.train(madeUpHistory(people), { asOf, seed: 1 });
    if (card.kind !== "probability") throw new Error("not a probability");
    expect(card.verdict).toBe("published");
    expect(card.prior).toBeUndefined();
    const [several] = card.notes ?? [];
    expect(several).toMatch(
      /^Judged on 4 days, each foretold from days before it, because one has few people: (\d{4}-\d\d-\d\d(, )?){4}\.$/,
    );
    const labels = card.counts.evaluationRows / 4;
    expect(labels).toBeGreaterThan(150);
    expect(labels).toBeLessThan(400);
  });

  it("is withheld where nothing tells customers apart", async () => {
    for (let seed = 0; seed < 2; seed++) {
      const noise = madeUpHistory(madeUpPeople({ people: 400, seed, kind: "noise" }));
      const { card } = await churn({ horizonDays: 45 }).train(noise, { asOf, seed: 1 });
      expect(card.verdict).toBe("withheld");
      expect(card.prior).toBeUndefined();
    }
  });
});
