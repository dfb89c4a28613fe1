import type { ModelCard } from "@inchworm/spec";
import type { FigureParts } from "../figure.js";
import { type Format, html } from "../format.js";
import { at2, axes, legend, svg } from "./frame.js";

/** 95 % interval of a share (Wilson 1927, without continuity correction). */
export function wilson(share: number, rows: number): readonly [low: number, high: number] {
  const z = 1.959964;
  if (rows <= 0) return [0, 1];
  const middle = (share + (z * z) / (2 * rows)) / (1 + (z * z) / rows);
  const half =
    (z * Math.sqrt((share * (1 - share)) / rows + (z * z) / (4 * rows * rows))) /
    (1 + (z * z) / rows);
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

/** What was foretold against what came: on the diagonal where the promise was kept. Shares have intervals. */
export function calibration(card: ModelCard, id: string, format: Format): FigureParts {
  const probability = card.kind === "probability";
  const groups = card.calibration;
  const most = probability
    ? 1
    : Math.max(1e-9, ...groups.flatMap(({ predicted, observed }) => [predicted, observed])) * 1.05;
  const tick = (value: number) => (probability ? format.percent(value, 0) : format.number(value));
  const { across, up, grid } = axes(
    { domain: [0, most], label: "Foretold, mean of each tenth", tick },
    { domain: [0, most], label: "What came", tick },
  );
  const bounds = groups.map(({ observed, rows }) =>
    probability ? wilson(observed, rows) : undefined,
  );
  const title = probability ? "Is it as likely as it says?" : "Does as much come as it says?";
  const kept = groups.filter(({ predicted }, index) => {
    const bound = bounds[index];
    return bound && predicted >= bound[0] && predicted <= bound[1];
  }).length;
  const caption = probability
    ? `Each dot is a tenth of the people it was judged on: on the line, the promise was kept. In ${kept} of ${groups.length} tenths what was foretold lies within the ${format.percent(0.95, 0)} interval of what came; on average it was off by ${format.percent(card.metrics.calibrationError.value)}.`
    : "Each dot is a tenth of the people it was judged on: above the line more came than was foretold, below it less.";
  const body = html`${grid}
<line class="chance" x1="${across(0)}" y1="${up(0)}" x2="${across(most)}" y2="${up(most)}"/>
${groups.map(({ predicted, observed, rows }, index) => {
  const x = at2(across(predicted));
  const bound = bounds[index];
  return html`${bound && html`<line class="interval" x1="${x}" x2="${x}" y1="${at2(up(bound[0]))}" y2="${at2(up(bound[1]))}"/>`}<circle class="dot" cx="${x}" cy="${at2(up(observed))}" r="4"><title>foretold ${tick(predicted)}, came ${tick(observed)}, ${format.whole(rows)} people</title></circle>`;
})}`;
  const written = probability ? format.percent : format.number;
  return {
    id,
    title,
    caption,
    picture: html`${svg(id, title, caption, body)}
${legend([
  {
    className: "model",
    text: probability ? `what came, with ${format.percent(0.95, 0)} interval` : "what came",
  },
  { className: "chance", text: "promise kept" },
])}`,
    table: {
      head: ["foretold", "came", ...(probability ? ["low", "high"] : []), "people"],
      rows: groups.map(({ predicted, observed, rows }, index) => [
        predicted,
        observed,
        ...(bounds[index] ?? []),
        rows,
      ]),
    },
    columns: probability
      ? [written, written, written, written, format.whole]
      : [written, written, format.whole],
  };
}
