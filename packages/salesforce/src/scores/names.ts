import { type FieldMapping, fieldMapping } from "@inchworm/kit";
import { type Field, type FieldValue, InchwormError } from "@inchworm/spec";

/** Objects that our fields are made on. A person account has its contact's. */
export type ScoredObject = "Contact" | "Lead";
/** Objects that are written to. */
export type WrittenObject = ScoredObject | "Account";

/** Characters of a custom field's name, its ending left out. */
const longestName = 40;
/** Characters of a long text as Bulk API 2.0 takes it. */
export const longestText = 32_000;

/** The object of a record, by the beginning of its id; `undefined` for one that we do not write to. */
export function objectOf(recordId: string): WrittenObject | undefined {
  if (!/^[0-9A-Za-z]{15}([0-9A-Za-z]{3})?$/.test(recordId)) return undefined;
  const objects: Readonly<Record<string, WrittenObject>> = {
    "003": "Contact",
    "00Q": "Lead",
    "001": "Account",
  };
  return objects[recordId.slice(0, 3)];
}

/** Our fields' names and values in Salesforce. */
export interface Names {
  /** The custom field's API name, such as "inchworm_churn_probability__c". */
  name(field: string): string;
  /** The same on an object that is written to. */
  on(object: WrittenObject, field: string): string;
  /** As JSON carries it. */
  json(value: FieldValue, field: Field): string | number | null;
  /** As a cell of a file: "#N/A" clears, an empty cell would be left alone. */
  cell(value: FieldValue, field: Field): string;
  value(given: unknown, field: Field): FieldValue;
  /** What a field can hold of a value. */
  fit(value: FieldValue, field: Field): FieldValue;
  /** Why a value cannot be sent. */
  flaw(value: FieldValue, field: Field): string | undefined;
}

export function names(prefix: string): Names {
  const mapping: FieldMapping = fieldMapping("salesforce", prefix);
  const name = (field: string): string => {
    const made = mapping.name(field);
    if (made.length > longestName || /__|_$/.test(made)) {
      throw new InchwormError("input", `salesforce: no custom field can be named "${made}".`, {
        hint: `Names have at most ${longestName} characters, and no two _ side by side: shorten "prefix" or the field's name.`,
      });
    }
    return `${made}__c`;
  };
  return {
    name,
    on: (object, field) =>
      object === "Account" ? name(field).replace(/__c$/, "__pc") : name(field),
    json(value, field) {
      if (value === null) return null;
      return field.type === "number" ? Number(mapping.text(value, field)) : String(value);
    },
    cell: (value, field) => (value === null || value === "" ? "#N/A" : mapping.text(value, field)),
    value: (given, field) =>
      mapping.value(
        typeof given === "number" || typeof given === "boolean" ? String(given) : given,
        field,
      ),
    fit(value, field) {
      if (typeof value !== "string" || field.type === "number") return value;
      // Salesforce keeps no space around a text, and no empty one; a letter of two halves is not cut through
      const cut = value
        .trim()
        .slice(0, longestOf(field))
        .replace(/[\uD800-\uDBFF]$/, "")
        .trimEnd();
      return cut === "" ? null : cut;
    },
    flaw(value, field) {
      if (value === null) return undefined;
      if (field.type === "number") {
        return typeof value === "number" && Number.isFinite(value) ? undefined : "INVALID_NUMBER";
      }
      if (field.type === "category" && field.options?.includes(String(value)) === false)
        return "INVALID_OPTION";
      const text = String(value);
      // the one text that a file cannot carry: it means "empty" there
      if (text === "#N/A") return "INVALID_TEXT";
      return text.length > longestOf(field) ? "TOO_LONG" : undefined;
    },
  };
}

function longestOf(field: Field): number {
  return field.type === "category" ? 255 : longestText;
}
