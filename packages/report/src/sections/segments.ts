import type { ReportData } from "@inchworm/core";
import { lyingBars } from "../charts/bars.js";
import { heatGrid } from "../charts/grid.js";
import { figure, tableOf } from "../figure.js";
import { type Format, type Html, html } from "../format.js";
import { anchor } from "./front.js";

type Group = ReportData["groups"][number];

/** Kinds of contacts: how many, what sets each apart, what was foretold of them; and ranks of recency and frequency. */
export function segmentSections(data: ReportData, format: Format): Html | undefined {
  const scorers = [...new Set(data.groups.map(({ scorer }) => scorer))];
  if (scorers.length === 0) return undefined;
  return html`<section id="segments" aria-labelledby="segments-title">
<h2 id="segments-title">Segments</h2>
${scorers.map((scorer) => segmentation(scorer, data, format))}
</section>`;
}

function segmentation(scorer: string, data: ReportData, format: Format): Html {
  const groups = data.groups.filter((group) => group.scorer === scorer);
  const all = groups.reduce((sum, { contacts }) => sum + contacts, 0);
  const id = `sizes-${anchor(scorer)}`;
  const title = "How many are in each";
  const largest = groups[0];
  const caption = `${format.count(all, "contact")} in ${format.count(groups.length, "segment")}; the largest is ${largest.name} with ${format.percent(largest.contacts / all)}.`;
  const told = data.scorers.filter(
    ({ name, number }) => number && groups.some(({ means }) => means[name] !== undefined),
  );
  const rows = groups.map((group) => [
    group.name,
    apart(group, groups, data, format),
    group.contacts,
    group.orders,
    group.spend,
    group.daysSinceOrder ?? Number.NaN,
    ...told.map(({ name }) => group.means[name] ?? Number.NaN),
  ]);
  return html`<h3>${scorer}</h3><div class="figures">${figure(
    {
      id,
      title,
      caption,
      picture: lyingBars(
        id,
        title,
        caption,
        groups.map(({ name, contacts }) => ({
          name,
          value: contacts,
          text: `${format.whole(contacts)} · ${format.percent(contacts / all, 0)}`,
        })),
      ),
      table: {
        head: ["segment", "contacts", "share"],
        rows: groups.map(({ name, contacts }) => [name, contacts, contacts / all]),
      },
      columns: [undefined, format.whole, format.percent],
    },
    format,
  )}${scorer === "segments" ? rankFigure(data, format) : undefined}</div>
<h3>What sets each apart</h3>
${tableOf(
  {
    head: [
      "segment",
      "against everybody here",
      "contacts",
      "orders each",
      "spend each",
      "days since the last order",
      ...told.map(({ name, number }) => number?.label ?? name),
    ],
    rows,
  },
  format,
  [
    undefined,
    undefined,
    format.whole,
    undefined,
    undefined,
    format.whole,
    ...told.map(({ number }) => (number?.probability ? format.percent : undefined)),
  ],
  `${scorer}: what sets each apart`,
)}`;
}

/** The two numbers in which a group differs most from everybody, as how many times as much. */
export function apart(
  group: Group,
  groups: readonly Group[],
  data: Pick<ReportData, "scorers">,
  format: Format,
): string {
  const numbers = new Map<string, (of: Group) => number | undefined>([
    ["orders", ({ orders }) => orders],
    ["spend", ({ spend }) => spend],
    ["days since the last order", ({ daysSinceOrder }) => daysSinceOrder],
  ]);
  for (const { name, number } of data.scorers)
    if (number) numbers.set(number.label.toLowerCase(), ({ means }) => means[name]);
  const ratios = [...numbers].flatMap(([name, of]) => {
    const own = of(group);
    const others = groups.flatMap((other) => {
      const value = of(other);
      return value === undefined ? [] : [{ value, weight: other.contacts }];
    });
    const weight = others.reduce((sum, other) => sum + other.weight, 0);
    const mean = others.reduce((sum, other) => sum + other.value * other.weight, 0) / weight;
    if (own === undefined || !(own > 0) || !(mean > 0)) return [];
    return [{ name, ratio: own / mean }];
  });
  return ratios
    .sort((left, right) => Math.abs(Math.log(right.ratio)) - Math.abs(Math.log(left.ratio)))
    .slice(0, 2)
    .map(({ name, ratio }) => `${name} ${format.number(ratio)} ×`)
    .join(", ");
}

function rankFigure({ ranks }: ReportData, format: Format): Html | undefined {
  if (ranks.length === 0) return undefined;
  const id = "rfm";
  const title = "Recency, frequency, money";
  const best = ranks.filter(({ recency, frequency }) => recency >= 4 && frequency >= 4);
  const all = ranks.reduce((sum, { contacts }) => sum + contacts, 0);
  const top = best.reduce((sum, { contacts }) => sum + contacts, 0);
  const caption = `Customers by when they last ordered (right is lately) and how often (up is often): ${format.percent(top / all)} stand in the best four squares at the top right. The stronger the colour, the more people; below their number stands the mean rank of money.`;
  const grades = ["1", "2", "3", "4", "5"];
  return figure(
    {
      id,
      title,
      caption,
      picture: heatGrid(id, title, caption, {
        columns: grades,
        rows: [...grades].reverse(),
        cell: { width: 92, height: 50 },
        axis: { across: "Recency rank, 5 = lately", up: "Frequency rank" },
        cells: ranks.map(({ recency, frequency, contacts, monetary }) => ({
          column: recency - 1,
          row: 5 - frequency,
          value: contacts,
          text: format.whole(contacts),
          more: `money ${format.number(Math.round(monetary * 10) / 10)}`,
          told: `recency ${recency}, frequency ${frequency}: ${format.whole(contacts)} contacts, mean rank of money ${format.number(monetary)}`,
        })),
      }),
      table: {
        head: ["recency", "frequency", "contacts", "mean rank of money"],
        rows: ranks.map(({ recency, frequency, contacts, monetary }) => [
          recency,
          frequency,
          contacts,
          monetary,
        ]),
      },
      columns: [format.whole, format.whole, format.whole],
    },
    format,
  );
}
