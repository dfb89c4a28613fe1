import { type Table, type TwoSample, twoSample } from "@inchworm/learn";
import type { ModelCard } from "@inchworm/spec";
import { uniform } from "../dataset.js";
import { clocks, leanedOn } from "./leaned.js";
import type { Look } from "./look.js";

/** So many of each day show whether they can be told apart; more take longer. */
const mostRows = 2000;
const leastRows = 100;
export const scoreColumn = "score";

/**
 * How well people of one day can be told from those of another by all that the model leans on, and by the score, taken together; what
 * grows with the calendar is left out. Nothing where there are too few people, or no feature to compare.
 */
export async function tellApart(
  before: Look,
  now: Look,
  card: ModelCard,
  options: { readonly seed: number; readonly signal?: AbortSignal | undefined },
): Promise<TwoSample | undefined> {
  if (Math.min(before.rows, now.rows) < leastRows) return undefined;
  const shared = [...before.features.keys()].filter(
    (name) => now.features.has(name) && !clocks.test(name),
  );
  const leaned = leanedOn(card, shared);
  const names = shared.filter(leaned);
  const [one, other] = [before, now].map((look) => someOf(look, names));
  if (one.table.columns.length === 0 || one.table.columns.length !== other.table.columns.length)
    return undefined;
  const people = { before: one.contacts, now: other.contacts };
  const { seed, signal } = options;
  return twoSample(one.table, other.table, { seed, people, ...(signal && { signal }) });
}

function someOf(look: Look, names: readonly string[]): { table: Table; contacts: Int32Array } {
  const { contacts, features, scores } = look;
  const share = mostRows / look.rows;
  const rows = Int32Array.from(contacts.keys()).filter((row) => uniform(contacts[row], 1) < share);
  const columns = names.map((name) => [name, features.get(name)] as const);
  const numbers = scores ? [...columns, [scoreColumn, scores] as const] : columns;
  return {
    contacts: rows.map((row) => contacts[row]),
    table: {
      rows: rows.length,
      columns: numbers.map(([name, values]) => ({
        name,
        kind: "number" as const,
        values: Float32Array.from(rows, (row) => values?.[row] ?? Number.NaN),
      })),
    },
  };
}
