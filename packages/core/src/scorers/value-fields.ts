import type { Field } from "@inchworm/spec";

export type ValueField =
  | "value_expected"
  | "value_low"
  | "value_middle"
  | "value_high"
  | "value_orders"
  | "value_alive"
  | "value_percentile"
  | "value_historic"
  | "value_reason";

export function valueFields(
  horizonDays: number,
): readonly (Field & { readonly name: ValueField })[] {
  const ahead = `the next ${horizonDays} days`;
  return [
    {
      name: "value_expected",
      label: "Expected value",
      description: `What the customer is expected to spend in ${ahead}, on average over customers like this one.`,
      type: "number",
      decimals: 2,
    },
    {
      name: "value_low",
      label: "Expected value, low end",
      description: `Of 10 customers like this one, 1 spends less than this in ${ahead}.`,
      type: "number",
      decimals: 2,
    },
    {
      name: "value_middle",
      label: "Expected value, middle",
      description: `Of 10 customers like this one, 5 spend less than this in ${ahead}: closest to what one customer spends, where the average is closest to what many spend together.`,
      type: "number",
      decimals: 2,
    },
    {
      name: "value_high",
      label: "Expected value, high end",
      description: `Of 10 customers like this one, 1 spends more than this in ${ahead}.`,
      type: "number",
      decimals: 2,
    },
    {
      name: "value_orders",
      label: "Expected orders",
      description: `Days with an order that are expected in ${ahead}.`,
      type: "number",
      decimals: 2,
    },
    {
      name: "value_alive",
      label: "Still a customer",
      description: "Probability that the customer has not left for good, 0 to 1.",
      type: "number",
      decimals: 3,
    },
    {
      name: "value_percentile",
      label: "Value percentile",
      description: "Rank of the expected value among all customers: 100 is the most valuable.",
      type: "number",
    },
    {
      name: "value_historic",
      label: "Spent so far",
      description: "Total of all orders so far, returns not taken off.",
      type: "number",
      decimals: 2,
    },
    {
      name: "value_reason",
      label: "Value reasons",
      description: "What the expected value follows from.",
      type: "text",
    },
  ];
}
