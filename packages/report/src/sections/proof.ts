import type { ReportData } from "@inchworm/core";
import { scaleLinear } from "d3-scale";
import { at2, svg } from "../charts/frame.js";
import { figure } from "../figure.js";
import { type Format, type Html, html } from "../format.js";

type Proof = NonNullable<ReportData["proof"]>;

/** What campaigns brought against those who went without, where any were held out. */
export function proofSection({ proof }: ReportData, format: Format): Html | undefined {
  if (!proof) return undefined;
  return html`<section id="proof" aria-labelledby="proof-title">
<h2 id="proof-title">Proof</h2>
<ul class="says">${proof.scorers.map(
    ({ scorer, because, alarms }) =>
      html`<li>${scorer ?? "Without a score"}: ${because}</li>${alarms.map((alarm) => html`<li>Alarm (${alarm.kind}): ${alarm.because}</li>`)}`,
  )}${proof.universal && html`<li>Everything together: ${proof.universal.result.because}</li>`}${proof.notes.map((note) => html`<li>${note}</li>`)}</ul>
<div class="figures">${effectsFigure(proof, format)}</div>
<h3>Campaign by campaign</h3>
<ul class="says">${proof.campaigns.map(({ campaign, since, because, detectable }) => html`<li>${campaign}, ${format.day(since)}: ${because}${detectable === undefined ? "" : ` It could still show an increase of ${format.percent(detectable, 2)} in those who order.`}</li>`)}</ul>
</section>`;
}

const row = 34;
const drawing = { width: 560, names: 150, right: 20 };

/** The effect of each campaign on the share of people who order, with its interval, by day. */
function effectsFigure(proof: Proof, format: Format): Html | undefined {
  const rows = proof.campaigns.flatMap(({ campaign, since, ordered }) =>
    (ordered?.effects ?? []).map(({ effect }) => ({ campaign, since, effect })),
  );
  if (rows.length === 0) return undefined;
  const bounds = rows.flatMap(({ effect }) => [effect.low, effect.high]).filter(Number.isFinite);
  const low = Math.min(0, ...bounds);
  const high = Math.max(0, ...bounds);
  const across = scaleLinear([low, high], [drawing.names, drawing.width - drawing.right]).nice(4);
  const id = "effects";
  const title = "What each campaign brought";
  const caption = `The difference it made to the share of people who order, with the ${format.percent(0.95, 0)} interval: beyond doubt only where the line does not touch zero.`;
  const height = rows.length * row + 30;
  const body = html`<line class="base" x1="${at2(across(0))}" x2="${at2(across(0))}" y1="4" y2="${height - 24}"/>
${across.ticks(4).map((at) => html`<text x="${at2(across(at))}" y="${height - 8}" text-anchor="middle">${format.percent(at)}</text>`)}
${rows.map(({ campaign, effect }, index) => {
  const y = 18 + index * row;
  const clamp = (value: number) => at2(across(Math.max(low, Math.min(high, value))));
  return html`<g><text class="name" x="${drawing.names - 8}" y="${y + 4}" text-anchor="end">${[...campaign].slice(0, 22).join("")}<title>${campaign}</title></text><line class="interval" x1="${clamp(effect.low)}" x2="${clamp(effect.high)}" y1="${y}" y2="${y}"/><circle class="dot" cx="${clamp(effect.value)}" cy="${y}" r="4.5"/></g>`;
})}`;
  return figure(
    {
      id,
      title,
      caption,
      picture: svg(id, title, caption, body, { width: drawing.width, height }),
      table: {
        head: ["campaign", "since", "effect", "low", "high"],
        rows: rows.map(({ campaign, since, effect }) => [
          campaign,
          new Date(since).toISOString().slice(0, 10),
          effect.value,
          effect.low,
          effect.high,
        ]),
      },
      columns: [undefined, undefined, percents(format), percents(format), percents(format)],
    },
    format,
  );
}

const percents = (format: Format) => (value: number) => format.percent(value, 2);
