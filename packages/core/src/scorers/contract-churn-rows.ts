import { type Column, type Table, takeRows } from "@inchworm/learn";
import type { Instant } from "@inchworm/spec";
import { uniform } from "../dataset.js";
import { day } from "../windows.js";

/** Contracts from wherever they are told: one row per contract, or per term of one. Days since 1970; `NaN` = not known. */
export interface Contracts {
  readonly rows: number;
  /** The number of the contract; its terms stand together, the earliest first. */
  readonly contract: Int32Array;
  /** The number of the customer, -1 = none is named. */
  readonly customer: Int32Array;
  /** When the contract began. */
  readonly start: Float64Array;
  /** From when to when what the row says held. */
  readonly from: Float64Array;
  readonly to: Float64Array;
  /** When it was cancelled, or had ended. */
  readonly end: Float64Array;
  /** 1 = cancelled, 0 = running; from the end where dates are told. */
  readonly cancelled: Float64Array;
  readonly table: Table;
  /** Columns that were left out, and why. */
  readonly leftOut: readonly string[];
}

/** Some of the contracts: what is known of them, and their rows. */
export interface ContractPart {
  readonly table: Table;
  readonly contracts: Int32Array;
}

/** Contracts that ran on some days, and whether they were cancelled in the days after each. */
export interface ContractRows extends ContractPart {
  readonly labels: Float64Array;
}

/** Days a contract has run, and days until it has run for whole years: what changes with the day, whatever else happens. */
export const ageColumns = ["contract_days", "days_to_anniversary"] as const;
const year = 365.25;

/** The contracts that ran at `asOf`, as they were known then, with their age where it is known. */
export function runningAt(
  { table, start, from, to, end }: Contracts,
  asOf: Instant,
  usable: (row: number) => boolean = () => true,
): ContractPart {
  const today = asOf / day;
  const contracts = Int32Array.from(start.keys()).filter(
    (row) => usable(row) && !(from[row] >= today) && to[row] >= today && !(end[row] < today),
  );
  const { rows, columns } = takeRows(table, contracts);
  if (start.every(Number.isNaN)) return { table: { rows, columns }, contracts };
  const ages = Float32Array.from(contracts, (row) => today - start[row]);
  const [name, untilName] = ageColumns;
  return {
    table: {
      rows,
      columns: [
        ...columns,
        { name, kind: "number", values: ages },
        { name: untilName, kind: "number", values: ages.map((age) => year - (age % year)) },
      ],
    },
    contracts,
  };
}

/** 1 where a contract was left before a day, of those that ran on an earlier one. */
export function leftBefore(
  { contract, end, rows }: Contracts,
  running: Int32Array,
  until: Instant,
): Float64Array {
  return Float64Array.from(running, (row) => {
    // terms that began later are the same contract
    for (let term = row; term < rows && contract[term] === contract[row]; term++)
      if (end[term] < until / day) return 1;
    return 0;
  });
}

/** Rows of several days on top of each other, the columns that all of them have. */
export function stacked(parts: readonly ContractRows[]): ContractRows {
  const rows = parts.reduce((sum, part) => sum + part.table.rows, 0);
  const columns = parts[0].table.columns.map((first, index): Column => {
    const own = parts.map(({ table }) => table.columns[index]);
    if (first.kind === "category") {
      const codes = new Int32Array(rows);
      fill(
        codes,
        own.map((column) => (column.kind === "category" ? column.codes : [])),
      );
      return { ...first, codes };
    }
    const values = new Float32Array(rows);
    fill(
      values,
      own.map((column) => (column.kind === "number" ? column.values : [])),
    );
    return { ...first, values };
  });
  const labels = new Float64Array(rows);
  fill(
    labels,
    parts.map((part) => part.labels),
  );
  const contracts = new Int32Array(rows);
  fill(
    contracts,
    parts.map((part) => part.contracts),
  );
  return { table: { rows, columns }, labels, contracts };
}

function fill(
  whole: { set(values: ArrayLike<number>, at: number): void },
  parts: readonly ArrayLike<number>[],
): void {
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
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
