import { instantText } from "../stand-in/times.js";
import type { PropertyDefinition } from "./property-book.js";
import { lifecycleStages } from "./standard-properties.js";

const decimal = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;
const address = /^[^\s@<>()[\],;:"]+@[^\s@<>()[\],;:"]+\.[^\s@<>()[\],;:".]{2,}$/;
const longestText = 65_536;
const dayMs = 86_400_000;

/** The value as the portal keeps it, or why it is not one. "" clears every property. */
export function normalise(
  property: PropertyDefinition,
  value: string,
): { value: string } | { code: string; message: string } {
  if (value === "") return { value };
  switch (property.type) {
    case "number":
      if (decimal.test(value) && Number.isFinite(Number(value))) return { value };
      return { code: "INVALID_NUMBER", message: `${value} was not a valid number.` };
    case "bool":
    case "enumeration":
      return option(property, value);
    case "date":
    case "datetime":
      return moment(property.type, value);
    case "string":
      if (value.length > longestText) {
        return {
          code: "PROPERTY_VALUE_TOO_LONG",
          message: `Property "${property.name}" is longer than ${longestText} characters.`,
        };
      }
      if (property.name !== "email") return { value };
      if (value.length > 254 || !address.test(value)) {
        return { code: "INVALID_EMAIL", message: `Email address ${value} is invalid` };
      }
      return { value: value.toLowerCase() };
  }
}

function option(property: PropertyDefinition, value: string) {
  const chosen = property.fieldType === "checkbox" ? value.split(";") : [value];
  if (chosen.every((one) => property.allowed?.has(one))) return { value };
  const allowed = property.options.map(({ label, value }) => `label: ${label}, value: ${value}`);
  return {
    code: "INVALID_OPTION",
    message: `${value} was not one of the allowed options: [${allowed.join("; ")}]`,
  };
}

// Milliseconds or ISO 8601; a date means midnight UTC.
function moment(type: "date" | "datetime", value: string) {
  const time = /^-?\d{1,16}$/.test(value)
    ? Number(value)
    : /^\d{4}-\d\d-\d\d(T|$)/.test(value)
      ? Date.parse(value)
      : Number.NaN;
  if (!(Math.abs(time) <= 8.64e15)) {
    return { code: "INVALID_DATE", message: `${value} was not a valid ${type}.` };
  }
  if (type === "datetime") return { value: instantText(time) };
  if (time % dayMs !== 0) {
    return {
      code: "INVALID_DATE",
      message: `${value} is at a time of day other than midnight UTC.`,
    };
  }
  return { value: instantText(time).slice(0, 10) };
}

const rank = new Map<string, number>(lifecycleStages.map(([stage], index) => [stage, index]));

/** Whether the portal would silently keep the old stage: it moves only forward, unless it was cleared before. */
export function movesBack(stage: string | undefined, wanted: string): boolean {
  return (rank.get(wanted) ?? 0) < (rank.get(stage ?? "") ?? 0) && wanted !== "";
}
