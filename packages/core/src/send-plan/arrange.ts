import type { Settings } from "./settings.js";
import type { SendPlan } from "./types.js";

/** One message, before the plan is in order. */
export interface Row {
  readonly contact: number;
  readonly at: number;
  readonly localHour: number;
  readonly zone: number;
  readonly arm: number;
  readonly propensity: number;
}

type Arranged = Pick<
  SendPlan,
  "rows" | "contacts" | "at" | "localHours" | "zones" | "arms" | "propensities" | "batches"
>;

/** Messages by time, then by contact, in batches. */
export function arrange(rows: Row[], { batchSize }: Pick<Settings, "batchSize">): Arranged {
  rows.sort((one, other) => one.at - other.at || one.contact - other.contact);
  const batches: { at: number; first: number; end: number }[] = [];
  for (let first = 0; first < rows.length; ) {
    let end = first + 1;
    while (end < rows.length && end - first < batchSize && rows[end].at === rows[first].at) end++;
    batches.push({ at: rows[first].at, first, end });
    first = end;
  }
  return {
    rows: rows.length,
    contacts: Int32Array.from(rows, ({ contact }) => contact),
    at: Float64Array.from(rows, ({ at }) => at),
    localHours: Uint8Array.from(rows, ({ localHour }) => localHour),
    zones: Int32Array.from(rows, ({ zone }) => zone),
    arms: Uint8Array.from(rows, ({ arm }) => arm),
    propensities: Float64Array.from(rows, ({ propensity }) => propensity),
    batches,
  };
}
