import { type EngagementType, engagementTypes, type Instant } from "@inchworm/spec";
import fc from "fast-check";
import type { Database } from "../../database.js";

export const day = 86_400_000;
export const people: readonly number[] = [1, 2, 3, 4, 5, 6, 7, 8];

export interface History {
  readonly contacts: readonly { readonly id: number; readonly createdAt: Instant | null }[];
  readonly consents: readonly {
    readonly contact: number;
    readonly source: string;
    readonly status: string;
    readonly at: Instant;
  }[];
  readonly orders: readonly {
    readonly id: string;
    readonly contact: number | null;
    readonly at: Instant;
    readonly total: number;
    readonly lines: readonly { readonly item: string; readonly quantity: number }[];
  }[];
  readonly engagements: readonly {
    readonly contact: number;
    readonly type: EngagementType;
    readonly at: Instant;
    readonly campaign: string | null;
    readonly machine: boolean;
  }[];
}

/** Small histories around a cut, with many instants on the very edges of the windows. */
export function histories(asOf: Instant): fc.Arbitrary<History> {
  const contact = fc.constantFrom(...people);
  const windows = [0, 7, 30, 90, 180, 365];
  const at = fc.oneof(
    fc
      .tuple(fc.constantFrom(...windows), fc.integer({ min: -1, max: 1 }))
      .map(([days, nudge]) => asOf - days * day + nudge),
    fc.integer({ min: asOf - 100 * day, max: asOf + 20 * day }),
    fc.integer({ min: asOf - 800 * day, max: asOf + 100 * day }),
  );
  const line = fc.record({
    item: fc.constantFrom("a", "b", "c"),
    quantity: fc.oneof(fc.integer({ min: -2, max: 3 }), fc.constantFrom(0.5, 1.25)),
  });
  return fc.record({
    contacts: fc.tuple(
      ...people.map((id) =>
        fc.record({ id: fc.constant(id), createdAt: fc.option(at, { freq: 2 }) }),
      ),
    ),
    consents: fc.array(
      fc.record({
        contact,
        source: fc.constantFrom("hubspot:contacts", "import"),
        status: fc.constantFrom("denied", "granted", "unknown"),
        at,
      }),
      { maxLength: 9 },
    ),
    orders: fc
      .array(
        fc.record({
          contact: fc.option(contact, { freq: 8 }),
          at,
          total: fc.oneof(
            { weight: 4, arbitrary: fc.integer({ min: 1, max: 50_000 }) },
            fc.integer({ min: -9000, max: 0 }),
          ),
          lines: fc.array(line, { maxLength: 3 }),
        }),
        { minLength: 40, maxLength: 80 },
      )
      .map((orders) =>
        orders.map((order, index) => ({ ...order, id: `o${index}`, total: order.total / 100 })),
      ),
    engagements: fc.array(
      fc.record({
        contact,
        type: fc.constantFrom<EngagementType>("open", "open", ...engagementTypes),
        at,
        campaign: fc.option(fc.constantFrom("spring", "summer")),
        machine: fc.boolean(),
      }),
      { minLength: 150, maxLength: 300 },
    ),
  });
}

async function insert(
  database: Database,
  table: string,
  columns: Readonly<Record<string, string>>,
  rows: readonly Readonly<Record<string, unknown>>[],
): Promise<void> {
  const names = Object.keys(columns).join(", ");
  await database.run(
    `insert into ${table} (${names})
     select ${names} from (select unnest(from_json(?, '[${JSON.stringify(columns)}]'), recursive := true))`,
    [JSON.stringify(rows)],
  );
}

const utc = (at: Instant | null): string | null =>
  at === null ? null : new Date(at).toISOString().replace("Z", "");

/** Makes the tables hold this history and nothing else. */
export async function load(database: Database, history: History): Promise<void> {
  for (const table of ["contacts", "consents", "orders", "order_lines", "engagements"])
    await database.run(`delete from ${table}`);
  await insert(
    database,
    "contacts",
    { contact_id: "integer", created_at: "timestamp" },
    history.contacts.map(({ id, createdAt }) => ({ contact_id: id, created_at: utc(createdAt) })),
  );
  await insert(
    database,
    "consents",
    {
      contact_id: "integer",
      purpose: "varchar",
      source: "varchar",
      status: "varchar",
      occurred_at: "timestamp",
    },
    history.consents.flatMap(({ contact, source, status, at }) =>
      // consent to e-mail says nothing about profiling
      ["profiling", "email"].map((purpose) => ({
        contact_id: contact,
        purpose,
        source,
        status: purpose === "email" ? "denied" : status,
        occurred_at: utc(at),
      })),
    ),
  );
  await insert(
    database,
    "orders",
    {
      order_id: "varchar",
      contact_id: "integer",
      occurred_at: "timestamp",
      total: "decimal(18,4)",
      source: "varchar",
      derived: "boolean",
    },
    history.orders.map(({ id, contact, at, total }) => ({
      order_id: id,
      contact_id: contact,
      occurred_at: utc(at),
      total,
      source: "test",
      derived: false,
    })),
  );
  await insert(
    database,
    "order_lines",
    {
      order_id: "varchar",
      line_key: "varchar",
      contact_id: "integer",
      occurred_at: "timestamp",
      item_id: "varchar",
      quantity: "double",
      unit_price: "decimal(18,4)",
      source: "varchar",
    },
    history.orders.flatMap(({ id, contact, at, lines }) =>
      lines.map(({ item, quantity }, index) => ({
        order_id: id,
        line_key: String(index),
        contact_id: contact,
        occurred_at: utc(at),
        item_id: item,
        quantity,
        unit_price: 1,
        source: "test",
      })),
    ),
  );
  await insert(
    database,
    "engagements",
    {
      contact_id: "integer",
      type: "engagement_type",
      occurred_at: "timestamp",
      campaign_id: "varchar",
      machine: "boolean",
      event_key: "ubigint",
    },
    history.engagements.map(({ contact, type, at, campaign, machine }, index) => ({
      contact_id: contact,
      type,
      occurred_at: utc(at),
      campaign_id: campaign,
      machine,
      event_key: index,
    })),
  );
}
