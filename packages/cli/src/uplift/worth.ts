import {
  type GroupOptions,
  groupsOf,
  type UpliftEffects,
  type UpliftModel,
  upliftGroups,
} from "@inchworm/learn";
import type { GroupCounts, UpliftCard } from "./card.js";

export interface Worth {
  /** What one unit of the outcome is worth. */
  readonly value?: number;
  /** What treating one person costs, in the same money. */
  readonly cost?: number;
}

export const groupOptions = (
  { controlMean }: UpliftModel,
  { value = 1, cost = 0 }: Worth,
): GroupOptions => ({
  controlMean,
  leastEffect: cost / value,
});

/** Who is of which group, and what treating the persuadable is expected to bring. */
export function gainOf(
  model: UpliftModel,
  effects: UpliftEffects,
  worth: Worth,
): Pick<UpliftCard, "groups" | "expectedGain" | "valuePerCost"> {
  const { value = 1, cost = 0 } = worth;
  if (!model.arms.some(({ signal }) => signal))
    return { groups: null, expectedGain: null, valuePerCost: null };
  const counts = { persuadable: 0, sure: 0, lost: 0, "do-not-disturb": 0 };
  let brought = 0;
  for (const [row, group] of groupsOf(effects, groupOptions(model, worth)).entries()) {
    counts[upliftGroups[group]]++;
    if (upliftGroups[group] === "persuadable")
      brought += value * effects.arms[effects.best[row]].effect[row];
  }
  const spent = cost * counts.persuadable;
  const { persuadable, sure, lost } = counts;
  const groups: GroupCounts = { persuadable, sure, lost, doNotDisturb: counts["do-not-disturb"] };
  return {
    groups,
    expectedGain: brought - spent,
    valuePerCost: spent > 0 ? brought / spent : null,
  };
}
