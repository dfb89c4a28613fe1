import type { ReportData } from "@inchworm/core";
import { tableOf } from "../figure.js";
import { type Format, type Html, html } from "../format.js";

/** One contact: every score with its reasons, and what was done when. */
export function contactSection({ contact }: ReportData, format: Format): Html | undefined {
  if (!contact) return undefined;
  const known = contact.identities.map(({ system, id }) => `${system} ${id}`).join(", ");
  return html`<section id="contact" aria-labelledby="contact-title">
<h2 id="contact-title">Contact ${contact.contact}</h2>
<p>Known as ${known || "nobody by name"}.</p>
${contact.profiling === "denied" ? html`<p>Refuses profiling: not scored, and an old score is cleared by the next push.</p>` : undefined}
${contact.scores.map((score) => {
  const values = Object.entries(score.values).filter(
    ([field, value]) => value !== null && !field.endsWith("_reason"),
  );
  return html`<h3>${score.scorer}</h3><p class="question">${score.question}</p>
${score.abstained === undefined ? undefined : html`<p>No score: ${score.abstained}.</p>`}
<dl>${values.map(([field, value]) => html`<div><dt>${field}</dt><dd>${typeof value === "number" ? format.number(value) : String(value)}</dd></div>`)}</dl>
${score.reasons.length > 0 ? html`<ul class="says">${score.reasons.map((reason) => html`<li>because ${reason}</li>`)}</ul>` : undefined}`;
})}
${contact.withheld.map(({ scorer, because }) => html`<p class="quiet">${scorer}: ${because}</p>`)}
${
  contact.timeline.length > 0
    ? html`<h3>History, the latest first</h3>${tableOf(
        {
          head: ["day", "what", "more"],
          rows: contact.timeline.map(({ at, kind, total, currency, campaign, machine }) => [
            format.day(at),
            machine ? `${kind} (by a machine)` : kind,
            total === undefined
              ? (campaign ?? "")
              : `${currency === undefined ? "" : `${currency} `}${format.number(total)}`,
          ]),
        },
        format,
        [],
        "History",
      )}`
    : undefined
}
</section>`;
}
