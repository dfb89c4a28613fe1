import type { FieldDefinition } from "./fields.js";
import { badRequest, type Refusal } from "./refusal.js";
import type { Value } from "./shelf.js";

/** A value as it is kept: undefined clears. @throws Refusal when the field cannot hold it */
export function fitted(field: FieldDefinition, given: unknown): Value | undefined {
  if (given === null || given === "") return undefined;
  switch (field.kind) {
    case "boolean": {
      if (given === true || given === "true" || given === "1") return true;
      if (given === false || given === "false" || given === "0") return false;
      throw wrong(field, "a boolean");
    }
    case "integer":
    case "number": {
      const number = typeof given === "string" ? Number(given.trim() || Number.NaN) : given;
      if (typeof number !== "number" || !Number.isFinite(number)) throw wrong(field, "a number");
      if (field.kind === "integer" && !Number.isInteger(number)) throw wrong(field, "an integer");
      // a custom field keeps the text that it was given
      return field.name.endsWith("__c") ? String(given).trim() : number;
    }
    case "datetime":
      throw wrong(field, "left alone");
    case "text": {
      if (typeof given !== "string" && typeof given !== "number") throw wrong(field, "a text");
      const text = String(given).trim();
      if (text.length > (field.longest ?? 255)) throw wrong(field, "shorter");
      return text === "" ? undefined : text;
    }
  }
}

/** As answers say it: times with an offset, in the API user's zone. */
export function shown(field: FieldDefinition, value: Value | undefined): Value | null {
  if (value === undefined) return null;
  return field.kind === "datetime" ? timeText(Number(value)) : value;
}

export function timeText(time: number): string {
  // five hours behind Greenwich, all year: nobody may take these times for UTC
  return `${new Date(time - 5 * 3_600_000).toISOString().slice(0, 19)}-05:00`;
}

function wrong({ name }: FieldDefinition, what: string): Refusal {
  return badRequest(`The value of field ${name} is invalid: it must be ${what}.`);
}
