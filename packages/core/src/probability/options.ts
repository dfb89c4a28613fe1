import { InchwormError } from "@inchworm/spec";

/** @throws InchwormError "input" */
export function atLeastOne(scorer: string, option: string, value: number): number {
  if (Number.isInteger(value) && value >= 1) return value;
  throw new InchwormError("input", `${scorer}: "${option}" must be an integer ≥ 1, got ${value}.`);
}
