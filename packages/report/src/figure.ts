import { type Cell, csv, type Table } from "./csv.js";
import { type Format, type Html, html } from "./format.js";

/** A picture with its numbers: as a table for those who cannot see it, and as CSV. */
export interface FigureParts {
  /** Unique on the page, of letters, digits and "-". */
  readonly id: string;
  readonly title: string;
  /** One sentence: what to see in it. */
  readonly caption: string;
  readonly picture: Html;
  readonly table: Table;
  /** How a column's numbers are written in the table, by position. Defaults to three digits. */
  readonly columns?: readonly (((value: number) => string) | undefined)[];
}

export function figure(parts: FigureParts, format: Format): Html {
  const { id, title, caption, picture, table } = parts;
  return html`<figure id="${id}">
<h3>${title}</h3>
<p class="caption">${caption}</p>
${picture}
<details><summary>Numbers of “${title}”</summary>
${tableOf(table, format, parts.columns, `${title} (${id})`)}
<p><a class="csv" download="${id}.csv" href="data:text/csv;charset=utf-8,${encodeURIComponent(csv(table))}">Download ${id}.csv</a></p>
</details>
</figure>`;
}

/** A table that can be scrolled sideways on a phone. */
export function tableOf(
  { head, rows }: Table,
  format: Format,
  columns: FigureParts["columns"] = [],
  title = "",
): Html {
  const cell = (value: Cell, column: number): Html =>
    typeof value === "number"
      ? html`<td class="number">${(columns[column] ?? format.number)(value)}</td>`
      : html`<td>${value}</td>`;
  const first = (value: Cell, column: number): Html =>
    typeof value === "number" ? cell(value, column) : html`<th scope="row">${value}</th>`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Table${title === "" ? "" : `: ${title}`}"><table>
<thead><tr>${head.map((name, column) => html`<th scope="col"${typeof rows[0]?.[column] === "number" ? html` class="number"` : undefined}>${name}</th>`)}</tr></thead>
<tbody>${rows.map(
    (
      row,
    ) => html`<tr>${row.map((value, column) => (column === 0 ? first(value, column) : cell(value, column)))}</tr>
`,
  )}</tbody></table></div>`;
}
