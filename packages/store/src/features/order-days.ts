import type { Database } from "../database.js";
import { duckdb } from "../dialect.js";
import { call, instant, render, sql } from "../sql.js";
import type { OrderDays, OrderDaysOptions } from "../types/features.js";
import { cutAt, known, refuseNonInstants } from "./cut.js";
import { columnsOf } from "./gather.js";
import { profilingDenied } from "./population.js";
import { sampleContacts, shareEnd } from "./sampling.js";

/** See `Store.orderDays`. */
export async function orderDays(database: Database, options: OrderDaysOptions): Promise<OrderDays> {
  const { asOf, from, sample = 1, signal } = options;
  refuseNonInstants("orderDays", { asOf, from });
  const since = from === undefined ? sql`` : sql`and occurred_at >= ${instant(from)}`;
  const day = call("dates", sql`date '1970-01-01'`, sql`cast(occurred_at as date)`);
  const { text, params } = render(
    sql`select contact_id, cast(${day} as integer) as day, ${call("f64", sql`sum(total)`)} as spend
      from orders
      where contact_id is not null and total > 0 and ${known(cutAt(asOf))} ${since}
        and contact_id not in ${profilingDenied}
      group by contact_id, day order by contact_id, day`,
    duckdb,
  );
  const snapshot = await database.snapshot({ signal });
  try {
    await sampleContacts(snapshot, shareEnd(sample));
    const [rows, days, spend] = await columnsOf(snapshot.stream(text, params), [
      Int32Array,
      Int32Array,
      Float64Array,
    ]);
    return { ...runsOf(rows), days, spend };
  } finally {
    await snapshot.end();
  }
}

/** The contacts of sorted rows, once each, and where the rows of each begin. */
export function runsOf(rows: Int32Array): Pick<OrderDays, "contacts" | "offsets"> {
  let count = 0;
  for (let row = 0; row < rows.length; row++) if (row === 0 || rows[row] !== rows[row - 1]) count++;
  const contacts = new Int32Array(count);
  const offsets = new Int32Array(count + 1);
  let next = 0;
  for (let row = 0; row < rows.length; row++) {
    if (row > 0 && rows[row] === rows[row - 1]) continue;
    contacts[next] = rows[row];
    offsets[next++] = row;
  }
  offsets[count] = rows.length;
  return { contacts, offsets };
}
