import type { Field } from "@inchworm/spec";

/** How many days ahead the probabilities look. */
export const aheads = [7, 14, 30] as const;

const within = (days: (typeof aheads)[number]) =>
  ({
    name: `next_order_probability_${days}d`,
    label: `Order within ${days} days`,
    description: `Probability of an order within ${days} days, 0 to 1.`,
    type: "number",
    decimals: 3,
  }) as const satisfies Field;

/** Dates are text: they sort as they read, and do not change from night to night as a number of days would. */
export const nextOrderFields = [
  {
    name: "next_order_date",
    label: "Next order date",
    description:
      "Day by which half of the customers like this one who order again have done so, as 2026-03-31. Empty where another order is unlikely.",
    type: "text",
  },
  {
    name: "next_order_from",
    label: "Next order from",
    description: "Start of the window that holds the next order in 8 of 10 cases, as 2026-03-31.",
    type: "text",
  },
  {
    name: "next_order_until",
    label: "Next order until",
    description: "End of the window that holds the next order in 8 of 10 cases, as 2026-03-31.",
    type: "text",
  },
  within(7),
  within(14),
  within(30),
  {
    name: "next_order_probability",
    label: "Orders again",
    description: "Probability of ever ordering again, 0 to 1.",
    type: "number",
    decimals: 3,
  },
  {
    name: "next_order_reason",
    label: "Next order reasons",
    description: "What the next order date follows from.",
    type: "text",
  },
] as const satisfies readonly Field[];

export type NextOrderField = (typeof nextOrderFields)[number]["name"];
