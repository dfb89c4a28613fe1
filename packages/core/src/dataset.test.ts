import { random } from "@inchworm/learn";
import { describe, expect, it } from "vitest";
import { outcomeDataset, uniform } from "./dataset.js";
import type { Question } from "./probability/question.js";
import type { History } from "./scorer.js";
import { asOf, madeUpHistory } from "./scorers/churn-history.fixture.js";
import { day } from "./windows.js";

const today = asOf / day;
const { uniform: draw } = random(1);
/** 20,000 people, one in a hundred of whom orders within ten days. */
const people = Array.from({ length: 20_000 }, () => ({
  created: today - 100,
  order: draw() < 0.01 ? [today + 10 * draw()] : [],
}));
const whole = madeUpHistory(people);
/** A history that draws shares of the people, as a store does. */
const history: History = {
  ...whole,
  async features(options) {
    const table = await whole.features(options);
    const kept = Array.from(table.contacts.keys()).filter(
      (row) => uniform(table.contacts[row], 3) < (options.sample ?? 1),
    );
    return {
      rows: kept.length,
      contacts: Int32Array.from(kept, (row) => table.contacts[row]),
      columns: table.columns.map((column) => ({
        ...column,
        values: Float32Array.from(kept, (row) => column.values[row]),
      })),
    };
  },
};
const question: Question = {
  scorer: "test",
  horizonDays: 10,
  population: async () => ({
    size: people.length,
    excluded: (table) => new Array(table.rows).fill(undefined),
  }),
  async observe(store, { contacts, from, to }) {
    const { contacts: came } = await store.reached({ events: [{ type: "order" }], from, to });
    return Float64Array.from(contacts, (contact) => (came.includes(contact) ? 1 : 0));
  },
};
const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
const options = { cutoffs: [asOf], mostRows: 1000, columns: ["tenure_days"] };

describe("outcomeDataset", () => {
  it("draws more people for what rarely comes, and lets those who did not weigh for those left out", async () => {
    const plain = await outcomeDataset(history, question, options);
    expect(plain.rows).toBeLessThan(1150);
    expect(plain.weights).toBeUndefined();
    const rare = { positives: 100, times: 20, thin: true };
    const thin = await outcomeDataset(history, question, { ...options, rare });
    expect(sum(thin.labels)).toBeGreaterThan(80);
    expect(thin.rows - sum(thin.labels)).toBeLessThan(1150);
    const weights = thin.weights ?? new Float64Array(0);
    const rate = sum(thin.labels) / sum(weights);
    expect(rate).toBeGreaterThan(0.008);
    expect(rate).toBeLessThan(0.012);
    const all = await outcomeDataset(history, question, {
      ...options,
      rare: { ...rare, thin: false },
    });
    expect(all.weights).toBeUndefined();
    expect(sum(all.labels)).toBe(sum(thin.labels));
    expect(all.rows).toBeGreaterThan(5000);
  });

  it("computes a day that is known once", async () => {
    const known = new Map();
    const first = await outcomeDataset(history, question, { ...options, known });
    const refusing = { ...history, features: () => Promise.reject(new Error("asked again")) };
    expect(await outcomeDataset(refusing, question, { ...options, known })).toEqual(first);
  });
});
