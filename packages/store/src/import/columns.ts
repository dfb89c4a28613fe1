import { InchwormError } from "@inchworm/spec";
import type { ImportKind } from "../types/import.js";
import { fieldsOf } from "./fields.js";

/** Field → the file's column that serves it. */
export type Columns = Readonly<Record<string, string>>;

const normal = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");

const lineFields = ["item", "quantity", "price", "lineId"];

/** Whether orders come as lines with an item, a quantity and a price, rather than as totals. */
export const hasLines = (columns: Columns): boolean =>
  ["item", "quantity", "price"].every((field) => columns[field] !== undefined);

/**
 * Finds the column of every field, from `map` or by its common names.
 *
 * @throws InchwormError "input" with the file's columns and the option that would help
 */
export function findColumns(
  kind: ImportKind,
  file: string,
  columns: readonly string[],
  map: Readonly<Record<string, string>>,
): Columns {
  const fields = fieldsOf[kind];
  const found: Record<string, string> = {};
  for (const [field, wanted] of Object.entries(map)) {
    if (fields[field] === undefined) {
      throw new InchwormError("input", `There is no field "${field}" in ${kind}.`, {
        hint: `The fields are ${Object.keys(fields).join(", ")}.`,
      });
    }
    const column =
      columns.find((name) => name === wanted) ??
      columns.find((name) => normal(name) === normal(wanted));
    if (column === undefined) throw missing(file, `"${wanted}"`, field, [wanted], columns, columns);
    found[field] = column;
  }
  const free = () => columns.filter((column) => !Object.values(found).includes(column));
  // Shopify's order number is called "Name"
  if (kind === "orders" && columns.includes("Lineitem name") && columns.includes("Name")) {
    found.order ??= "Name";
  }
  for (const [field, { names }] of Object.entries(fields)) {
    const column = names.flatMap((name) => free().find((one) => normal(one) === name) ?? [])[0];
    if (column !== undefined) found[field] ??= column;
  }
  if (kind === "orders") {
    // one or the other: lines, which add up to totals, or totals alone
    const lines = hasLines(found) && map.total === undefined;
    if (lines) delete found.total;
    else if (found.total !== undefined) for (const field of lineFields) delete found[field];
  }
  const named = found.customer ?? found.email;
  const required = requiredFields(kind, found);
  const needed = (
    isPersonal(kind) && named === undefined ? [...required, "customer"] : required
  ).find((field) => found[field] === undefined);
  if (needed === undefined) return found;
  throw missing(file, `for "${needed}"`, needed, fields[needed].names, columns, free());
}

/** Fields that every row must fill. */
export function requiredFields(kind: ImportKind, found: Columns): readonly string[] {
  const required = Object.entries(fieldsOf[kind]).flatMap(([field, spec]) =>
    spec.required ? [field] : [],
  );
  if (kind === "orders") {
    const lines = found.total === undefined && found.item !== undefined;
    if (lines) return [...required, "order", "item", "quantity", "price"];
    return found.order === undefined ? [...required, "total"] : [...required, "order", "total"];
  }
  return required;
}

/** Kinds whose rows say nothing without a person. */
const personal: readonly ImportKind[] = [
  "contacts",
  "engagements",
  "consents",
  "contracts",
  "messages",
];

export const isPersonal = (kind: ImportKind): boolean => personal.includes(kind);

function missing(
  file: string,
  what: string,
  field: string,
  names: readonly string[],
  columns: readonly string[],
  free: readonly string[],
): InchwormError {
  // an address in the first line means that the file has no header; it must not stand in an error
  const shown = columns.slice(0, 50).map((column) => (column.includes("@") ? "…" : column || '""'));
  const likely = closest(names, free) ?? free.find((column) => !column.includes("@"));
  return new InchwormError(
    "input",
    `${file} has no column ${what}. Its columns are ${shown.join(", ")}${columns.length > 50 ? ", …" : ""}.`,
    {
      hint: `Say which column it is, for example --map ${field}=${likely === undefined ? "COLUMN" : quoted(likely)}. The first line of the file must hold the names of the columns.`,
    },
  );
}

const quoted = (column: string): string =>
  /^[\w.-]+$/.test(column) ? column : JSON.stringify(column);

/** The column that shares most letter pairs with any of the names, if it shares many. */
function closest(names: readonly string[], columns: readonly string[]): string | undefined {
  const pairs = (text: string) => {
    const letters = normal(text);
    return new Set(
      Array.from({ length: Math.max(0, letters.length - 1) }, (_, at) => letters.slice(at, at + 2)),
    );
  };
  let best: string | undefined;
  let most = 0.3;
  for (const column of columns) {
    const theirs = pairs(column);
    for (const name of names) {
      const ours = pairs(name);
      const common = [...ours].filter((pair) => theirs.has(pair)).length;
      const likeness = (2 * common) / (ours.size + theirs.size || 1);
      if (likeness > most && !column.includes("@")) [best, most] = [column, likeness];
    }
  }
  return best;
}
