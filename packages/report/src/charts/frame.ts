import { scaleLinear } from "d3-scale";
import { type Html, html } from "../format.js";

/** A drawing's size and margins in its own units; the page scales it to the room there is. */
export const size = { width: 560, height: 300, left: 64, right: 18, top: 14, bottom: 46 };

/** The drawing with its name and what is to be seen, for readers of screens. */
export function svg(
  id: string,
  title: string,
  description: string,
  body: Html,
  { width, height }: { readonly width: number; readonly height: number } = size,
): Html {
  return html`<svg viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${id}-title ${id}-desc">
<title id="${id}-title">${title}</title><desc id="${id}-desc">${description}</desc>
${body}</svg>`;
}

export interface Axis {
  readonly domain: readonly [number, number];
  readonly label: string;
  readonly tick: (value: number) => string;
}

/** Two linear axes with grid lines, and the scales to draw by. */
export function axes(x: Axis, y: Axis) {
  const { width, height, left, right, top, bottom } = size;
  const across = scaleLinear([...x.domain], [left, width - right]);
  const up = scaleLinear([...y.domain], [height - bottom, top]);
  const base = height - bottom;
  const grid = html`<g class="grid" aria-hidden="true">
${up.ticks(5).map((at) => html`<line x1="${left}" x2="${width - right}" y1="${at2(up(at))}" y2="${at2(up(at))}"/><text x="${left - 8}" y="${at2(up(at) + 4)}" text-anchor="end">${y.tick(at)}</text>`)}
${across.ticks(5).map((at) => html`<text x="${at2(across(at))}" y="${base + 18}" text-anchor="middle">${x.tick(at)}</text>`)}
<line class="base" x1="${left}" x2="${width - right}" y1="${base}" y2="${base}"/>
<text class="axis" x="${(left + width - right) / 2}" y="${height - 6}" text-anchor="middle">${x.label}</text>
<text class="axis" transform="translate(13 ${(top + base) / 2}) rotate(-90)" text-anchor="middle">${y.label}</text>
</g>`;
  return { across, up, grid, base };
}

/** Two decimals are enough of a coordinate. */
export const at2 = (value: number): number => Math.round(value * 100) / 100;

export interface Key {
  readonly className: string;
  readonly text: string;
}

/** What the colours and dashes mean, under the drawing. */
export const legend = (keys: readonly Key[]): Html =>
  html`<ul class="legend">${keys.map(({ className, text }) => html`<li><svg viewBox="0 0 28 12" width="28" height="12" aria-hidden="true"><line class="${className}" x1="1" x2="27" y1="6" y2="6"/></svg>${text}</li>`)}</ul>`;
