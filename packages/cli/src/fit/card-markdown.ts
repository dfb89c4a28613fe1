import type { Measured } from "@inchworm/spec";
import type { FitCard } from "./card.js";

const three = (value: number) => value.toFixed(3);
const measured = ({ value, low, high }: Measured) =>
  `${three(value)} (${three(low)} to ${three(high)})`;
export const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

/** A text as a cell of a table. */
const cell = (text: string) => text.replaceAll("|", "\\|").replace(/\s+/g, " ");

/** A card for people: the verdict first, then the numbers behind it. */
export function cardMarkdown(card: FitCard): string {
  const { crossValidation: own, baseline, gain } = card;
  const rows: readonly (readonly [string, Measured, Measured | undefined])[] = [
    ["AUC", own.auc, baseline.auc],
    ["log loss", own.logLoss, baseline.logLoss],
    ["Brier score", own.brier, undefined],
    ["calibration error", own.calibrationError, undefined],
    ["lift in the top tenth", own.liftTopDecile, undefined],
  ];
  return [
    `# ${card.target} = ${card.positive}: ${card.verdict} than its baseline`,
    "",
    card.because,
    "",
    `| measured on ${own.rows} rows by ${own.method} | ${card.learner} | ${cell(baseline.name)} |`,
    "|---|---|---|",
    ...rows.map(
      ([name, model, simple]) =>
        `| ${name} | ${measured(model)} | ${simple ? measured(simple) : ""} |`,
    ),
    "",
    `Model minus baseline: AUC ${measured(gain.auc)}, log loss ${measured(gain.logLoss)}. Intervals are 95 %.`,
    "",
    `- Learned from ${card.rows} rows and ${card.columns} columns; base rate ${percent(card.baseRate)}; seed ${card.seed}.`,
    ...card.leakage.map(
      ({ column, because }) => `- **"${column}" looks like leakage**: ${because}.`,
    ),
    ...card.leftOut.map(({ column, because }) => `- "${column}" is left out: ${because}.`),
    ...card.notes.map((note) => `- ${note}`),
    "",
    "| predicted | observed | rows |",
    "|---|---|---|",
    ...card.calibration.map(
      (group) => `| ${percent(group.predicted)} | ${percent(group.observed)} | ${group.rows} |`,
    ),
    "",
    "| column | share of all contributions |",
    "|---|---|",
    ...card.importance.map(({ column, gain }) => `| ${cell(column)} | ${percent(gain)} |`),
    "",
  ].join("\n");
}
