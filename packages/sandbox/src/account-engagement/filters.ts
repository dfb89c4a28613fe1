import type { FieldDefinition } from "./fields.js";
import { badRequest } from "./refusal.js";
import type { Shelf, Value } from "./shelf.js";

export type Test = (values: ReadonlyMap<string, Value>) => boolean;

/** Fields that queries of each object filter and sort by: what the description and the documentation name. */
const filterable: Readonly<Record<string, readonly string[]>> = {
  prospects: ["id", "createdAt", "updatedAt", "lastActivityAt", "userId", "assignedToId"],
  "visitor-activities": ["id", "createdAt", "updatedAt", "prospectId", "type"],
  "list-emails": ["id", "createdAt", "updatedAt", "sentAt"],
  "custom-fields": ["id", "createdAt", "updatedAt"],
  imports: ["id", "createdAt", "updatedAt", "status"],
  exports: ["id", "createdAt", "updatedAt", "state"],
};

const comparisons: Readonly<Record<string, (value: number, wanted: number) => boolean>> = {
  "": (value, wanted) => value === wanted,
  GreaterThan: (value, wanted) => value > wanted,
  GreaterThanOrEqualTo: (value, wanted) => value >= wanted,
  LessThan: (value, wanted) => value < wanted,
  LessThanOrEqualTo: (value, wanted) => value <= wanted,
  After: (value, wanted) => value > wanted,
  AfterOrEqualTo: (value, wanted) => value >= wanted,
  Before: (value, wanted) => value < wanted,
  BeforeOrEqualTo: (value, wanted) => value <= wanted,
};

/** One parameter of a query as a test of records. @throws Refusal 400 for one that the object does not take */
export function filter(shelf: Pick<Shelf, "name" | "fields">, name: string, text: string): Test {
  for (const fieldName of filterable[shelf.name] ?? []) {
    if (!name.startsWith(fieldName)) continue;
    const field = shelf.fields.get(fieldName) as FieldDefinition;
    const suffix = name.slice(fieldName.length);
    const compare = comparisons[suffix];
    const forTimes = /^(After|Before)/.test(suffix);
    if (!compare || (suffix !== "" && forTimes !== (field.kind === "datetime"))) continue;
    if (field.kind === "text") return (values) => values.get(fieldName) === text;
    const wanted = field.kind === "datetime" ? instant(name, text) : whole(name, text);
    return (values) => {
      const value = values.get(fieldName);
      return value !== undefined && compare(Number(value), wanted);
    };
  }
  throw badRequest(`Invalid query parameter: ${name}`);
}

/** @throws Refusal 400 */
export function ordering(
  shelf: Pick<Shelf, "name">,
  text: string | null,
): { readonly field: string; readonly down: boolean } {
  const [, field = "id", direction = "ASC"] =
    (text ?? "id ASC").trim().match(/^(\w+)(?:\s+(ASC|DESC))?$/i) ?? [];
  if (text !== null && !filterable[shelf.name]?.includes(field)) {
    throw badRequest(`Invalid orderBy: ${text}`);
  }
  return { field, down: direction.toUpperCase() === "DESC" };
}

function whole(name: string, text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw badRequest(`The value of ${name} must be an integer.`);
}

/** An unencoded "+" arrives as a space, which is no offset. */
export function instant(name: string, text: string): number {
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)$/.test(text)
    ? Date.parse(text)
    : Number.NaN;
  if (!Number.isNaN(time)) return time;
  throw badRequest(`The value of ${name} must be a date and time with an offset.`);
}
