import type { Instant } from "@inchworm/spec";
import type { Database } from "../database.js";
import { duckdb } from "../dialect.js";
import { call, instant, render, sql } from "../sql.js";
import type { OrderCounts } from "../types/features.js";
import { refuseNonInstants } from "./cut.js";
import { columnsOf } from "./gather.js";

/** See `Store.ordersBetween`. */
export async function ordersBetween(
  database: Database,
  from: Instant,
  to: Instant,
): Promise<OrderCounts> {
  refuseNonInstants("ordersBetween", { from, to });
  const { text, params } = render(
    sql`select contact_id, cast(count(*) as integer) as orders, ${call("f64", sql`sum(total)`)} as spend
      from orders
      where contact_id is not null and total > 0 and occurred_at >= ${instant(from)} and occurred_at < ${instant(to)}
      group by contact_id order by contact_id`,
    duckdb,
  );
  const [contacts, orders, spend] = await columnsOf(database.stream(text, params), [
    Int32Array,
    Int32Array,
    Float64Array,
  ]);
  return { contacts, orders, spend };
}
