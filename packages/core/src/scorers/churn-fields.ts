import type { Field } from "@inchworm/spec";

export const churnFields = (asked: string): readonly Field[] => [
  {
    name: "churn_probability",
    label: "Churn probability",
    description: `${asked.replace(/^Will this (customer|person)/, "Probability that this $1 will").replace(/\?$/, "")}, 0 to 1.`,
    type: "number",
    decimals: 3,
  },
  {
    name: "churn_band",
    label: "Churn band",
    description:
      "Among those scored: high is the riskiest fifth, medium the next three tenths, low the rest.",
    type: "category",
    options: ["low", "medium", "high"],
  },
  {
    name: "churn_reason",
    label: "Churn reasons",
    description: "Up to three reasons for the churn probability.",
    type: "text",
  },
];
