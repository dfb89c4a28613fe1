import { scaleLinear } from "d3-scale";
import { type Format, type Html, html } from "../format.js";
import { at2, axes, svg } from "./frame.js";

export interface Bar {
  readonly name: string;
  readonly value: number;
  /** As it is written behind the bar. */
  readonly text: string;
}

const row = 26;
const wide = { width: 560, names: 236, letter: 7.5 };
/** A name longer than this is cut in the picture; the table has it whole. */
const longest = 30;

const cut = (name: string): string => {
  const letters = [...name];
  return letters.length > longest ? `${letters.slice(0, longest - 1).join("")}…` : name;
};

/** Lying bars, in the order given. */
export function lyingBars(
  id: string,
  title: string,
  description: string,
  bars: readonly Bar[],
): Html {
  const most = Math.max(1e-12, ...bars.map(({ value }) => value));
  const room = 12 + wide.letter * Math.max(0, ...bars.map(({ text }) => text.length));
  const across = scaleLinear([0, most], [0, wide.width - wide.names - room]);
  const height = bars.length * row + 8;
  const body = html`${bars.map(({ name, value, text }, index) => {
    const y = 4 + index * row;
    return html`<g><text class="name" x="${wide.names - 8}" y="${y + 17}" text-anchor="end">${cut(name)}<title>${name}</title></text><rect class="bar" x="${wide.names}" y="${y + 3}" width="${at2(Math.max(0.5, across(value)))}" height="${row - 6}" rx="2"/><text class="value" x="${at2(wide.names + across(value) + 6)}" y="${y + 17}">${text}</text></g>`;
  })}`;
  return svg(id, title, description, body, { width: wide.width, height });
}

/** Standing bars that touch: how numbers lie. */
export function standingBars(
  id: string,
  title: string,
  description: string,
  bins: readonly { readonly from: number; readonly to: number; readonly contacts: number }[],
  written: { readonly label: string; readonly tick: (value: number) => string },
  format: Format,
): Html {
  const from = bins[0]?.from ?? 0;
  const to = bins.at(-1)?.to ?? 1;
  const most = Math.max(1, ...bins.map(({ contacts }) => contacts));
  const { across, up, grid, base } = axes(
    { domain: [from, to], label: written.label, tick: written.tick },
    { domain: [0, most], label: "Contacts", tick: format.whole },
  );
  const body = html`${grid}${bins.map((bin) => {
    const x = across(bin.from);
    const y = up(bin.contacts);
    return html`<rect class="bar" x="${at2(x + 1)}" y="${at2(y)}" width="${at2(Math.max(1, across(bin.to) - x - 2))}" height="${at2(base - y)}"><title>${written.tick(bin.from)} to ${written.tick(bin.to)}: ${format.whole(bin.contacts)}</title></rect>`;
  })}`;
  return svg(id, title, description, body);
}
