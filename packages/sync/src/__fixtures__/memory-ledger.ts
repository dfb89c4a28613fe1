import type {
  Field,
  FieldValues,
  Ledger,
  Plan,
  PlanInput,
  PlanRow,
  PlanState,
  WriteOutcome,
} from "@inchworm/spec";

/** What the store knows of a contact. */
export interface Person {
  recordId?: string;
  email?: string;
  wanted?: FieldValues;
  reason?: string;
}

interface OutboxRow {
  readonly row: PlanRow;
  state: "pending" | "unknown" | WriteOutcome["outcome"];
}

export interface MemoryLedger extends Ledger {
  /** Contact → person. Changing one makes plans stale only through `touch`. */
  readonly people: Map<number, Person>;
  /** Scores, consents or identities have changed. */
  touch(): void;
  /** For looking at. */
  readonly outbox: readonly OutboxRow[];
}

/** A ledger as the contract describes it, in memory. */
export function memoryLedger(people: Iterable<readonly [number, Person]>): MemoryLedger {
  const contacts = new Map(people);
  const writtenBy = new Map<
    string,
    { contact: number; values: Record<string, FieldValues[string]> }
  >();
  const known = new Map<string, Field>();
  let revision = 0;
  let current: { plan: Plan; basis: number; begun: boolean; outbox: OutboxRow[] } | undefined;

  const inputOf = (contact: number, person: Person): PlanInput => {
    const last = [...writtenBy].find(([, { contact: owner }]) => owner === contact)?.[0];
    const recordId = person.recordId ?? last;
    const doubtful = current?.begun
      ? current.outbox.find(
          ({ row, state }) =>
            row.contact === contact && (state === "pending" || state === "unknown"),
        )
      : undefined;
    const record = recordId ?? doubtful?.row.recordId;
    return {
      contact,
      wanted: person.wanted,
      written: record === undefined ? undefined : writtenBy.get(record)?.values,
      ...(record !== undefined && { recordId: record }),
      ...(record === undefined && person.email !== undefined && { email: person.email }),
      ...(person.reason !== undefined && { reason: person.reason }),
      ...(doubtful && { uncertain: Object.keys(doubtful.row.values) }),
    };
  };

  const rowsIn = (...states: OutboxRow["state"][]) =>
    current?.outbox.filter(({ state }) => states.includes(state)) ?? [];

  const stateOf = (): PlanState | undefined =>
    current && {
      plan: current.plan,
      begun: current.begun,
      ...(current.basis !== revision && { stale: "scores have changed since" }),
      pending: rowsIn("pending").length,
      done: rowsIn("updated", "created", "skipped").length,
      failed: rowsIn("failed", "unknown").length,
    };

  const owners = new Map<string, string>();
  return {
    async claim(system, account) {
      if (!owners.has(system)) owners.set(system, account);
      return owners.get(system) as string;
    },
    people: contacts,
    touch: () => {
      revision++;
    },
    get outbox() {
      return current?.outbox ?? [];
    },
    async *planInputs() {
      const inputs = [...contacts]
        .sort(([one], [other]) => one - other)
        .map(([contact, person]) => inputOf(contact, person));
      for (let start = 0; start < inputs.length; start += 7) yield inputs.slice(start, start + 7);
    },
    knownFields: async () => [...known.values()],
    async savePlan(_id, _destination, rows, finish) {
      const basis = revision;
      const outbox: OutboxRow[] = [];
      for await (const page of rows)
        outbox.push(...page.map((row) => ({ row, state: "pending" as const })));
      const plan = finish();
      for (const field of plan.fields) known.set(field.name, field);
      current = { plan, basis, begun: false, outbox };
      return plan;
    },
    planState: async (id) => (current?.plan.id === id ? stateOf() : undefined),
    latestPlan: async () => stateOf(),
    stale: async () => stateOf()?.stale,
    async begin() {
      if (current) current.begun = true;
    },
    pending: async (_id, limit, after = -1) =>
      rowsIn("pending")
        .map(({ row }) => row)
        .filter(({ contact }) => contact > after)
        .slice(0, limit),
    async settle(_id, rows, outcomes) {
      for (const [index, row] of rows.entries()) {
        const entry = current?.outbox.find((candidate) => candidate.row.contact === row.contact);
        if (!entry || row.recordId === undefined) continue;
        const { outcome } = outcomes[index];
        entry.state = outcome;
        if (outcome !== "updated" && outcome !== "created") continue;
        const values = { ...writtenBy.get(row.recordId)?.values, ...row.values };
        writtenBy.set(row.recordId, { contact: row.contact, values });
      }
    },
    async *written() {
      yield rowsIn("updated", "created").map(({ row }) => row);
    },
    unknown: async (_id, limit, after = -1) =>
      rowsIn("unknown")
        .map(({ row }) => row)
        .filter(({ contact }) => contact > after)
        .slice(0, limit),
    async reopen() {
      const rows = rowsIn("failed", "unknown");
      for (const entry of rows) entry.state = "pending";
      return rows.length;
    },
    deadLetters: async () =>
      rowsIn("failed", "unknown").map(({ row, state }) => ({
        contact: row.contact,
        recordId: row.recordId ?? "",
        code: state,
        failures: state === "failed" ? 1 : 0,
        at: 0,
      })),
    async revive() {},
  };
}
