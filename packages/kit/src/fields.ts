import { type Field, type FieldValue, InchwormError } from "@inchworm/spec";

/** Our field names in the vendor's system, and back. */
export interface FieldMapping {
  /** The vendor's name of a field. */
  name(field: string): string;
  /** The value as the vendor stores it: plain text, `""` for empty. */
  text(value: FieldValue, field: Field): string;
  /** The vendor's text in the field's own type; text that does not fit it is given as it is. */
  value(text: unknown, field: Field): FieldValue;
}

/**
 * Puts `prefix` before every field, and says values as text.
 *
 * @throws InchwormError "config" for a prefix that is not lower-case snake
 */
export function fieldMapping(adapter: string, prefix: string): FieldMapping {
  if (!/^[a-z][a-z0-9_]*$/.test(prefix)) {
    throw new InchwormError(
      "config",
      `${adapter}: "prefix" must be lower-case letters, digits and _, and begin with a letter.`,
    );
  }
  return {
    name(field) {
      if (!/^[a-z0-9_]+$/.test(field)) {
        throw new InchwormError("input", `${adapter}: "${field}" is no field name.`, {
          hint: 'Field names are lower-case snake, such as "churn_probability".',
        });
      }
      return prefix + field;
    },
    text(value, field) {
      if (value === null) return "";
      return typeof value === "number" ? plainNumber(value, field.decimals ?? 0) : String(value);
    },
    value(text, field) {
      if (text === null || text === undefined || text === "") return null;
      if (field.type !== "number") return String(text);
      const number = Number(text);
      return Number.isFinite(number) ? number : String(text);
    },
  };
}

/**
 * A finite number in digits, never in exponent form: vendors read "1e-7" as text.
 *
 * @example plainNumber(1e-7, 8) // "0.0000001"
 */
export function plainNumber(value: number, decimals: number): string {
  // toFixed turns to exponents at 1e21, where a double has no decimals left.
  if (Math.abs(value) >= 1e21) return BigInt(value).toString();
  const digits = value.toFixed(decimals);
  const trimmed = digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits;
  return trimmed === "-0" ? "0" : trimmed;
}
