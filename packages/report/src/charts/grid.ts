import { type Html, html } from "../format.js";
import { svg } from "./frame.js";

export interface GridCell {
  readonly column: number;
  readonly row: number;
  readonly value: number;
  /** What stands in it, if anything, and what a pointer over it says. */
  readonly text?: string;
  /** A second line under the text. */
  readonly more?: string;
  readonly told: string;
}

export interface GridParts {
  readonly columns: readonly string[];
  readonly rows: readonly string[];
  readonly cells: readonly GridCell[];
  readonly cell: { readonly width: number; readonly height: number };
  readonly axis?: { readonly across: string; readonly up: string };
}

const steps = 6;

/** One line in the middle of a square, or two. */
function inside(x: number, y: number, dark: boolean, text: string, more?: string): Html {
  return html`<text class="in${dark ? " dark" : ""}" x="${x}" y="${more === undefined ? y + 4 : y - 2}" text-anchor="middle">${text}${more === undefined ? undefined : html`<tspan class="small" x="${x}" dy="15">${more}</tspan>`}</text>`;
}

/** Squares whose colour is the stronger the more there is: one hue, in steps, so that it can be told apart without colour. */
export function heatGrid(id: string, title: string, description: string, parts: GridParts): Html {
  const { columns, rows, cells, cell, axis } = parts;
  const left = axis ? 72 : 46;
  const top = 6;
  const width = left + columns.length * cell.width + 6;
  const height = top + rows.length * cell.height + (axis ? 44 : 24);
  const most = Math.max(1e-12, ...cells.map(({ value }) => value));
  const step = (value: number) =>
    value <= 0 ? 0 : Math.min(steps, Math.ceil(Math.sqrt(value / most) * steps));
  const body = html`${rows.map((name, row) => html`<text class="name" x="${left - 8}" y="${top + row * cell.height + cell.height / 2 + 4}" text-anchor="end">${name}</text>`)}
${columns.map((name, column) => (name === "" ? undefined : html`<text class="name" x="${left + column * cell.width + cell.width / 2}" y="${top + rows.length * cell.height + 17}" text-anchor="middle">${name}</text>`))}
${axis && html`<text class="axis" x="${left + (columns.length * cell.width) / 2}" y="${height - 4}" text-anchor="middle">${axis.across}</text><text class="axis" transform="translate(14 ${top + (rows.length * cell.height) / 2}) rotate(-90)" text-anchor="middle">${axis.up}</text>`}
${cells.map(({ column, row, value, text, more, told }) => {
  const x = left + column * cell.width;
  const y = top + row * cell.height;
  return html`<g><rect class="heat h${step(value)}" x="${x + 1}" y="${y + 1}" width="${cell.width - 2}" height="${cell.height - 2}" rx="2"><title>${told}</title></rect>${text === undefined ? undefined : inside(x + cell.width / 2, y + cell.height / 2, step(value) > 3, text, more)}</g>`;
})}`;
  return svg(id, title, description, body, { width, height });
}
