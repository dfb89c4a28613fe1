import type { SegmentsCard } from "./card.js";
import type { Segmented } from "./segment-file.js";

const atOnce = 8192;
const quoted = (text: string): string =>
  /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

/** Who is in which segment as CSV, many lines at a time: rows go by their number in the file, from 1, customers by their id. */
export function* assignmentLines(
  assignments: Segmented["assignments"],
  segments: SegmentsCard["segments"],
): Generator<string> {
  const names = new Map(segments.map(({ id, name }) => [id, quoted(name)]));
  const [first] = assignments;
  const byCustomer = typeof first === "object" && first !== null;
  let lines = [byCustomer ? "customer,segment,name,rfm" : "row,segment,name"];
  for (const [row, own] of assignments.entries()) {
    if (typeof own === "object" && own !== null)
      lines.push([quoted(own.customer), own.segment, names.get(own.segment), own.rfm].join(","));
    else lines.push([row + 1, own ?? "", own === null ? "" : names.get(own)].join(","));
    if (lines.length < atOnce) continue;
    yield `${lines.join("\n")}\n`;
    lines = [];
  }
  if (lines.length > 0) yield `${lines.join("\n")}\n`;
}
