import { resolve } from "node:path";
import { InchwormError } from "@inchworm/spec";
import type { Scored } from "./predict-file.js";

const atOnce = 8192;

/** The scores as CSV, many lines at a time: the number of the row, from 1, the columns copied, the probability and the reasons. */
export function* scoreLines({ probabilities, ids, reasons }: Scored): Generator<string> {
  const names = [
    "row",
    ...ids.map(({ name }) => name),
    "probability",
    ...(reasons ? ["reasons"] : []),
  ];
  let lines = [names.map(quoted).join(",")];
  for (let row = 0; row < probabilities.length; row++) {
    const probability = probabilities[row];
    lines.push(
      [
        String(row + 1),
        ...ids.map(({ texts }) => quoted(texts[row] ?? "")),
        Number.isNaN(probability) ? "" : String(probability),
        ...(reasons ? [quoted(reasons[row])] : []),
      ].join(","),
    );
    if (lines.length < atOnce) continue;
    yield `${lines.join("\n")}\n`;
    lines = [];
  }
  if (lines.length > 0) yield `${lines.join("\n")}\n`;
}

export const quoted = (text: string): string =>
  /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

/** @throws InchwormError "input" when the scores would overwrite what they are made from */
export function refuseOverwriting(out: string | undefined, inputs: readonly string[]): void {
  if (out === undefined || !inputs.some((input) => resolve(input) === resolve(out))) return;
  throw new InchwormError("input", `The scores would overwrite ${out}.`, {
    hint: "Choose another place with --out.",
  });
}
