import type { Field, FieldValue } from "@inchworm/spec";

/** A value as it is compared and written: numbers rounded to the field's decimals; no number, no text and nothing are empty. */
export function roundValue(field: Field, value: FieldValue | undefined): FieldValue {
  if (value === undefined || value === null || value === "") return null;
  if (typeof value !== "number") return value;
  if (!Number.isFinite(value)) return null;
  // adding 0 turns -0 into 0
  return Number(value.toFixed(field.decimals ?? 0)) + 0;
}

/** Whether two values of a field are the same to its decimals. */
export function sameValue(
  field: Field,
  one: FieldValue | undefined,
  other: FieldValue | undefined,
): boolean {
  const left = one ?? null;
  const right = other ?? null;
  if (typeof left !== "number" || typeof right !== "number") return left === right;
  // half of the last decimal, and a hair for what binary fractions cannot hold
  const tolerance = 0.5 * 10 ** -(field.decimals ?? 0) + 1e-9 * Math.abs(left);
  return Math.abs(left - right) <= tolerance;
}
