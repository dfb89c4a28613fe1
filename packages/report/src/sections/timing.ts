import type { ReportData } from "@inchworm/core";
import { heatGrid } from "../charts/grid.js";
import { figure } from "../figure.js";
import { type Format, type Html, html } from "../format.js";

const hoursADay = 24;
/** 1 January 2024 was a Monday. */
const monday = Date.UTC(2024, 0, 1);
const day = 86_400_000;

/** When people answer best, on their own clocks, where the store has such scores. */
export function timingSection(data: ReportData, format: Format): Html | undefined {
  const { hours } = data;
  if (hours.length === 0) return undefined;
  const scorer = data.scorers.find(({ name }) => name === "send-time");
  const names = Array.from({ length: 7 }, (_, index) =>
    new Intl.DateTimeFormat(format.locale, { weekday: "short", timeZone: "UTC" }).format(
      monday + index * day,
    ),
  );
  const weekday = (hour: number) => names[Math.floor(hour / hoursADay)];
  const clock = (hour: number) => `${String(hour % hoursADay).padStart(2, "0")}:00`;
  const contactsOf = new Map(hours.map(({ hour, contacts }) => [hour, contacts]));
  const personal = hours.reduce((sum, { contacts }) => sum + contacts, 0);
  const asked = scorer ? scorer.scored + scorer.abstained : personal;
  const top = hours.reduce((best, each) => (each.contacts > best.contacts ? each : best));
  const id = "hours";
  const title = "Best hour of the week";
  const caption = `${format.count(personal, "contact")} of ${format.whole(asked)} (${format.percent(personal / asked)}) have a time of their own, on their own clocks; the most common is ${weekday(top.hour)} ${clock(top.hour)}, for ${format.whole(top.contacts)}. The stronger the colour, the more people.`;
  const cells = Array.from({ length: 7 * hoursADay }, (_, hour) => {
    const value = contactsOf.get(hour) ?? 0;
    return {
      column: hour % hoursADay,
      row: Math.floor(hour / hoursADay),
      value,
      told: `${weekday(hour)} ${clock(hour)}: ${format.whole(value)}`,
    };
  });
  return html`<section id="timing" aria-labelledby="timing-title">
<h2 id="timing-title">Timing</h2>
<div class="figures wide">${figure(
    {
      id,
      title,
      caption,
      picture: heatGrid(id, title, caption, {
        columns: Array.from({ length: hoursADay }, (_, hour) =>
          hour % 3 === 0 ? String(hour) : "",
        ),
        rows: names,
        cell: { width: 36, height: 32 },
        cells,
      }),
      table: {
        head: ["weekday", "hour", "contacts"],
        rows: cells.map(({ row, column, value }) => [names[row], clock(column), value]),
      },
      columns: [undefined, undefined, format.whole],
    },
    format,
  )}</div>
</section>`;
}
