import type { ReportData, ReportScorer } from "@inchworm/core";
import { type Bar, lyingBars } from "../charts/bars.js";
import { figure } from "../figure.js";
import { type Format, type Html, html } from "../format.js";
import { anchor } from "./front.js";

/** Lists of items: how many people have one of their own, and what goes with what. */
export function recommendSection(data: ReportData, format: Format): Html | undefined {
  const lists = data.scorers.filter(({ card, scored }) => card.kind === "ranking" && scored > 0);
  if (lists.length === 0 && data.pairs.length === 0) return undefined;
  return html`<section id="recommendations" aria-labelledby="recommendations-title">
<h2 id="recommendations-title">Recommendations</h2>
<div class="figures">${lists.map((scorer) => basisFigure(scorer, format))}${pairFigure(data, format)}</div>
</section>`;
}

/** Contacts by what their list is made from. */
export function basesOf({
  categories,
}: Pick<ReportScorer, "categories">): readonly (readonly [string, number])[] {
  const field = Object.keys(categories).find((name) => name.endsWith("_basis"));
  return field === undefined ? [] : Object.entries(categories[field]);
}

function basisFigure(scorer: ReportScorer, format: Format): Html | undefined {
  const bases = basesOf(scorer);
  const { card } = scorer;
  if (bases.length === 0 || card.kind !== "ranking") return undefined;
  const all = bases.reduce((sum, [, contacts]) => sum + contacts, 0);
  const own = bases.find(([basis]) => basis === "personal")?.[1] ?? 0;
  const id = `basis-${anchor(scorer.name)}`;
  const title = `Whose list is their own (${scorer.name})`;
  const caption = `${format.percent(own / all)} of ${format.count(all, "contact")} get a list from their own history; the other ${format.percent(1 - own / all)} get favourites. ${format.percent(card.metrics.coverage)} of all items are in somebody's list.`;
  return figure(
    {
      id,
      title,
      caption,
      picture: lyingBars(
        id,
        title,
        caption,
        bases.map(
          ([name, contacts]): Bar => ({
            name,
            value: contacts,
            text: `${format.whole(contacts)} · ${format.percent(contacts / all, 0)}`,
          }),
        ),
      ),
      table: {
        head: ["basis", "contacts", "share"],
        rows: bases.map(([basis, contacts]) => [basis, contacts, contacts / all]),
      },
      columns: [undefined, format.whole, format.percent],
    },
    format,
  );
}

const mostShown = 10;

function pairFigure({ pairs }: ReportData, format: Format): Html | undefined {
  if (pairs.length === 0) return undefined;
  const id = "pairs";
  const title = "Bought together";
  const [first] = pairs;
  const caption = `How many times as often as chance would have it. ${first.names[0]} and ${first.names[1]} were in one order ${format.count(first.together, "time")}, where chance would make it ${format.number(first.expected)}. The surest come first.`;
  return figure(
    {
      id,
      title,
      caption,
      picture: lyingBars(
        id,
        title,
        caption,
        pairs.slice(0, mostShown).map(({ names, lift }) => ({
          name: `${names[0]} + ${names[1]}`,
          value: lift.value,
          text: `${format.number(lift.value)} ×`,
        })),
      ),
      table: {
        head: [
          "item",
          "other item",
          "orders with both",
          "by chance",
          "times as often",
          "low",
          "high",
        ],
        rows: pairs.map(({ names, together, expected, lift }) => [
          ...names,
          together,
          expected,
          lift.value,
          lift.low,
          lift.high,
        ]),
      },
      columns: [undefined, undefined, format.whole],
    },
    format,
  );
}
