import { type Table, takeRows } from "@inchworm/learn";
import { InchwormError, type Instant } from "@inchworm/spec";
import { uniform } from "../dataset.js";
import type { History } from "../scorer.js";
import { day } from "../windows.js";
import { type ContractPart, type Contracts, runningAt } from "./contract-churn-rows.js";
import { type ContractTable, type Kinds, readContracts } from "./contract-churn-table.js";

/** Contracts, and whose they are. */
export interface ToldContracts {
  readonly contracts: Contracts;
  /** The contact of a row, -1 where nobody here is it. */
  contactOf(row: number): number;
  /** Whether a row may be learned from. */
  usable(row: number): boolean;
  /** The contracts that ran on a day, with all that was known of them then; of more than `atMost` only some, the same ones every time. */
  runningAt(asOf: Instant, atMost?: number): Promise<ContractPart>;
}

/** Contracts of a flat table, whose columns are taken as they stand. */
export async function fromTable(
  history: History,
  table: ContractTable,
  {
    system,
    kinds,
    signal,
  }: {
    readonly system: string;
    readonly kinds?: Kinds;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<ToldContracts> {
  const contracts = await readContracts(table, kinds, signal);
  const { contact, denied } = await contactsOf(history, contracts.customers, system);
  const usable = (row: number) => denied[contracts.customer[row]] !== 1;
  return {
    contracts,
    usable,
    contactOf: (row) => contact[contracts.customer[row]] ?? -1,
    runningAt: async (asOf, atMost = Infinity) => {
      const running = runningAt(contracts, asOf, usable).contracts.length;
      const some = (row: number) => uniform(contracts.customer[row], 0) < atMost / running;
      return runningAt(contracts, asOf, (row) => usable(row) && some(row));
    },
  };
}

/** Contracts of the store, and what else was known of their people on each day. */
export async function fromStore(
  history: History,
  { asOf, signal }: { readonly asOf: Instant; readonly signal?: AbortSignal | undefined },
): Promise<ToldContracts> {
  const work = signal ? { signal } : {};
  const stored = await history.contracts({ asOf, ...work });
  if (stored.rows === 0)
    throw new InchwormError("insufficient-data", "contract-churn: there are no contracts yet.", {
      hint: 'Import some first, "inchworm import contracts FILE", or give a flat table of them.',
    });
  const inDays = (instants: Float64Array) => instants.map((at) => at / day);
  const end = inDays(stored.left);
  const contracts: Contracts = {
    rows: stored.rows,
    contract: stored.contracts,
    customer: stored.contacts,
    start: inDays(stored.start),
    from: inDays(stored.from),
    to: inDays(stored.to),
    end,
    cancelled: end.map((at) => (Number.isNaN(at) ? 0 : 1)),
    table: {
      rows: stored.rows,
      columns: [
        { name: "plan", kind: "category", codes: stored.plan, levels: stored.plans },
        { name: "price", kind: "number", values: stored.price },
      ],
    },
    leftOut: [],
  };
  return {
    contracts,
    usable: () => true,
    contactOf: (row) => contracts.customer[row],
    async runningAt(cutoff, atMost = Infinity) {
      const running = runningAt(contracts, cutoff);
      const sample = atMost / running.contracts.length;
      const features = await history.features({
        asOf: cutoff,
        ...(sample < 1 && { sample }),
        ...work,
      });
      return joined(running, features, contracts.customer);
    },
  };
}

/** What was known of the people, beside what was known of their contracts; contracts of people who are not there are left out. */
function joined(
  { table, contracts }: ContractPart,
  features: Table & { readonly contacts: Int32Array },
  customer: Int32Array,
): ContractPart {
  const rowOf = new Map(Array.from(features.contacts, (contact, row) => [contact, row]));
  const kept = Array.from(contracts.keys()).filter((at) => rowOf.has(customer[contracts[at]]));
  const people = kept.map((at) => rowOf.get(customer[contracts[at]]) as number);
  const own = takeRows(table, kept);
  return {
    table: { rows: own.rows, columns: [...own.columns, ...takeRows(features, people).columns] },
    contracts: Int32Array.from(kept, (at) => contracts[at]),
  };
}

/** The contact of each customer of the table, and which of them refuse to be profiled. */
async function contactsOf(
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
