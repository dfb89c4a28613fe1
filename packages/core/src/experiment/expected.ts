import { type Column, outOfFold } from "@inchworm/learn";
import type { Outcomes, Store } from "@inchworm/store";

/** Trees need so many people. */
export const leastForModel = 1000;

export interface ExpectedOptions {
  readonly how: "history" | "model";
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * What was to be expected of each person: what they did as many days before, and by trees that learn from all features of the day on
 * which the first was assigned, out of fold.
 */
export async function expectedOf(
  store: Pick<Store, "features">,
  { contacts, from }: { readonly contacts: Int32Array; readonly from: Float64Array },
  outcome: Float64Array,
  before: Outcomes,
  { how, seed, signal }: ExpectedOptions,
): Promise<readonly Float64Array[]> {
  const past = [before.ordersBefore, before.spendBefore, before.visitsBefore].filter((values) =>
    values.some((value) => value !== values[0]),
  );
  if (how === "history") return past;
  // a day on which nobody was treated yet
  const start = from.reduce((least, one) => Math.min(least, one), Infinity);
  const table = await store.features({ asOf: start, ...(signal && { signal }) });
  const rows = new Map(Array.from(table.contacts, (contact, row) => [contact, row]));
  const columns = table.columns.map(
    ({ name, values }): Column => ({
      name,
      kind: "number",
      values: Float32Array.from(contacts, (contact) => {
        const row = rows.get(contact);
        return row === undefined ? Number.NaN : values[row];
      }),
    }),
  );
  for (const [place, values] of past.entries())
    columns.push({ name: `before ${place}`, kind: "number", values: Float32Array.from(values) });
  const expected = await outOfFold({ rows: contacts.length, columns }, outcome, {
    seed,
    ...(signal && { signal }),
  });
  return [...past, expected];
}
