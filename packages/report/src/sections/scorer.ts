import type { ReportScorer } from "@inchworm/core";
import type { Measured, ModelCard } from "@inchworm/spec";
import { type Bar, lyingBars, standingBars } from "../charts/bars.js";
import { calibration } from "../charts/calibration.js";
import { gains } from "../charts/gains.js";
import { type FigureParts, figure, tableOf } from "../figure.js";
import { type Format, type Html, html } from "../format.js";
import { abstentions, anchor } from "./front.js";
import { slider } from "./slider.js";

/** Everything of one scorer: how good it was on later days, how its scores lie now, what it leans on, and what has moved. */
export function scorerSection(scorer: ReportScorer, format: Format): Html {
  const { name, card } = scorer;
  const id = anchor(name);
  const figures: (FigureParts | "slider" | undefined)[] = [
    card.kind === "probability" && card.calibration.length > 0
      ? gains(card, `gains-${id}`, format)
      : undefined,
    "slider",
    card.calibration.length > 0 ? calibration(card, `calibration-${id}`, format) : undefined,
    distribution(scorer, `spread-${id}`, format),
    drivers(scorer, `drivers-${id}`, format),
  ];
  return html`<section id="scorer-${id}" aria-labelledby="scorer-${id}-title">
<h2 id="scorer-${id}-title">${name} <span class="verdict ${card.verdict}">${card.verdict}</span></h2>
<p class="question">${card.question}</p>
<p>${card.because}</p>
<div class="figures">${figures.map((parts) => (parts === "slider" ? slider(scorer, format) : parts && figure(parts, format)))}</div>
<h3>How good it was on days it had not seen</h3>
<p class="caption">Judged on what came between ${format.day(card.windows.evaluation.cutoff)} and ${format.day(card.windows.evaluation.labelsUntil)}; in brackets the ${format.percent(0.95, 0)} interval.</p>
${metrics(card, format)}
${card.prior && html`<p>${card.prior.because}</p>`}
${(card.notes ?? []).map((note) => html`<p class="quiet">${note}</p>`)}
${card.backtest && html`<h3>What last time's scores came to</h3><p>${card.backtest.because}</p>`}
${drift(scorer, format)}
${abstentions(scorer, format)}
</section>`;
}

function distribution({ spread, number }: ReportScorer, id: string, format: Format) {
  if (!spread || !number) return undefined;
  const tick = (value: number) =>
    number.probability ? format.percent(value, 0) : format.number(value);
  const title = "How scores lie";
  const capped = spread.most > (spread.bins.at(-1)?.to ?? spread.most);
  const caption = `${format.count(spread.contacts, "contact")} scored, ${number.probability ? format.percent(spread.mean) : format.number(spread.mean)} on average, from ${tick(spread.least)} to ${tick(spread.most)}.${capped ? " The last bar holds whatever is above, too." : ""}`;
  return {
    id,
    title,
    caption,
    picture: standingBars(id, title, caption, spread.bins, { label: number.label, tick }, format),
    table: {
      head: ["from", "to", "contacts"],
      rows: spread.bins.map(({ from, to, contacts }) => [from, to, contacts]),
    },
    columns: [tick, tick, format.whole],
  } satisfies FigureParts;
}

const mostDrivers = 10;

function drivers({ card, labels }: ReportScorer, id: string, format: Format) {
  if (card.drivers.length === 0) return undefined;
  const all = card.drivers.reduce((sum, { weight }) => sum + weight, 0);
  const share = (weight: number) => (all > 0 ? weight / all : 0);
  const bars = card.drivers.slice(0, mostDrivers).map(
    ({ feature, weight }): Bar => ({
      name: labels[feature] ?? feature,
      value: weight,
      text: format.percent(share(weight), 0),
    }),
  );
  const title = "What it leans on";
  const caption = `How much each signal moves the score, as a share of all ${card.drivers.length} that are told. It leans most on: ${bars
    .slice(0, 3)
    .map(({ name }) => name)
    .join(", ")}. This tells what the model uses, not what causes what.`;
  return {
    id,
    title,
    caption,
    picture: lyingBars(id, title, caption, bars),
    table: {
      head: ["signal", "feature", "weight", "share"],
      rows: card.drivers.map(({ feature, weight }) => [
        labels[feature] ?? feature,
        feature,
        weight,
        share(weight),
      ]),
    },
    columns: [undefined, undefined, format.number, format.percent],
  } satisfies FigureParts;
}

const names: Readonly<Record<string, string>> = {
  auc: "AUC (0.5 chance, 1 perfect)",
  logLoss: "log loss (less is better)",
  brier: "Brier score (less is better)",
  calibrationError: "calibration error",
  liftTopDecile: "lift in the top tenth",
  mae: "mean error",
  bias: "mean of forecast less truth",
  pinball: "pinball loss (less is better)",
  coverage50: "truths in the 50 % interval",
  coverage80: "truths in the 80 % interval",
  width80: "width of the 80 % interval",
  gini: "ranking (1 perfect)",
  recall: "recall",
  ndcg: "NDCG",
  coverage: "items that are in a list",
  novelty: "novelty, bits",
  popularityLift: "popularity of what is listed",
  qini: "Qini",
  uplift30: "effect on the best 30 %",
  effect: "mean effect",
};

const isMeasured = (value: unknown): value is Measured =>
  typeof value === "object" && value !== null && "low" in value;

/** Every metric of the card beside the simple rule's. */
function metrics(card: ModelCard, format: Format): Html {
  const told = (value: unknown): string => {
    if (isMeasured(value))
      return `${format.number(value.value)} (${format.number(value.low)} to ${format.number(value.high)})`;
    return typeof value === "number" ? format.number(value) : "";
  };
  const own: Readonly<Record<string, unknown>> = { ...card.metrics };
  const rule: Readonly<Record<string, unknown>> = { ...card.rule };
  const measured = [...new Set([...Object.keys(own), ...Object.keys(rule)])].filter(
    (name) => name !== "name",
  );
  return tableOf(
    {
      head: ["measure", "model", `simple rule: ${card.rule.name}`],
      rows: measured.map((name) => [names[name] ?? name, told(own[name]), told(rule[name])]),
    },
    format,
    [],
    `${card.scorer}: measures`,
  );
}

const mostMoved = 8;

function drift({ name, drift: found, labels }: ReportScorer, format: Format): Html | undefined {
  if (!found) return undefined;
  const rows = found.features
    .slice(0, mostMoved)
    .map(({ name: feature, effect, p, moved }) => [
      labels[feature] ?? feature,
      effect,
      p,
      moved ? "moved" : "as before",
    ]);
  return html`<h3>Has anything moved since training?</h3><p>${found.because}</p>
<details><summary>The ${format.whole(rows.length)} that moved farthest, of ${format.whole(found.features.length)} compared</summary>${tableOf(
    { head: ["signal", "effect (0 none, from 0.1 matters)", "p", "verdict"], rows },
    format,
    [],
    `${name}: drift`,
  )}</details>`;
}
