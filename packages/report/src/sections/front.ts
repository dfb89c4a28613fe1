import type { ReportData, ReportScorer } from "@inchworm/core";
import { tableOf } from "../figure.js";
import { type Format, type Html, html } from "../format.js";

/** What a head of marketing reads first: who was scored, what is published, what changed, what was written where. */
export function front(data: ReportData, format: Format): Html {
  const { summary, scorers } = data;
  const { whole } = format;
  const published = scorers.filter(({ card }) => card.verdict === "published");
  const most = Math.max(0, ...scorers.map(({ scored }) => scored));
  const written = data.deliveries.reduce((sum, { records }) => sum + records, 0);
  const tiles = [
    [whole(summary.contacts), "contacts known"],
    [whole(most), "have a score"],
    [`${whole(published.length)} of ${whole(scorers.length)}`, "scorers published"],
    [whole(written), "records hold our scores"],
  ];
  return html`<section id="front" aria-labelledby="front-title">
<h2 id="front-title">At a glance</h2>
<ul class="tiles">${tiles.map(([value, name]) => html`<li><strong>${value}</strong><span>${name}</span></li>`)}</ul>
<ul class="says">
<li>${knownOf(data, format)}</li>
${publishedOf(scorers, format)}
<li>${excludedOf(data, format)}</li>
${deliveriesOf(data, format)}
</ul>
<h3>What changed since last time</h3>
<ul class="says">${changesOf(data, format)}</ul>
<h3>What was asked, and what is published</h3>
${verdicts(scorers, format)}
</section>`;
}

function knownOf({ summary }: ReportData, { count, day }: Format): string {
  const span =
    summary.first !== undefined && summary.last !== undefined
      ? `, from ${day(summary.first)} to ${day(summary.last)}`
      : "";
  return `History holds ${count(summary.contacts, "contact")}, ${count(summary.orders, "order")} and ${count(summary.engagements, "message or visit", "messages and visits")}${span}.`;
}

function publishedOf(scorers: readonly ReportScorer[], { count }: Format): Html {
  const named = (verdict: string) =>
    scorers.filter(({ card }) => card.verdict === verdict).map(({ name }) => name);
  const [published, withheld] = [named("published"), named("withheld")];
  const outdated = scorers.filter((each) => each.outdated).map(({ name }) => name);
  return html`<li>${
    published.length > 0
      ? `${count(published.length, "scorer")} beat a simple rule on later days and ${published.length === 1 ? "is" : "are"} published: ${published.join(", ")}.`
      : "No scorer beat its simple rule beyond doubt, so none is published."
  }</li>
${withheld.length > 0 ? html`<li>Withheld, because no better than a simple rule or not surely so: ${withheld.join(", ")}. The table below has the numbers.</li>` : undefined}
${outdated.length > 0 ? html`<li>Trained since the last scoring, or not scored yet: ${outdated.join(", ")}. Run inchworm score.</li>` : undefined}`;
}

function excludedOf({ summary }: ReportData, { count }: Format): string {
  return summary.profilingDenied === 0
    ? "Nobody refuses profiling."
    : `${count(summary.profilingDenied, "contact")} ${summary.profilingDenied === 1 ? "refuses" : "refuse"} profiling: never scored, and old scores are cleared by the next push.`;
}

function deliveriesOf({ deliveries }: ReportData, format: Format): Html {
  const { count, whole, day } = format;
  if (deliveries.length === 0) return html`<li>Nothing was pushed anywhere yet.</li>`;
  return html`${deliveries.map((each) => {
    const written = `${each.destination}: ${count(each.records, "record")} ${each.records === 1 ? "holds" : "hold"} our scores${each.writtenAt === undefined ? "" : `, the last written ${day(each.writtenAt)}`}.`;
    const reasons = Object.entries(each.skipReasons).map(
      ([reason, contacts]) => `${whole(contacts)} ${reason}`,
    );
    const left =
      each.skipped > 0
        ? `, ${whole(each.skipped)} left out${reasons.length > 0 ? ` (${reasons.join(", ")})` : ""}`
        : "";
    const open = each.pending > 0 ? `, ${whole(each.pending)} still to be written` : "";
    return html`<li>${written} The latest plan, of ${day(each.createdAt)}: ${whole(each.updated)} updated, ${whole(each.cleared)} cleared, ${whole(each.failed)} failed${left}${open}.</li>`;
  })}`;
}

function changesOf({ scorers }: ReportData, format: Format): readonly Html[] {
  const { whole, day, count } = format;
  const moved = scorers.flatMap(({ number, move }) => {
    if (!number || !move) return [];
    const told = (value: number) =>
      number.probability ? format.percent(value) : format.number(value);
    const step = number.probability ? "10 points" : format.number(move.step);
    const direction =
      move.meanNow === move.meanThen ? "is" : move.meanNow > move.meanThen ? "rose to" : "fell to";
    return [
      html`<li>${number.label}: the mean of ${count(move.contacts, "contact")} scored both times ${direction} ${told(move.meanNow)}, from ${told(move.meanThen)} on ${day(move.since)}. For ${whole(move.rose)} it rose by ${step} or more, for ${whole(move.fell)} it fell as far; ${whole(move.newcomers)} are newly scored, ${whole(move.gone)} no longer.</li>`,
    ];
  });
  const drifted = scorers.flatMap(({ name, drift }) =>
    drift?.retrain ? [html`<li>${name}: ${drift.because}</li>`] : [],
  );
  if (moved.length === 0)
    moved.push(
      html`<li>There are no earlier scores to compare with yet. One day's in seven are kept, so the next report can tell.</li>`,
    );
  if (drifted.length === 0 && scorers.some(({ drift }) => drift))
    drifted.push(
      html`<li>No model sees people so different from its training that it should be trained again.</li>`,
    );
  return [...moved, ...drifted];
}

function verdicts(scorers: readonly ReportScorer[], format: Format): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Scorers"><table>
<thead><tr><th scope="col">Scorer</th><th scope="col">Verdict</th><th scope="col" class="number">Scored</th><th scope="col" class="number">Abstained</th><th scope="col">Question, and why so</th></tr></thead>
<tbody>${scorers.map(
    ({
      name,
      card,
      scored,
      abstained,
    }) => html`<tr><th scope="row"><a href="#scorer-${anchor(name)}">${name}</a></th><td><span class="verdict ${card.verdict}">${card.verdict}</span></td><td class="number">${format.whole(scored)}</td><td class="number">${format.whole(abstained)}</td><td>${card.question}<br><span class="quiet">${card.because}</span></td></tr>
`,
  )}</tbody></table></div>`;
}

/** A name as part of an id on the page. */
export const anchor = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]+/g, "-");

/** Why people have no score. */
export function abstentions(
  { name, abstentions: reasons }: ReportScorer,
  format: Format,
): Html | undefined {
  if (reasons.length === 0) return undefined;
  return html`<h3>Why some have no score</h3>${tableOf(
    {
      head: ["reason", "contacts"],
      rows: reasons.map(({ because, contacts }) => [because, contacts]),
    },
    format,
    [undefined, format.whole],
    `${name}: why some have no score`,
  )}`;
}
