import { describe, expect, it } from "vitest";
import { reasonsFor, topicOf } from "./reasons.js";

const columns = [
  "days_since_order",
  "gap_ratio",
  "orders_365d",
  "opens_90d",
  "tenure_days",
  "unknown",
];
const topics = topicOf(columns);
const values: Readonly<Record<string, number>> = {
  days_since_order: 94.2,
  gap_mean_days: 31.4,
  orders_total: 9,
  orders_365d: 8,
  orders_90d: 0,
  sends_90d: 24,
  opens_90d: 1,
  tenure_days: 1200,
};
const feature = (name: string) => values[name] ?? Number.NaN;

describe("reasonsFor", () => {
  it("tells the strongest first, in plain words, and never more than three", () => {
    const all = reasonsFor(topics, Float64Array.of(0.5, 0.4, 0.3, 1.2, 0.1, 9), 1, feature);
    expect(all).toEqual([
      "opened 1 of 24 e-mails in 90 days",
      "last order 94 days ago; usually orders every 31",
      "8 orders in the last year, 0 of them in the last 90 days",
    ]);
  });

  it("tells only what pushed the score to the side it is on", () => {
    const contributions = Float64Array.of(0.9, 0, -0.6, -0.2, 0, 0);
    expect(reasonsFor(topics, contributions, 1, feature)).toEqual([
      "last order 94 days ago; usually orders every 31",
    ]);
    expect(reasonsFor(topics, contributions, -1, feature)).toEqual([
      "8 orders in the last year, 0 of them in the last 90 days",
      "opened 1 of 24 e-mails in 90 days",
    ]);
  });

  it("adds up related features, so that opposite ones cancel", () => {
    expect(reasonsFor(topics, Float64Array.of(0.5, -0.5, 0, 0, 0, 0), 1, feature)).toEqual([]);
  });

  it("says nothing where values are missing", () => {
    const nothing = () => Number.NaN;
    expect(reasonsFor(topics, Float64Array.of(1, 1, 1, 1, 1, 1), 1, nothing)).toEqual([]);
  });

  it("counts one as one", () => {
    const one = (name: string) =>
      name === "orders_total" ? 1 : name === "days_since_order" ? 1.2 : Number.NaN;
    expect(reasonsFor(topics, Float64Array.of(1, 0, 1, 0, 0, 0), 1, one)).toEqual([
      "last order 1 day ago",
      "only one order so far",
    ]);
  });
});
