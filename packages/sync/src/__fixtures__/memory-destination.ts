import type { Destination, FieldValues, WriteOutcome, WriteRow } from "@inchworm/spec";

export interface MemoryDestination extends Destination {
  /** Record id → values, among them what is not ours. */
  readonly records: Map<string, Record<string, FieldValues[string]>>;
  readonly emails: Map<string, string>;
  /** Names of the fields that stand. */
  readonly standing: Set<string>;
  /** Every row that ever reached the wire. */
  readonly wire: WriteRow[];
}

export interface MemoryDestinationOptions {
  /** Called on every request before and after it took effect; what it throws is the request's failure. */
  readonly fault?: (
    moment: "before" | "after",
    kind: string,
    rows: readonly WriteRow[],
  ) => Promise<void> | void;
  /** What becomes of a row instead of being updated. */
  readonly outcomeOf?: (row: WriteRow) => Partial<WriteOutcome> | undefined;
  readonly concurrency?: number;
  /** Whose it is by now. */
  readonly account?: () => string | undefined;
}

/** A portal of a few records, ten to a batch. It keeps to the contract: one outcome a row, nothing is created. */
export function memoryDestination(
  recordIds: readonly string[],
  options: MemoryDestinationOptions = {},
): MemoryDestination {
  const { fault, outcomeOf, concurrency = 4, account } = options;
  const records = new Map<string, Record<string, FieldValues[string]>>(
    recordIds.map((id) => [id, { consent: "granted" }]),
  );
  const emails = new Map<string, string>();
  const standing = new Set<string>();
  const wire: WriteRow[] = [];
  const batchSize = 10;
  const lane = "all";

  const over = async <T>(
    { gate }: Parameters<Destination["resolve"]>[1],
    kind: string,
    rows: readonly WriteRow[],
    answer: () => T,
  ): Promise<T> =>
    gate.request({ lane, repeatable: true, label: kind }, async () => {
      await fault?.("before", kind, rows);
      const result = answer();
      await fault?.("after", kind, rows);
      return result;
    });

  const one = (row: WriteRow): WriteOutcome => {
    const { recordId } = row;
    const instead = outcomeOf?.(row);
    if (instead) return { recordId, outcome: "failed", ...instead };
    const record = records.get(recordId);
    if (!record) return { recordId, outcome: "failed", code: "NOT_FOUND" };
    Object.assign(record, row.values);
    return { recordId, outcome: "updated" };
  };

  return {
    name: "memory:scores",
    account: { system: "memory", lanes: { [lane]: { requests: 1000, perMs: 1000, concurrency } } },
    batchSize,
    lane,
    records,
    emails,
    standing,
    wire,
    ...(account && { identify: (context) => over(context, "identify", [], account) }),
    prepare: (fields, context) =>
      over(context, "prepare", [], () => {
        const missing = fields.filter(({ name }) => !standing.has(name)).map(({ name }) => name);
        const present = fields.filter(({ name }) => standing.has(name)).map(({ name }) => name);
        if (!context.dryRun) for (const name of missing) standing.add(name);
        return {
          missing: missing.map((name) => `ours_${name}`),
          present: present.map((name) => `ours_${name}`),
        };
      }),
    resolve: (wanted, context) =>
      over(context, "resolve", [], () => wanted.map((email) => emails.get(email))),
    write: (rows, context) => {
      if (rows.length === 0 || rows.length > batchSize) throw new Error("not a batch");
      return over(context, "write", rows, () => {
        wire.push(...rows);
        return rows.map(one);
      });
    },
    read: (ids, fields, context) =>
      over(context, "read", [], () =>
        ids.map((id) => {
          const record = records.get(id);
          return (
            record && Object.fromEntries(fields.map(({ name }) => [name, record[name] ?? null]))
          );
        }),
      ),
  };
}
