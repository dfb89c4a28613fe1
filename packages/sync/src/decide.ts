import type { Destination, Field, FieldValue, PlanInput, PlanRow } from "@inchworm/spec";
import { roundValue } from "./values.js";

/** What a planner knows beyond one contact. */
export interface Rules {
  /** Fields that are published. */
  readonly fields: readonly Field[];
  /** Fields that we published once and no longer do: whatever stands there is cleared. */
  readonly retired: readonly Field[];
  /** Names of fields that do not stand at the destination: whatever was written there is gone. */
  readonly missing: ReadonlySet<string>;
  /** What the destination can hold of a value. */
  readonly fit?: Destination["fit"];
}

/** The values to write on a contact's record, or why there are none. */
export type Decision =
  | {
      readonly action: "update" | "clear";
      readonly values: PlanRow["values"];
      readonly reason?: string;
    }
  | { readonly action: "skip"; readonly reason: string };

/** Plans in which writing on a record fails, one after the other, before it is left alone until somebody asks for it. */
export const mostFailures = 3;

/** Compares what is wanted of a contact with what we wrote; the record's id plays no part. */
export function decide(input: PlanInput, { fields, retired, missing, fit }: Rules): Decision {
  const { wanted, written } = input;
  const uncertain = new Set(input.uncertain);
  const values: Record<string, FieldValue> = {};
  const stands = (field: Field): FieldValue =>
    missing.has(field.name) ? null : roundValue(field, written?.[field.name]);

  if (!wanted) {
    const reason = input.reason ?? "no score";
    const ours = [...fields, ...retired].filter(
      ({ name }) => !missing.has(name) && (written?.[name] !== undefined || uncertain.has(name)),
    );
    const clean = ours.every((field) => stands(field) === null && !uncertain.has(field.name));
    if (clean) return { action: "skip", reason };
    for (const { name } of ours) values[name] = null;
    return { action: "clear", values, reason };
  }

  for (const field of fields) {
    const rounded = roundValue(field, wanted[field.name]);
    const value = fit ? fit(field, rounded) : rounded;
    if (value !== stands(field) || (uncertain.has(field.name) && !missing.has(field.name)))
      values[field.name] = value;
  }
  for (const field of retired)
    if (stands(field) !== null || uncertain.has(field.name)) values[field.name] = null;
  if (Object.keys(values).length > 0) {
    // what clears a refused person's scores is never held back; what only updates them is
    if ((input.failures ?? 0) >= mostFailures)
      return { action: "skip", reason: `failed in ${mostFailures} plans in a row` };
    return { action: "update", values };
  }
  return { action: "skip", reason: written ? "unchanged" : (input.reason ?? "nothing to write") };
}
