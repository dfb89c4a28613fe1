import type { UpliftModelCard } from "@inchworm/spec";
import { type CardParts, measured, number } from "./format.js";

const advice = {
  ranked: "treat those who gain",
  all: "treat all",
  none: "treat none",
  undecided: "nothing speaks for treating anybody",
};

export function upliftParts({ metrics, rule, counts, ...card }: UpliftModelCard): CardParts {
  return {
    rows: [
      ["Qini coefficient", metrics.qini, 0],
      ["effect on the 30 % ranked highest", metrics.uplift30, rule.effect],
    ],
    gain: `Qini ${measured(metrics.qini)}`,
    learnedFrom: `${counts.trainingRows} people in "${card.arm}" and "${card.control}", ${counts.treated} of them treated, by ${card.model},`,
    judgedOn: "the same people, each by models that had not seen them,",
    tables: [
      "| treatment | mean effect | advice |",
      "|---|---|---|",
      ...card.arms.map(
        ({ arm, effect, treat }) => `| ${arm} | ${measured(effect)} | ${advice[treat]} |`,
      ),
      "",
      `The mean effect on all is ${number(rule.effect.value, 4)}.`,
      "",
    ],
  };
}
