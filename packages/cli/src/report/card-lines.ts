import { gainsOf } from "@inchworm/report";
import type { Measured, ModelCard } from "@inchworm/spec";
import { featureCatalogue } from "@inchworm/store";
import { format } from "../terminal.js";
import { blockBar, column } from "./bars.js";

const bar = 32;
const names = 34;
const mostDrivers = 8;

/** A card with small charts for a terminal, 80 characters wide but for its sentences. */
export function cardLines(card: ModelCard): readonly string[] {
  return [
    `${card.scorer}: ${card.verdict}`,
    card.question,
    card.because,
    "",
    ...metricLines(card),
    ...gainLines(card),
    ...calibrationLines(card),
    ...driverLines(card),
    `Judged on what came between ${day(card.windows.evaluation.cutoff)} and ${day(card.windows.evaluation.labelsUntil)}, which training never saw; ${format(card.counts.evaluationRows)} rows. Learned from ${format(card.counts.trainingRows)}.`,
    ...(card.prior ? [card.prior.because] : []),
    ...(card.notes ?? []),
    ...(card.backtest ? [card.backtest.because] : []),
  ];
}

const day = (instant: number) => new Date(instant).toISOString().slice(0, 10);
const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

const words: Readonly<Record<string, string>> = {
  auc: "AUC",
  logLoss: "log loss",
  brier: "Brier score",
  calibrationError: "calibration error",
  liftTopDecile: "lift in the top tenth",
  mae: "mean error",
  pinball: "pinball loss",
  coverage50: "in the 50 % interval",
  coverage80: "in the 80 % interval",
  width80: "width of the 80 % interval",
  ndcg: "NDCG",
  coverage: "items in a list",
  popularityLift: "popularity of lists",
  uplift30: "effect on the best 30 %",
};

function metricLines(card: ModelCard): string[] {
  const own: Readonly<Record<string, unknown>> = { ...card.metrics };
  const rule: Readonly<Record<string, unknown>> = { ...card.rule };
  const measured = [...new Set([...Object.keys(own), ...Object.keys(rule)])].filter(
    (name) => name !== "name",
  );
  return [
    `${column("", names)} ${column("model (95 % interval)", 28)} ${card.rule.name}`,
    ...measured.map((name) =>
      `${column(words[name] ?? name, names)} ${column(told(own[name]), 28)} ${told(rule[name])}`.trimEnd(),
    ),
    "",
  ];
}

function told(value: unknown): string {
  const digits = (number: number) =>
    Math.abs(number) >= 100 ? number.toFixed(0) : number.toFixed(Math.abs(number) >= 10 ? 1 : 3);
  if (typeof value === "number") return digits(value);
  if (typeof value !== "object" || value === null || !("low" in value)) return "";
  const { value: middle, low, high } = value as Measured;
  return `${digits(middle)} (${digits(low)} to ${digits(high)})`;
}

function gainLines(card: ModelCard): string[] {
  if (card.kind !== "probability" || card.calibration.length === 0) return [];
  return [
    "Found of all who did it, by how many of the best-scored are contacted (┊ chance)",
    ...gainsOf(card)
      .slice(1)
      .map(
        ({ people, found }) =>
          `${column(percent(people), 8)}${against(found, people)} ${percent(found)}`,
      ),
    "",
  ];
}

function calibrationLines(card: ModelCard): string[] {
  if (card.calibration.length === 0) return [];
  const probability = card.kind === "probability";
  const most = probability
    ? 1
    : Math.max(...card.calibration.flatMap(({ predicted, observed }) => [predicted, observed]));
  const written = (value: number) => (probability ? percent(value) : told(value));
  return [
    "What came, by what was foretold (┊ foretold)",
    ...card.calibration.map(
      ({ predicted, observed, rows }) =>
        `${column(written(predicted), 8)}${against(observed / most, predicted / most)} ${column(written(observed), 8)} of ${format(rows)}`,
    ),
    "",
  ];
}

/** A bar, and a mark beside or in it for what it is to be held against. */
function against(share: number, mark: number): string {
  const cells = [...column(blockBar(share, bar), bar)];
  const at = Math.min(bar - 1, Math.max(0, Math.round(mark * bar) - 1));
  cells[at] = "┊";
  return cells.join("");
}

function driverLines({ drivers }: ModelCard): string[] {
  if (drivers.length === 0) return [];
  const labels = new Map(featureCatalogue.map(({ name, label }) => [name, label]));
  const most = Math.max(...drivers.map(({ weight }) => weight));
  return [
    "What it leans on",
    ...drivers
      .slice(0, mostDrivers)
      .map(({ feature, weight }) =>
        `${column(labels.get(feature) ?? feature, names)} ${column(blockBar(most > 0 ? weight / most : 0, bar), bar)} ${told(weight)}`.trimEnd(),
      ),
    "",
  ];
}
