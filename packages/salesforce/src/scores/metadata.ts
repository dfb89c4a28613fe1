import type { Field } from "@inchworm/spec";
import { longestText } from "./names.js";

/** Digits of a number, those behind the point included. */
const digits = 18;

/** A custom field as Tooling and the Metadata API take it. */
export interface FieldMetadata {
  readonly type: "Number" | "LongTextArea" | "Picklist" | "Text";
  readonly label: string;
  readonly description: string;
  readonly inlineHelpText: string;
  readonly [part: string]: unknown;
}

/** How describe names the type that a field is made with. */
export function describedType(field: Field): "double" | "textarea" | "picklist" | "string" {
  if (field.type === "number") return "double";
  if (field.type === "text") return "textarea";
  return field.options === undefined ? "string" : "picklist";
}

/** https://developer.salesforce.com/docs/atlas.en-us.api_meta.meta/api_meta/customfield.htm */
export function metadata(field: Field): FieldMetadata {
  const texts = {
    label: label(field),
    description: field.description.slice(0, 1_000),
    inlineHelpText: help(field),
  };
  switch (describedType(field)) {
    case "double":
      return {
        type: "Number",
        ...texts,
        precision: digits,
        scale: Math.min(field.decimals ?? 0, digits - 1),
      };
    case "textarea":
      return { type: "LongTextArea", ...texts, length: longestText, visibleLines: 3 };
    case "string":
      return { type: "Text", ...texts, length: 255 };
    case "picklist":
      return { type: "Picklist", ...texts, valueSet: valueSet(field.options ?? []) };
  }
}

/** Labels have at most 40 characters, helps 510. */
export function label(field: Field): string {
  return field.label.slice(0, 40);
}

export function help(field: Field): string {
  return field.description.slice(0, 510);
}

export function valueSet(values: readonly string[]) {
  return {
    restricted: true,
    valueSetDefinition: {
      sorted: false,
      value: values.map((value) => ({ fullName: value, label: value, default: false })),
    },
  };
}
