import type { Field } from "@inchworm/spec";

export const churn: Field = {
  name: "churn_probability",
  label: "Churn probability",
  description: "How likely no order comes.",
  type: "number",
  decimals: 2,
};
export const segment: Field = {
  name: "segment",
  label: "Segment",
  description: "Kind of customer.",
  type: "category",
  options: ["loyal", "new"],
};
export const fields = [churn, segment];

/** Noon of a day in July 2026. */
export const noon = Date.UTC(2026, 6, 1, 12);
