import type { ReportScorer } from "@inchworm/core";
import { figure } from "../figure.js";
import { type Format, type Html, html } from "../format.js";
import { anchor } from "./front.js";

/** Of the so many best-scored: how many are expected to do it, as the scores themselves say. */
export interface Choice {
  readonly people: number;
  readonly hits: number;
}

/** One choice for each hundredth of the people, or for each person where there are fewer. */
export function choicesOf({ spread }: Pick<ReportScorer, "spread">): readonly Choice[] {
  let people = 0;
  let hits = 0;
  return (spread?.hundredths ?? []).map(({ contacts, sum }) => {
    people += contacts;
    hits += sum;
    return { people, hits };
  });
}

/** "How many people to contact": expected hits and misses, and what they cost, moved by hand or by keyboard. */
export function slider(scorer: ReportScorer, format: Format): Html | undefined {
  const choices = choicesOf(scorer);
  const all = choices.at(-1);
  if (!all || !scorer.number?.probability) return undefined;
  const id = `slider-${anchor(scorer.name)}`;
  const start = Math.max(1, Math.round(choices.length / 5));
  const chosen = choices[start - 1];
  const chance = (chosen.people / all.people) * all.hits;
  const { whole } = format;
  const data = JSON.stringify(
    choices.map(({ people, hits }) => [people, Math.round(hits * 1e6) / 1e6]),
  );
  const picture = html`<div class="slider" id="${id}-tool" data-choices="${data}">
<label for="${id}-range">The best-scored, to contact</label>
<input type="range" id="${id}-range" min="1" max="${choices.length}" step="1" value="${start}" aria-describedby="${id}-says" aria-valuetext="${whole(chosen.people)} people">
<p id="${id}-says" class="result" aria-live="polite"><strong data-of="people">${whole(chosen.people)}</strong> people: about <strong data-of="hits">${whole(chosen.hits)}</strong> will, <strong data-of="misses">${whole(chosen.people - chosen.hits)}</strong> will not. As many picked by chance: <span data-of="chance">${whole(chance)}</span> will.</p>
<div class="costs"><label>Cost of one contact <input type="number" min="0" step="any" value="1" inputmode="decimal" data-of="cost"></label>
<label>Worth of one reached who will <input type="number" min="0" step="any" value="" inputmode="decimal" data-of="worth"></label>
<p class="result" aria-live="polite">Cost <strong data-of="total">${whole(chosen.people)}</strong>, of which on misses <strong data-of="wasted">${whole(chosen.people - chosen.hits)}</strong>; <strong data-of="each">${format.number(chosen.hits > 0 ? chosen.people / chosen.hits : Number.NaN)}</strong> for each who will<span data-of="left" hidden>; left over <strong data-of="net"></strong></span>.</p></div>
</div>`;
  return figure(
    {
      id,
      title: "How many people to contact",
      caption: `Of ${format.count(all.people, "person", "people")} scored, about ${whole(all.hits)} are expected to answer the question with yes. “Will” is what the question asks: ${scorer.card.question} The scores themselves say so; whether such promises were kept stands under “Is it as likely as it says?”.`,
      picture,
      table: {
        head: ["people contacted", "expected hits", "expected misses"],
        rows: choices.map(({ people, hits }) => [people, hits, people - hits]),
      },
      columns: [whole, format.number, format.number],
    },
    format,
  );
}
