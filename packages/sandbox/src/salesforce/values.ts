import { anyId } from "./ids.js";
import { type RecordError, Refusal, recordError } from "./refusal.js";
import type { FieldDefinition } from "./schema.js";
import type { Value } from "./table.js";

/** A value that was checked, `undefined` to clear, or what is wrong with it for this record. */
export type Checked = { readonly value: Value | undefined } | { readonly error: RecordError };

/**
 * A value of a JSON body for a field.
 *
 * @throws Refusal 400 where the type is another: the API cannot read the body then
 */
export function checkJson(field: FieldDefinition, given: unknown): Checked {
  if (given === null) return cleared(field);
  const { type } = field;
  if (type === "boolean") {
    if (typeof given === "boolean") return { value: given };
    throw unreadable("boolean", given);
  }
  if (type === "double" || type === "currency" || type === "int") {
    if (typeof given === "number") return checkNumber(field, given);
    throw unreadable(type, given);
  }
  if (typeof given === "object") throw unreadable(type, given);
  return checkText(field, String(given));
}

/** A cell of a CSV file: always text. An empty one is left alone before it comes here. */
export function checkCell(field: FieldDefinition, cell: string): Checked {
  if (cell === "#N/A") return cleared(field);
  const { name, type } = field;
  if (type === "boolean") {
    const text = cell.toLowerCase();
    if (text === "true" || text === "false" || text === "1" || text === "0") {
      return { value: text === "true" || text === "1" };
    }
    return wrong("INVALID_TYPE_ON_FIELD_IN_RECORD", `'${name}' is not a valid boolean`, name);
  }
  if (type === "double" || type === "currency" || type === "int") {
    const number = Number(cell);
    if (cell.trim() !== "" && Number.isFinite(number)) return checkNumber(field, number);
    return wrong("INVALID_TYPE_ON_FIELD_IN_RECORD", `${name}: value not of required type`, name);
  }
  return checkText(field, cell);
}

function cleared(field: FieldDefinition): Checked {
  if (field.nillable) return { value: undefined };
  if (field.type === "boolean") return { value: false };
  return wrong(
    "REQUIRED_FIELD_MISSING",
    `Required fields are missing: [${field.name}]`,
    field.name,
  );
}

function checkNumber(field: FieldDefinition, number: number): Checked {
  const { name, type, precision, scale } = field;
  const rounded = Number(number.toFixed(type === "int" ? 0 : scale));
  const whole = type === "int" ? 9 : precision - scale;
  if (Math.abs(rounded) < 10 ** whole) return { value: rounded };
  return wrong("NUMBER_OUTSIDE_VALID_RANGE", `${name}: value outside of valid range`, name);
}

function checkText(field: FieldDefinition, given: string): Checked {
  const { name, type, length } = field;
  // no space is kept around a text
  const text = given.trim();
  if (text === "") return cleared(field);
  if (text.length > length) {
    return wrong("STRING_TOO_LONG", `${name}: data value too large (max length=${length})`, name);
  }
  switch (type) {
    case "email":
      if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)) {
        return wrong("INVALID_EMAIL_ADDRESS", `${name}: invalid email address`, name);
      }
      return { value: text };
    case "picklist":
      if (field.restricted && !field.values?.includes(text)) {
        const message = `${field.label}: bad value for restricted picklist field`;
        return wrong("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", message, name);
      }
      return { value: text };
    case "date":
      if (/^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text))) return { value: text };
      throw unreadable("date", text);
    case "datetime": {
      const at = Date.parse(text);
      if (/^\d{4}-\d\d-\d\dT/.test(text) && !Number.isNaN(at)) return { value: at };
      throw unreadable("datetime", text);
    }
    case "reference": {
      const id = anyId(text);
      return id === undefined
        ? wrong("MALFORMED_ID", `${name}: id value of incorrect type`, name)
        : { value: id };
    }
    default:
      return { value: text };
  }
}

function wrong(statusCode: string, message: string, name: string): Checked {
  return { error: recordError(statusCode, message, [name]) };
}

function unreadable(type: string, given: unknown): Refusal {
  const kind = typeof given === "object" ? "START_OBJECT" : `VALUE_${(typeof given).toUpperCase()}`;
  return new Refusal(
    400,
    "JSON_PARSER_ERROR",
    `Cannot deserialize instance of ${type} from ${kind} value`,
  );
}

/** An instant as JSON answers carry it. */
export function jsonTime(time: number): string {
  return new Date(time).toISOString().replace("Z", "+0000");
}
