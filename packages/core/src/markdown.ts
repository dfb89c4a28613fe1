import type { Measured, ModelCard } from "@inchworm/spec";
import { type CardParts, dated, measured, number } from "./markdown/format.js";
import { probabilityParts } from "./markdown/probability.js";
import { quantityParts } from "./markdown/quantity.js";
import { rankingParts } from "./markdown/ranking.js";
import { upliftParts } from "./markdown/uplift.js";

/** A card for people: the verdict first, then the numbers behind it. */
export function cardMarkdown(card: ModelCard): string {
  const { windows } = card;
  const parts = partsOf(card);
  return [
    `# ${card.scorer}: ${card.verdict}`,
    "",
    `**${card.question}** ${card.because}`,
    "",
    `| measured on ${card.kind === "uplift" ? "people that" : `${dated(windows.evaluation.cutoff)}, which`} training never saw | model | ${card.rule.name} |`,
    "|---|---|---|",
    ...parts.rows.map(
      ([name, model, simple]) =>
        `| ${name} | ${told(model)} | ${simple === undefined ? "" : told(simple)} |`,
    ),
    "",
    `Model minus rule: ${parts.gain}. Intervals are 95 %.`,
    "",
    `- Learned from ${parts.learnedFrom} cut on ${windows.training.cutoffs.map(dated).join(", ")}; labels complete by ${dated(windows.training.labelsUntil)}.`,
    `- Judged on ${parts.judgedOn} with labels to ${dated(windows.evaluation.labelsUntil)}.`,
    `- Scores come from the same recipe fitted again on ${windows.refit.cutoffs.map(dated).join(", ")}.`,
    ...remarks(card),
    `- Seed ${card.seed}, data ${card.dataHash}.`,
    "",
    ...parts.tables,
    ...candidates(card),
    ...drivers(card),
  ].join("\n");
}

function partsOf(card: ModelCard): CardParts {
  if (card.kind === "probability") return probabilityParts(card);
  if (card.kind === "uplift") return upliftParts(card);
  return card.kind === "quantity" ? quantityParts(card) : rankingParts(card);
}

const told = (value: Measured | number) =>
  typeof value === "number" ? number(value) : measured(value);

function remarks({ notes = [], prior, opens, backtest }: ModelCard): string[] {
  const lines = notes.map((note) => `- ${note}`);
  if (prior) {
    lines.push(`- ${prior.because} Share of the prior in the answer: ${told(prior.share)}.`);
  }
  if (opens)
    lines.push(
      `- With features of e-mail opens ${measured(opens.with)}, without them ${measured(opens.without)}.`,
    );
  if (backtest) {
    const metrics = Object.entries(backtest.metrics).map(
      ([name, value]) => `${names[name] ?? name} ${measured(value)}`,
    );
    lines.push(
      `- ${backtest.because} Scores of ${dated(backtest.scoredAt)} (${backtest.modelId}) against what came until ${dated(backtest.until)}, ${backtest.rows} customers: ${metrics.join(", ")}.`,
    );
  }
  return lines;
}

const names: Readonly<Record<string, string>> = {
  auc: "AUC",
  logLoss: "log loss",
  calibrationError: "calibration error",
  mae: "mean error",
  coverage80: "coverage of the 80 % interval",
};

function candidates({ candidates = [] }: ModelCard): string[] {
  if (candidates.length === 0) return [];
  const columns = [...new Set(candidates.flatMap(({ metrics }) => Object.keys(metrics)))];
  const cell = (value: Measured | number | undefined) => (value === undefined ? "" : told(value));
  return [
    `| raced | ${columns.map((column) => names[column] ?? column).join(" | ")} |`,
    `|---|${columns.map(() => "---|").join("")}`,
    ...candidates.map(
      ({ name, metrics }) =>
        `| ${name} | ${columns.map((column) => cell(metrics[column])).join(" | ")} |`,
    ),
    "",
  ];
}

function drivers(card: ModelCard): string[] {
  if (card.drivers.length === 0) return [];
  return [
    `| driver | mean weight in ${card.kind === "probability" ? "log-odds" : "the model's scale"} |`,
    "|---|---|",
    ...card.drivers.map((driver) => `| ${driver.feature} | ${number(driver.weight)} |`),
    "",
  ];
}
