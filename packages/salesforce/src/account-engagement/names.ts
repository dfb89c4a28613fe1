import { fieldMapping } from "@inchworm/kit";
import type { Field, FieldValue } from "@inchworm/spec";

/** Characters of a Text field, and of a Textarea as the connector carries it to a long text of Salesforce. */
const longest = { category: 255, text: 32_000 } as const;

/** Our fields' names and values in Account Engagement. */
export interface Names {
  /** The custom field's API name, such as "inchworm_churn_probability__c". */
  name(field: string): string;
  /** As JSON carries it; null clears. */
  json(value: FieldValue, field: Field): string | null;
  /** As a cell of an import, where an empty one clears. */
  cell(value: FieldValue, field: Field): string;
  value(given: unknown, field: Field): FieldValue;
  /** What a field can hold of a value. */
  fit(value: FieldValue, field: Field): FieldValue;
  /** Why a value cannot be sent. */
  flaw(value: FieldValue, field: Field): string | undefined;
}

export function names(prefix: string): Names {
  const mapping = fieldMapping("account-engagement", prefix);
  const cell = (value: FieldValue, field: Field) => mapping.text(value, field);
  return {
    name: (field) => `${mapping.name(field)}__c`,
    cell,
    json: (value, field) => cell(value, field) || null,
    value: (given, field) =>
      mapping.value(
        typeof given === "number" || typeof given === "boolean" ? String(given) : given,
        field,
      ),
    fit(value, field) {
      if (typeof value !== "string" || field.type === "number") return value;
      // no space is kept around a text, and no empty one; a letter of two halves is not cut through
      const cut = value
        .trim()
        .slice(0, longest[field.type])
        .replace(/[\uD800-\uDBFF]$/, "")
        .trimEnd();
      return cut === "" ? null : cut;
    },
    flaw(value, field) {
      if (value === null) return undefined;
      if (field.type === "number") {
        return typeof value === "number" && Number.isFinite(value) ? undefined : "INVALID_NUMBER";
      }
      const text = String(value);
      if (field.type === "category" && field.options?.includes(text) === false)
        return "INVALID_OPTION";
      return text.length > longest[field.type] ? "TOO_LONG" : undefined;
    },
  };
}
