import type { Instant, RecordKind } from "@inchworm/spec";
import type { Database } from "./database.js";
import { profiling } from "./people.js";
import type { Reject, Summary } from "./types/import.js";

const tables: Readonly<Record<RecordKind, string>> = {
  contact: "contacts",
  consent: "consents",
  item: "items",
  order: "orders",
  orderLine: "order_lines",
  engagement: "engagements",
  contract: "contracts",
  campaign: "campaigns",
  message: "messages",
};

const before = "occurred_at < make_timestamp($until * 1000)";
/** The year 9999. */
const farAhead = Date.UTC(9999, 11, 31);

/** What the store holds, counted; the first and last instant only of what happened before `until`. */
export async function summary(database: Database, until?: Instant): Promise<Summary> {
  const counts = Object.entries(tables).map(
    ([kind, table]) => `(select count(*) from ${table}) as "${kind}"`,
  );
  const [rows] = await database.rows<Record<RecordKind, number>>(`select ${counts.join(", ")}`);
  const [{ denied, first, last }] = await database.rows<{
    denied: number;
    first: number | null;
    last: number | null;
  }>(
    `select (select count(*) from (${profiling}) where status = 'denied') as denied,
      coalesce(min(first) filter (where not contract), min(first)) as first, max(last) as last
    from (
      select false as contract, min(occurred_at) as first, max(occurred_at) as last from orders where ${before}
      union all
      select false, min(occurred_at), max(occurred_at) from engagements where ${before}
      union all
      select true, min(occurred_at), max(occurred_at)
      from (select unnest([start_at, renewed_at, end_at, cancelled_at]) as occurred_at from contracts) where ${before}
    )`,
    { until: until ?? farAhead },
  );
  const currencies = await database.rows<{ currency: string }>(
    "select currency from orders where currency is not null group by currency order by count(*) desc, currency",
  );
  return {
    contacts: rows.contact,
    orders: rows.order,
    engagements: rows.engagement,
    events: rows.order + rows.orderLine + rows.engagement,
    profilingDenied: denied,
    currencies: currencies.map(({ currency }) => currency),
    ...(first === null || last === null ? {} : { first, last }),
    rows,
  };
}

/** The bad rows of the latest imports, newest import first, in the order of their lines. */
export function rejects(database: Database, limit = 100): Promise<readonly Reject[]> {
  return database.rows<Reject>(
    `select file, line, column_name as "column", reason from rejects order by import_id desc, line, column_name limit ?`,
    [limit],
  );
}
