import { upliftGroups } from "@inchworm/learn";
import type { Field } from "@inchworm/spec";

export const upliftFields = [
  {
    name: "uplift_group",
    label: "What the message does",
    description:
      "persuadable: it brings more than it costs. sure: would do it anyway. lost: would do it neither way. do-not-disturb: it does harm.",
    type: "category",
    options: upliftGroups,
  },
  {
    name: "uplift",
    label: "Effect of the message",
    description:
      "By how much the message is expected to change the outcome of people like this contact.",
    type: "number",
    decimals: 4,
  },
  {
    name: "uplift_low",
    label: "Effect, low end",
    description: "Low end of the 95 % interval of the effect.",
    type: "number",
    decimals: 4,
  },
  {
    name: "uplift_high",
    label: "Effect, high end",
    description: "High end of the 95 % interval of the effect.",
    type: "number",
    decimals: 4,
  },
  {
    name: "uplift_arm",
    label: "Which message",
    description:
      "Of several messages the one whose effect is surest; empty where none is sure to help.",
    type: "text",
  },
  {
    name: "uplift_gain",
    label: "Expected gain",
    description: "What the message is expected to bring, its cost taken off.",
    type: "number",
    decimals: 2,
  },
  {
    name: "uplift_value_per_cost",
    label: "Value per unit of cost",
    description:
      "What the message is expected to bring for each unit of money that it costs; empty where it costs nothing.",
    type: "number",
    decimals: 2,
  },
] as const satisfies readonly Field[];
