import type { Table, UpliftTrial } from "@inchworm/learn";
import { InchwormError, type Instant } from "@inchworm/spec";
import { readings } from "../experiment/measure.js";
import type { ExperimentOutcome } from "../experiment/types.js";
import { universal } from "../holdout/hold-out.js";
import type { History } from "../scorer.js";
import { day } from "../windows.js";

/** What came of people; of all of these more is better. */
export const upliftOutcomes = [
  "ordered",
  "orders",
  "spend",
  "visited",
  "opened",
  "clicked",
] as const satisfies readonly ExperimentOutcome[];
export type UpliftOutcome = (typeof upliftOutcomes)[number];

/** People of each arm: fewer show nothing. */
const leastPeople = 100;
/** Features are cut on so many days at most, and no oftener than so. */
const mostCuts = 12;
const leastDays = 7;

export interface UpliftPast {
  readonly trial: UpliftTrial;
  /** One per row, not in order. */
  readonly contacts: Int32Array;
  /** The days features were cut on: nobody of a cut had an arm yet. */
  readonly cutoffs: readonly Instant[];
}

export interface PastOptions {
  readonly treatment: string;
  readonly outcome: UpliftOutcome;
  readonly days: number;
  readonly asOf: Instant;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Who was in which arm of a holdout, what was known of them before, and what came of it within so many days. People whose days are
 * not over are not among them.
 *
 * @throws InchwormError "insufficient-data" naming the arm and how many people are missing; "not-found" without such a holdout
 */
export async function upliftPast(
  history: History,
  { treatment, outcome, days, asOf, signal }: PastOptions,
): Promise<UpliftPast> {
  const aborting = signal ? { signal } : {};
  const { contacts, arms, armNames, shares, assignedAt } = await armsOf(history, treatment);
  const over = Int32Array.from(contacts.keys()).filter(
    (row) => assignedAt[row] + days * day <= asOf,
  );
  requirePeople(treatment, days, armNames, (place) =>
    over.reduce((sum, row) => sum + Number(arms[row] === place), 0),
  );
  const came = await history.outcomes({
    contacts: over.map((row) => contacts[row]),
    from: Float64Array.from(over, (row) => assignedAt[row]),
    to: asOf,
    days,
    ...(treatment !== universal && { campaign: treatment }),
    ...aborting,
  });
  const values = readings[outcome](came);
  if (values.every((value) => value === values[0]))
    throw new InchwormError(
      "insufficient-data",
      `uplift: within ${days} days of the "${treatment}" everybody has the same "${outcome}", ${values[0]}.`,
      { hint: "Import what has happened since, or choose another outcome." },
    );
  const cutoffs = cutsOf(Float64Array.from(over, (row) => assignedAt[row]));
  const rows: number[] = [];
  const tables: Table[] = [];
  for (const [place, cut] of cutoffs.entries()) {
    const until = cutoffs[place + 1] ?? Number.POSITIVE_INFINITY;
    const table = await history.features({ asOf: cut, ...aborting });
    const rowOf = new Map(Array.from(table.contacts, (contact, row) => [contact, row]));
    const picked: number[] = [];
    for (const [index, row] of over.entries()) {
      if (assignedAt[row] < cut || assignedAt[row] >= until) continue;
      const found = rowOf.get(contacts[row]);
      rows.push(index);
      picked.push(found ?? -1);
    }
    tables.push({
      rows: picked.length,
      columns: table.columns.map(({ name, values }) => ({
        name,
        kind: "number",
        values: Float32Array.from(picked, (row) => (row < 0 ? Number.NaN : values[row])),
      })),
    });
  }
  const those = Int32Array.from(rows, (index) => over[index]);
  return {
    contacts: those.map((row) => contacts[row]),
    cutoffs,
    trial: {
      table: stacked(tables),
      arms: armNames,
      arm: Int32Array.from(those, (row) => arms[row]),
      outcome: Float64Array.from(rows, (index) => values[index]),
      ...propensitiesOf(those, arms, shares, armNames.length),
    },
  };
}

async function armsOf(history: History, treatment: string) {
  const standing = await history.holdouts();
  if (!standing.some(({ name }) => name === treatment))
    throw new InchwormError("not-found", `uplift: there is no holdout "${treatment}".`, {
      hint:
        standing.length > 0
          ? `Known are ${standing.map(({ name }) => `"${name}"`).join(", ")}.`
          : "Leave some people without the message first, so that there is something to compare with.",
    });
  return history.holdoutArms(treatment);
}

/** People whose shares differ from the others', such as those of an earlier share, had chances of their own. */
function propensitiesOf(
  rows: Int32Array,
  arms: Uint8Array,
  shares: Float64Array,
  count: number,
): Pick<UpliftTrial, "propensities"> {
  if (count !== 2) return {};
  const propensities = new Float64Array(2 * rows.length);
  for (const [place, row] of rows.entries()) {
    propensities[2 * place + arms[row]] = shares[row];
    propensities[2 * place + 1 - arms[row]] = 1 - shares[row];
  }
  return { propensities };
}

function requirePeople(
  treatment: string,
  days: number,
  armNames: readonly string[],
  peopleIn: (arm: number) => number,
): void {
  for (const [place, name] of armNames.entries()) {
    const people = peopleIn(place);
    if (people < leastPeople)
      throw new InchwormError(
        "insufficient-data",
        `uplift: needs ${leastPeople} people in "${name}" of "${treatment}" whose ${days} days are over, there are ${people}: ${leastPeople - people} are missing.`,
        { hint: "Wait until the days of more people are over, or look fewer days ahead." },
      );
  }
}

/** Days at which features are cut: the first assignment, and later ones some time apart. */
function cutsOf(assignedAt: Float64Array): number[] {
  const sorted = assignedAt.slice().sort();
  const span = sorted[sorted.length - 1] - sorted[0];
  const apart = Math.max(leastDays * day, span / mostCuts);
  const cuts = [sorted[0]];
  for (const at of sorted) if (at >= cuts[cuts.length - 1] + apart) cuts.push(at);
  return cuts;
}

function stacked(tables: readonly Table[]): Table {
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  const columns = tables[0].columns.map(({ name }, index) => {
    const values = new Float32Array(rows);
    let at = 0;
    for (const table of tables) {
      const column = table.columns[index];
      if (column.kind === "number") values.set(column.values, at);
      at += table.rows;
    }
    return { name, kind: "number" as const, values };
  });
  return { rows, columns };
}
