import { type Column, type Table, takeRows } from "@inchworm/learn";
import type { Instant } from "@inchworm/spec";
import { uniform } from "../dataset.js";
import type { History } from "../scorer.js";
import { day } from "../windows.js";
import type { Contracts } from "./contract-churn-table.js";

/** Contracts that ran on some days, and whether they were cancelled in the days after each. */
export interface ContractRows {
  readonly table: Table;
  readonly labels: Float64Array;
  /** Places in the file. */
  readonly contracts: Int32Array;
}

/** Days a contract has run: the one thing learned from that changes with the day. */
const age = "contract_days";

/** The contracts that ran at `asOf`, with their age where it is known. */
export function runningAt(
  { table, start, end }: Contracts,
  asOf: Instant,
  usable: (row: number) => boolean,
): Pick<ContractRows, "table" | "contracts"> {
  const today = asOf / day;
  const contracts = Int32Array.from(start.keys()).filter(
    (row) => usable(row) && !(start[row] >= today) && !(end[row] < today),
  );
  const { rows, columns } = takeRows(table, contracts);
  if (start.every(Number.isNaN)) return { table: { rows, columns }, contracts };
  const days: Column = {
    name: age,
    kind: "number",
    values: Float32Array.from(contracts, (row) => today - start[row]),
  };
  return { table: { rows, columns: [...columns, days] }, contracts };
}

/** Rows of several days on top of each other. */
export function contractRows(
  contracts: Contracts,
  cutoffs: readonly Instant[],
  horizonDays: number,
  usable: (row: number) => boolean,
): ContractRows {
  const parts = cutoffs.map((cutoff) => runningAt(contracts, cutoff, usable));
  const all = parts.flatMap((part) => [...part.contracts]);
  const ageAt = parts.flatMap(({ table, contracts: rows }) => {
    const column = table.columns.find(({ name }) => name === age);
    return column?.kind === "number" ? [...column.values] : new Array(rows.length).fill(Number.NaN);
  });
  const { rows, columns } = takeRows(contracts.table, all);
  const until = parts.flatMap(({ contracts: own }, index) =>
    new Array<number>(own.length).fill(cutoffs[index] / day + horizonDays),
  );
  const aged = parts[0].table.columns.length > contracts.table.columns.length;
  const days: Column = { name: age, kind: "number", values: Float32Array.from(ageAt) };
  return {
    table: { rows, columns: aged ? [...columns, days] : columns },
    labels: Float64Array.from(all, (row, at) => (contracts.end[row] < until[at] ? 1 : 0)),
    contracts: Int32Array.from(all),
  };
}

/** Without dates: every fifth customer is held out, by a hash of the customer. */
export function heldOut(
  { table, cancelled, customer }: Contracts,
  seed: number,
  usable: (row: number) => boolean,
): {
  readonly training: ContractRows;
  readonly evaluation: ContractRows;
  readonly all: ContractRows;
} {
  const rows = Int32Array.from(cancelled.keys()).filter(
    (row) => usable(row) && !Number.isNaN(cancelled[row]),
  );
  const part = (own: Int32Array): ContractRows => ({
    table: takeRows(table, own),
    labels: Float64Array.from(own, (row) => cancelled[row]),
    contracts: own,
  });
  const isOut = (row: number) => uniform(customer[row], seed) < 0.2;
  return {
    training: part(rows.filter((row) => !isOut(row))),
    evaluation: part(rows.filter(isOut)),
    all: part(rows),
  };
}

/** The contact of each customer of the table, and which of them refuse to be profiled. */
export async function contactsOf(
  history: History,
  customers: readonly string[],
  system: string,
): Promise<{ readonly contact: Int32Array; readonly denied: Uint8Array }> {
  const place = new Map(customers.map((id, index) => [id, index]));
  const contact = new Int32Array(customers.length).fill(-1);
  const denied = new Uint8Array(customers.length);
  for await (const batch of history.contacts())
    for (const { contact: number, identities, profiling } of batch)
      for (const identity of identities) {
        const at = identity.system === system ? place.get(identity.id) : undefined;
        if (at === undefined) continue;
        contact[at] = number;
        denied[at] = profiling === "denied" ? 1 : 0;
      }
  return { contact, denied };
}
