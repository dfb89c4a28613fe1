import type { Database } from "../database.js";
import { duckdb } from "../dialect.js";
import { cutAt, known, refuseNonInstants } from "../features/cut.js";
import { profilingDenied } from "../features/population.js";
import { call, instant, render, sql } from "../sql.js";
import type { Messages, MessagesOptions } from "../types/words.js";

interface Row {
  readonly message_id: string;
  readonly contact_id: number;
  readonly at_ms: number;
  readonly channel: string | null;
  readonly text: string;
}

/** See `Store.messages`. */
export async function messages(database: Database, options: MessagesOptions): Promise<Messages> {
  const { asOf, since, signal } = options;
  refuseNonInstants("messages", { asOf, since });
  const from = since === undefined ? sql`` : sql`and occurred_at >= ${instant(since)}`;
  const { text, params } = render(
    sql`select message_id, contact_id, ${call("ms", sql`occurred_at`)} as at_ms, channel, text
      from messages where text is not null and ${known(cutAt(asOf))} ${from} and contact_id not in ${profilingDenied}
      order by occurred_at, message_id`,
    duckdb,
  );
  const snapshot = await database.snapshot({ signal });
  try {
    const rows = await snapshot.rows<Row>(text, params);
    return {
      ids: rows.map(({ message_id }) => message_id),
      contacts: Int32Array.from(rows, ({ contact_id }) => contact_id),
      at: Float64Array.from(rows, ({ at_ms }) => at_ms),
      channels: rows.map(({ channel }) => channel ?? undefined),
      texts: rows.map(({ text }) => text),
    };
  } finally {
    await snapshot.end();
  }
}
