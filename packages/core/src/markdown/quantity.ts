import type { Measured, QuantityCard, QuantityMetrics } from "@inchworm/spec";
import { type CardParts, measured, number } from "./format.js";

export function quantityParts(card: QuantityCard): CardParts {
  const { unit, counts, metrics, rule, rules, gain } = card;
  const named: readonly (readonly [string, keyof QuantityMetrics])[] = [
    [`mean absolute error, ${unit}`, "mae"],
    [`pinball loss, ${unit}`, "pinball"],
    [`forecast minus truth, ${unit}`, "bias"],
    ["truths in the 50 % interval", "coverage50"],
    ["truths in the 80 % interval", "coverage80"],
    [`width of the 80 % interval, ${unit}`, "width80"],
    ["ranking (Gini over perfect)", "gini"],
    ["AUC of the probability", "auc"],
    ["calibration error of the probability", "calibrationError"],
  ];
  return {
    rows: named.flatMap(([name, key]) => {
      const own = metrics[key];
      return own === undefined
        ? []
        : [[name, own, rule[key]] as [string, Measured, Measured | undefined]];
    }),
    gain: [
      `mean absolute error ${measured(gain.mae)}`,
      ...(gain.pinball ? [`pinball loss ${measured(gain.pinball)}`] : []),
    ].join(", "),
    learnedFrom: `${counts.trainingRows} rows`,
    judgedOn: `${counts.evaluationRows} rows (${number(card.mean)} ${unit} on average)`,
    tables: [
      `| simple rule | mean absolute error, ${unit} |${rules[0].pinball ? " pinball loss |" : ""}`,
      `|---|---|${rules[0].pinball ? "---|" : ""}`,
      ...rules.map(
        ({ name, mae, pinball }) =>
          `| ${name} | ${measured(mae)} |${pinball ? ` ${measured(pinball)} |` : ""}`,
      ),
      "",
      `| forecast, ${unit} | came | rows |`,
      "|---|---|---|",
      ...card.calibration.map(
        (group) => `| ${number(group.predicted)} | ${number(group.observed)} | ${group.rows} |`,
      ),
      "",
    ],
  };
}
