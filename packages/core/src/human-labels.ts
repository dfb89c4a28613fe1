import type { Instant } from "@inchworm/spec";
import type { Labels } from "@inchworm/store";

/** Outcomes of training rows once people have had their say. */
export interface Corrected {
  readonly labels: Float64Array;
  /** Rows whose outcome a person gave, and how many of them had been observed otherwise. */
  readonly given: number;
  readonly changed: number;
}

/**
 * Takes what people said in place of what was observed: a label speaks for the row of its contact whose window `[from, to)` holds
 * its day. Of several in one window the latest counts.
 *
 * @param contacts of the rows, ascending
 */
export function corrected(
  observed: Float64Array,
  contacts: Int32Array,
  { contacts: named, at, labels }: Labels,
  { from, to }: { readonly from: Instant; readonly to: Instant },
): Corrected {
  const result = observed.slice();
  let given = 0;
  let changed = 0;
  let entry = 0;
  for (let row = 0; row < contacts.length && entry < named.length; row++) {
    while (entry < named.length && named[entry] < contacts[row]) entry++;
    let said: number | undefined;
    for (; entry < named.length && named[entry] === contacts[row]; entry++)
      if (at[entry] >= from && at[entry] < to) said = labels[entry];
    if (said === undefined) continue;
    given++;
    if (said !== observed[row]) changed++;
    result[row] = said;
  }
  return { labels: result, given, changed };
}
