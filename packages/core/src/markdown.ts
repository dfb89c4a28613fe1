import type { Measured, ModelCard } from "@inchworm/spec";

const dated = (instant: number) => new Date(instant).toISOString().slice(0, 10);
const number = (value: number, digits = 3) =>
  Number.isFinite(value) ? value.toFixed(digits) : "n/a";
const measured = ({ value, low, high }: Measured) =>
  `${number(value)} (${number(low)} to ${number(high)})`;
const percent = (share: number) => `${number(share * 100, 1)} %`;

/** A card for people: the verdict first, then the numbers behind it. */
export function cardMarkdown(card: ModelCard): string {
  const { windows, counts, metrics, rule, gain } = card;
  const rows: readonly (readonly [string, Measured, Measured | undefined])[] = [
    ["AUC", metrics.auc, rule.auc],
    ["log loss", metrics.logLoss, rule.logLoss],
    ["Brier score", metrics.brier, undefined],
    ["calibration error", metrics.calibrationError, rule.calibrationError],
    ["lift in the top tenth", metrics.liftTopDecile, rule.liftTopDecile],
  ];
  return [
    `# ${card.scorer}: ${card.verdict}`,
    "",
    `**${card.question}** ${card.because}`,
    "",
    `| measured on ${dated(windows.evaluation.cutoff)}, which training never saw | model | ${rule.name} |`,
    "|---|---|---|",
    ...rows.map(
      ([name, model, simple]) =>
        `| ${name} | ${measured(model)} | ${simple ? measured(simple) : ""} |`,
    ),
    "",
    `Model minus rule: AUC ${measured(gain.auc)}, log loss ${measured(gain.logLoss)}. Intervals are 95 %.`,
    "",
    `- Learned from ${counts.trainingRows} rows (${counts.trainingPositives} positive) cut on ${windows.training.cutoffs.map(dated).join(", ")}; labels complete by ${dated(windows.training.labelsUntil)}.`,
    `- Judged on ${counts.evaluationRows} rows (${counts.evaluationPositives} positive, base rate ${percent(card.baseRate)}) with labels to ${dated(windows.evaluation.labelsUntil)}.`,
    `- Scores come from the same recipe fitted again on ${windows.refit.cutoffs.map(dated).join(", ")}.`,
    `- Seed ${card.seed}, data ${card.dataHash}.`,
    "",
    "| predicted | observed | rows |",
    "|---|---|---|",
    ...card.calibration.map(
      (group) => `| ${percent(group.predicted)} | ${percent(group.observed)} | ${group.rows} |`,
    ),
    "",
    ...(card.drivers.length > 0
      ? [
          "| driver | mean weight in log-odds |",
          "|---|---|",
          ...card.drivers.map((driver) => `| ${driver.feature} | ${number(driver.weight)} |`),
          "",
        ]
      : []),
  ].join("\n");
}
