import type { ProbabilityCard } from "@inchworm/spec";
import { line } from "d3-shape";
import type { FigureParts } from "../figure.js";
import { type Format, html } from "../format.js";
import { at2, axes, legend, svg } from "./frame.js";

/** A point of the gains curve: of the share of people contacted first, the share found of all who did it. */
export interface Gain {
  readonly people: number;
  readonly found: number;
}

/** The curve through the card's ten groups, the best-scored first. */
export function gainsOf({ calibration }: Pick<ProbabilityCard, "calibration">): readonly Gain[] {
  const groups = [...calibration].sort((left, right) => right.predicted - left.predicted);
  const rows = groups.reduce((sum, group) => sum + group.rows, 0);
  const positives = groups.reduce((sum, group) => sum + group.observed * group.rows, 0);
  const points: Gain[] = [{ people: 0, found: 0 }];
  let people = 0;
  let found = 0;
  for (const group of groups) {
    people += group.rows;
    found += group.observed * group.rows;
    points.push({ people: people / rows, found: positives > 0 ? found / positives : 0 });
  }
  return points;
}

/** How many of those who did it are found among the best-scored, beside the simple rule and chance. */
export function gains(card: ProbabilityCard, id: string, format: Format): FigureParts {
  const { metrics, rule } = card;
  const points = gainsOf(card);
  const percent = (share: number) => format.percent(share, 0);
  const { across, up, grid } = axes(
    { domain: [0, 1], label: "People contacted, the best-scored first", tick: percent },
    { domain: [0, 1], label: "Found of all who did it", tick: percent },
  );
  const path = line<Gain>(
    (at) => at2(across(at.people)),
    (at) => at2(up(at.found)),
  );
  const tenth = (lift: number) => Math.min(1, lift / 10);
  const bar = (name: string, { low, high, value }: typeof rule.auc) => {
    const x = at2(across(0.1));
    return html`<g class="${name}"><line x1="${x}" x2="${x}" y1="${at2(up(tenth(low)))}" y2="${at2(up(tenth(high)))}"/>${
      name === "rule-mark"
        ? html`<rect x="${x - 4}" y="${at2(up(tenth(value)) - 4)}" width="8" height="8"/>`
        : html`<circle cx="${x}" cy="${at2(up(tenth(value)))}" r="4.5"/>`
    }</g>`;
  };
  const title = "Who is found, and how soon";
  const caption = `The best-scored tenth holds ${format.percent(tenth(metrics.liftTopDecile.value))} of all who did it on the days it was judged on; the simple rule (${rule.name}) finds ${format.percent(tenth(rule.liftTopDecile.value))} in its tenth, chance ${format.percent(0.1, 0)}. Bars at the top tenth are ${format.percent(0.95, 0)} intervals. AUC ${format.number(metrics.auc.value)} against ${format.number(rule.auc.value)}.`;
  const body = html`${grid}
<line class="chance" x1="${across(0)}" y1="${up(0)}" x2="${across(1)}" y2="${up(1)}"/>
<line class="rule" x1="${across(0)}" y1="${up(0)}" x2="${at2(across(0.1))}" y2="${at2(up(tenth(rule.liftTopDecile.value)))}"/>
<path class="model" d="${path(points as Gain[]) ?? ""}"/>
${points.slice(1).map((at) => html`<circle class="dot" cx="${at2(across(at.people))}" cy="${at2(up(at.found))}" r="3"><title>${format.percent(at.people)} of the people hold ${format.percent(at.found)}</title></circle>`)}
${bar("model-mark", metrics.liftTopDecile)}${bar("rule-mark", rule.liftTopDecile)}`;
  return {
    id,
    title,
    caption,
    picture: html`${svg(id, title, caption, body)}
${legend([
  { className: "model", text: "model" },
  { className: "rule", text: `${rule.name}, as far as it was measured: its top tenth` },
  { className: "chance", text: "chance" },
])}`,
    table: {
      head: ["people contacted", "found by the model", "lift"],
      rows: points
        .slice(1)
        .map(({ people, found }) => [people, found, people > 0 ? found / people : 0]),
    },
    columns: [format.percent, format.percent],
  };
}
