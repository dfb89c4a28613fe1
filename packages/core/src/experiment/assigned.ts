import type { Instant } from "@inchworm/spec";

/** People in arms, and since when; ascending by contact. */
export interface Assigned {
  readonly contacts: Int32Array;
  readonly arms: Uint8Array;
  /** The control first. */
  readonly armNames: readonly string[];
  readonly shares: readonly number[];
  readonly from: Float64Array;
  /** Groups within which arms were drawn, to look at the effect in each; -1 = in none. */
  readonly strata?: { readonly codes: Int32Array; readonly levels: readonly string[] };
}

/** Those who were there before `until`, counted from `since` on at the earliest. */
export function during(
  assigned: Assigned,
  until: Instant,
  since = Number.NEGATIVE_INFINITY,
): Assigned {
  const { contacts, arms, from, strata } = assigned;
  const rows = Int32Array.from(contacts.keys()).filter((row) => Math.max(from[row], since) < until);
  return {
    ...assigned,
    contacts: rows.map((row) => contacts[row]),
    arms: Uint8Array.from(rows, (row) => arms[row]),
    from: Float64Array.from(rows, (row) => Math.max(from[row], since)),
    ...(strata && { strata: { ...strata, codes: rows.map((row) => strata.codes[row]) } }),
  };
}
