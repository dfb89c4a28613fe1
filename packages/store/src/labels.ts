import type { Database } from "./database.js";
import { duckdb } from "./dialect.js";
import { columnsOf } from "./features/gather.js";
import { profilingDenied } from "./features/population.js";
import { call, render, sql, value } from "./sql.js";
import type { Labels } from "./types/people.js";

/** See `Store.labels`. */
export async function labels(database: Database, scorer: string): Promise<Labels> {
  const snapshot = await database.snapshot();
  const of = sql`labels where scorer = ${value(scorer)} and contact_id not in ${profilingDenied}`;
  const entries = render(
    sql`select contact_id, ${call("ms", sql`cast(day as timestamp)`)} as at, cast(label as integer) as label
      from ${of} order by contact_id, day`,
    duckdb,
  );
  const counts = render(
    sql`select origin, count(*) as labels from ${of} group by origin order by labels desc, origin`,
    duckdb,
  );
  try {
    const [contacts, at, given] = await columnsOf(snapshot.stream(entries.text, entries.params), [
      Int32Array,
      Float64Array,
      Int32Array,
    ]);
    const origins = await snapshot.rows<{ origin: string; labels: number }>(
      counts.text,
      counts.params,
    );
    return {
      contacts,
      at,
      labels: Uint8Array.from(given),
      origins: Object.fromEntries(origins.map(({ origin, labels }) => [origin, labels])),
    };
  } finally {
    await snapshot.end();
  }
}
