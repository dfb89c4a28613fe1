import { segmentNames, segmentOf } from "@inchworm/core";
import { rfmRanks, type Table, type Words } from "@inchworm/learn";
import { InchwormError } from "@inchworm/spec";
import { type LogOptions, readLog } from "../log/read-log.js";
import { plural } from "../terminal.js";

export interface OrderColumns {
  readonly customer: string;
  readonly date: string;
  readonly amount: string;
}

/** Customers of a log of orders: how long ago, how often, how much. */
export interface Customers {
  readonly ids: readonly string[];
  readonly table: Table;
  /** By recency, frequency and money, in names a marketer knows; one per customer. */
  readonly rfm: readonly string[];
  /** The last day in the log: recency is counted from it. */
  readonly until: string;
  readonly notes: readonly string[];
}

/** A single order within this many days makes somebody "new". */
const newcomerDays = 60;
const dayMs = 86_400_000;

export const orderWords: Words = {
  recency: { label: "days since the last order", high: "silent for long", low: "recent" },
  frequency: { label: "days with an order", high: "frequent", low: "few orders" },
  money: { label: "money spent", high: "spending much", low: "spending little" },
};

/**
 * Sums a log up per customer. Orders of one day count once; amounts below 0 are returns and count for nothing.
 *
 * @throws InchwormError "input" when the file or a column is not there, or nobody has an order
 */
export async function readCustomers(
  path: string,
  { customer, date, amount }: OrderColumns,
  options: LogOptions,
): Promise<Customers> {
  const log = await readLog(
    path,
    [
      { option: "--customer", kind: "id", column: customer },
      { option: "--date", kind: "day", column: date },
      { option: "--amount", kind: "number", column: amount },
    ],
    options,
  );
  const { codes, levels } = log.id("--customer");
  const days = log.values("--date");
  const amounts = log.values("--amount");
  const sums = levels.map(() => ({
    days: new Set<number>(),
    last: -Infinity,
    first: Infinity,
    money: 0,
  }));
  let until = -Infinity;
  let returns = 0;
  for (let row = 0; row < log.rows; row++) {
    until = Math.max(until, days[row]);
    if (!(amounts[row] >= 0)) {
      returns++;
      continue;
    }
    const own = sums[codes[row]];
    own.days.add(days[row]);
    own.last = Math.max(own.last, days[row]);
    own.first = Math.min(own.first, days[row]);
    own.money += amounts[row];
  }
  const kept = Int32Array.from(sums.keys()).filter((code) => sums[code].days.size > 0);
  if (kept.length === 0)
    throw new InchwormError("input", `Nobody in ${path} has an order of 0 or more.`, {
      hint: "Check the column named with --amount.",
    });
  const column = (name: string, of: (own: (typeof sums)[number]) => number) => ({
    name,
    kind: "number" as const,
    values: Float32Array.from(kept, (code) => of(sums[code])),
  });
  const columns = [
    column("recency", ({ last }) => until - last),
    column("frequency", (own) => own.days.size),
    column("money", ({ money }) => money),
  ];
  const none = levels.length - kept.length;
  return {
    ids: Array.from(kept, (code) => levels[code]),
    table: { rows: kept.length, columns },
    rfm: rfmOf(
      columns.map(({ values }) => values),
      Float64Array.from(kept, (code) => until - sums[code].first),
    ),
    until: new Date(until * dayMs).toISOString().slice(0, 10),
    notes: [
      ...log.notes,
      ...(returns > 0
        ? [
            `${plural(returns, "row")} without an amount of 0 or more (returns, say) ${returns === 1 ? "counts" : "count"} for nothing.`,
          ]
        : []),
      ...(none > 0
        ? [`${plural(none, "customer")} with no other rows ${none === 1 ? "is" : "are"} left out.`]
        : []),
    ],
  };
}

function rfmOf([recency, frequency, money]: readonly Float32Array[], sinceFirst: Float64Array) {
  const ranks = rfmRanks({
    recency: Float64Array.from(recency),
    frequency: Float64Array.from(frequency),
    monetary: Float64Array.from(money),
  });
  return Array.from(recency, (_, row) =>
    segmentOf(
      ranks.recency[row],
      ranks.frequency[row],
      ranks.monetary[row],
      frequency[row] === 1 && sinceFirst[row] <= newcomerDays,
    ),
  );
}

/** The named kinds that occur, in the order of the names' own list. */
export const rfmSummary = (rfm: readonly string[]) =>
  segmentNames
    .map(({ name, meaning }) => ({
      name: name as string,
      description: meaning as string,
      size: rfm.filter((own) => own === name).length,
    }))
    .filter(({ size }) => size > 0);
