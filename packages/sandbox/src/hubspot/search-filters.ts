import { parseInstant } from "../stand-in/times.js";
import type { Portal } from "./portal.js";
import type { PropertyDefinition } from "./property-book.js";
import { invalid } from "./refusal.js";

type Typed = Pick<PropertyDefinition, "name" | "type">;
export type Test = (slot: number) => boolean;

/** What can be searched by: which properties there are, and how one is read of a record. */
export interface SearchFields {
  property(name: string): Typed | undefined;
  reader(property: Typed): (slot: number) => Key | undefined;
}

export const contactFields = (portal: Portal): SearchFields => ({
  property: (name) => portal.properties.get(name),
  reader: (property) => keyReader(portal, property),
});

// https://developers.hubspot.com/docs/api-reference/legacy/crm/search-the-crm
const mostGroups = 5;
const mostInGroup = 6;
const mostFilters = 18;
const mostValues = 100;

/** Filters of one group must all hold; one group is enough. @throws Refusal 400 */
export function searchTest(fields: SearchFields, groups: unknown): Test {
  if (groups === undefined) return () => true;
  if (!Array.isArray(groups)) throw invalid("Invalid input JSON: filterGroups is not a list");
  if (groups.length > mostGroups) throw invalid(`There can be at most ${mostGroups} filterGroups`);
  let count = 0;
  const tests = groups.map((group) => {
    const filters = (group as { filters?: unknown } | null)?.filters;
    if (!Array.isArray(filters)) throw invalid("Invalid input JSON: a group has no filters");
    count += filters.length;
    if (filters.length > mostInGroup || count > mostFilters) {
      throw invalid(
        `There can be at most ${mostInGroup} filters in a group, ${mostFilters} in all`,
      );
    }
    const all = filters.map((filter) => filterTest(fields, (filter ?? {}) as Filter));
    return (slot: number) => all.every((test) => test(slot));
  });
  return tests.length === 0 ? () => true : (slot) => tests.some((test) => test(slot));
}

interface Filter {
  readonly propertyName?: unknown;
  readonly operator?: unknown;
  readonly value?: unknown;
  readonly highValue?: unknown;
  readonly values?: unknown;
}

export type Key = number | string;

// NEQ, NOT_IN and NOT_CONTAINS_TOKEN hold only where there is a value.
function filterTest(fields: SearchFields, filter: Filter): Test {
  const name = String(filter.propertyName);
  const property = fields.property(name);
  if (!property) {
    throw invalid(`Property ${name} does not exist`, { propertyName: [name] });
  }
  const read = fields.reader(property);
  const operand = () => operandKey(property, filter.value);
  const known = (test: (key: Key) => boolean): Test => {
    return (slot) => {
      const key = read(slot);
      return key !== undefined && test(key);
    };
  };
  switch (filter.operator) {
    case "HAS_PROPERTY":
      return known(() => true);
    case "NOT_HAS_PROPERTY":
      return (slot) => read(slot) === undefined;
    case "EQ": {
      const wanted = operand();
      return known((key) => key === wanted);
    }
    case "NEQ": {
      const wanted = operand();
      return known((key) => key !== wanted);
    }
    case "LT": {
      const wanted = operand();
      return known((key) => key < wanted);
    }
    case "LTE": {
      const wanted = operand();
      return known((key) => key <= wanted);
    }
    case "GT": {
      const wanted = operand();
      return known((key) => key > wanted);
    }
    case "GTE": {
      const wanted = operand();
      return known((key) => key >= wanted);
    }
    case "BETWEEN": {
      const low = operand();
      const high = operandKey(property, filter.highValue);
      return known((key) => key >= low && key <= high);
    }
    case "IN":
    case "NOT_IN": {
      const wanted = operandKeys(property, filter.values);
      const isIn = filter.operator === "IN";
      return known((key) => wanted.has(key) === isIn);
    }
    case "CONTAINS_TOKEN":
    case "NOT_CONTAINS_TOKEN": {
      const token = String(filter.value ?? "").toLowerCase();
      const contains = filter.operator === "CONTAINS_TOKEN";
      return known((key) => hasToken(String(key), token) === contains);
    }
    default:
      throw invalid(`Invalid operator ${String(filter.operator)}`, { propertyName: [name] });
  }
}

/** What filters and sorts compare: numbers for numbers and times, lower-case text for the rest. */
function keyReader(
  { index, contacts }: Portal,
  { name, type }: Typed,
): (slot: number) => Key | undefined {
  if (name === "lastmodifieddate") return (slot) => index.modifiedAt(slot);
  if (name === "createdate") return (slot) => contacts.createdAt(slot);
  if (name === "hs_object_id") return (slot) => contacts.id(slot);
  const parse = type === "number" ? Number : parseInstant;
  const isText = type === "string" || type === "enumeration" || type === "bool";
  return (slot) => {
    const value = index.value(slot, name);
    if (value === undefined || value === "") return undefined;
    return isText ? value.toLowerCase() : parse(value);
  };
}

function operandKeys(property: Typed, values: unknown): Set<Key> {
  if (!Array.isArray(values) || values.length === 0 || values.length > mostValues) {
    throw invalid(`IN and NOT_IN need between 1 and ${mostValues} values`);
  }
  return new Set(values.map((value) => operandKey(property, value)));
}

/** Times in filters are epoch milliseconds. */
function operandKey({ name, type }: Typed, value: unknown): Key {
  if ((typeof value !== "string" && typeof value !== "number") || value === "") {
    throw invalid(`The filter of property ${name} needs a value`, { propertyName: [name] });
  }
  if (type === "string" || type === "enumeration" || type === "bool") {
    return String(value).toLowerCase();
  }
  const isTime = type === "date" || type === "datetime";
  const key = isTime && !/^-?\d+$/.test(String(value)) ? Number.NaN : Number(value);
  if (Number.isFinite(key)) return key;
  throw invalid(`${value} is not a valid ${isTime ? "number of milliseconds" : "number"}`, {
    propertyName: [name],
  });
}

/** A word of the text, or with a star at an end the beginning or end of one. */
function hasToken(text: string, token: string): boolean {
  const core = token.replace(/^\*|\*$/g, "");
  return (
    text.split(/[\s@.,;_-]+/).some((word) => {
      if (token.startsWith("*") && token.endsWith("*")) return word.includes(core);
      if (token.startsWith("*")) return word.endsWith(core);
      return token.endsWith("*") ? word.startsWith(core) : word === core;
    }) || text === core
  );
}
