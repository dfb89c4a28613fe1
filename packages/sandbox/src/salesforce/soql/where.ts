import type { Org } from "../org.js";
import { Refusal } from "../refusal.js";
import type { FieldDefinition, ObjectDefinition } from "../schema.js";
import type { Row, Value } from "../table.js";
import { type Condition, type Literal, malformed, type Query } from "./parse.js";
import { resolvePath } from "./paths.js";

export type Test = (row: Row) => boolean;

const kinds: Readonly<Record<string, Literal["kind"]>> = {
  boolean: "boolean",
  double: "number",
  currency: "number",
  int: "number",
  date: "date",
  datetime: "datetime",
};

/** A condition as a function of a record. `semi` runs a sub-query and gives the values of its only field. */
export function compile(
  org: Org,
  definition: ObjectDefinition,
  condition: Condition,
  semi: (query: Query) => ReadonlySet<Value>,
): Test {
  switch (condition.kind) {
    case "and": {
      const tests = condition.parts.map((part) => compile(org, definition, part, semi));
      return (row) => tests.every((test) => test(row));
    }
    case "or": {
      const tests = condition.parts.map((part) => compile(org, definition, part, semi));
      return (row) => tests.some((test) => test(row));
    }
    case "not": {
      const test = compile(org, definition, condition.part, semi);
      return (row) => !test(row);
    }
    case "semi": {
      const { get } = filterable(org, definition, condition.path);
      const values = semi(condition.query);
      return (row) => {
        const value = get(row);
        return (value !== undefined && values.has(value)) !== condition.not;
      };
    }
    case "in": {
      const { field, get } = filterable(org, definition, condition.path);
      const values = new Set(condition.values.map((value) => comparable(field, value)));
      return (row) => values.has(folded(field, get(row))) !== condition.not;
    }
    case "compare": {
      const { field, get } = filterable(org, definition, condition.path);
      const { operator } = condition;
      if (operator === "like") {
        const pattern = likePattern(condition.value);
        return (row) => pattern.test(String(get(row) ?? ""));
      }
      const wanted = comparable(field, condition.value);
      if (operator === "=") return (row) => folded(field, get(row)) === wanted;
      if (operator === "!=") return (row) => folded(field, get(row)) !== wanted;
      if (wanted === undefined) return () => false;
      return (row) => {
        const value = folded(field, get(row));
        if (value === undefined) return false;
        if (operator === "<") return value < wanted;
        if (operator === "<=") return value <= wanted;
        return operator === ">" ? value > wanted : value >= wanted;
      };
    }
  }
}

function filterable(org: Org, definition: ObjectDefinition, path: string) {
  const found = resolvePath(org, definition, path);
  if (found.field.type !== "textarea" || found.field.length <= 255) return found;
  throw new Refusal(400, "INVALID_FIELD", `field '${path}' can not be filtered in a query call`);
}

/** Text is compared without regard to case, ids are not. */
function folded(field: FieldDefinition, value: Value | undefined): Value | undefined {
  return typeof value === "string" && field.type !== "id" && field.type !== "reference"
    ? value.toLowerCase()
    : value;
}

function comparable(field: FieldDefinition, literal: Literal): Value | undefined {
  if (literal.kind === "null") return undefined;
  const kind = kinds[field.type] ?? "text";
  if (literal.kind === kind) return folded(field, literal.value);
  const quotes =
    kind === "text" ? "should be enclosed in quotes" : "should not be enclosed in quotes";
  const message = `value of filter criterion for field '${field.name}' must be of type ${field.type} and ${quotes}`;
  throw new Refusal(400, "INVALID_FIELD", message);
}

function likePattern(literal: Literal): RegExp {
  if (literal.kind !== "text") throw malformed("LIKE needs a text");
  const escaped = literal.value.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("%", "[^]*").replaceAll("_", "[^]")}$`, "i");
}
