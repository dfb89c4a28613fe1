import { InchwormError } from "@inchworm/spec";
import type { Database } from "../database.js";
import { duckdb } from "../dialect.js";
import { call, instant, render, sql, value } from "../sql.js";
import type { Baskets, BasketsOptions } from "../types/interactions.js";
import { cutAt, known, refuseNonInstants } from "./cut.js";
import { columnsOf } from "./gather.js";
import { profilingDenied } from "./population.js";

/** An order of so many different items is a wholesaler's: its pairs are no taste, and they grow with the square. */
const mostItems = 100;

/** See `Store.baskets`. */
export async function baskets(database: Database, options: BasketsOptions): Promise<Baskets> {
  const { asOf, since, least = 3, signal } = options;
  refuseNonInstants("baskets", { asOf, since });
  if (!(Number.isInteger(least) && least >= 1))
    throw new InchwormError("input", `baskets: "least" must be an integer ≥ 1, got ${least}.`);
  const from = since === undefined ? sql`` : sql`and occurred_at >= ${instant(since)}`;
  const contents = render(
    sql`create temp table contents as
      select source, order_id, coalesce(contact_id, -1) as who, item_id from order_lines
      where ${known(cutAt(asOf))} ${from} and (contact_id is null or contact_id not in ${profilingDenied})
        and item_id not in (select item_id from items where kind in ('content', 'offer'))
      group by source, order_id, who, item_id having sum(${call("exact", sql`quantity`)}) > 0`,
    duckdb,
  );
  const pairs = render(
    sql`select one.code as first, other.code as second, cast(count(*) as integer) as together
      from coded one join coded other on one.basket = other.basket and one.code < other.code
      group by one.code, other.code having count(*) >= ${value(least)} order by first, second`,
    duckdb,
  );
  const snapshot = await database.snapshot({ signal });
  try {
    await snapshot.run(contents.text, contents.params);
    const [{ baskets }] = await snapshot.rows<{ baskets: number }>(
      "select count(*) as baskets from (select distinct source, order_id, who from contents)",
    );
    const items = await snapshot.rows<{ item_id: string; orders: number }>(
      "select item_id, count(*) as orders from contents group by item_id order by item_id",
    );
    // only what can be in a pair that counts: items that are frequent enough, orders of several
    const coded = render(
      sql`create temp table coded as
        select basket, code from (
          select source, order_id, who, row_number() over () as basket from contents
          group by source, order_id, who having count(*) between 2 and ${value(mostItems)}
        ) baskets join contents using (source, order_id, who) join (
          select item_id, cast(row_number() over (order by item_id) - 1 as integer) as code, count(*) as orders
          from contents group by item_id
        ) items using (item_id)
        where orders >= ${value(least)}`,
      duckdb,
    );
    await snapshot.run(coded.text, coded.params);
    const [first, second, together] = await columnsOf(snapshot.stream(pairs.text, pairs.params), [
      Int32Array,
      Int32Array,
      Int32Array,
    ]);
    return {
      baskets,
      ids: items.map(({ item_id }) => item_id),
      counts: Int32Array.from(items, ({ orders }) => orders),
      first,
      second,
      together,
    };
  } finally {
    await snapshot.end();
  }
}
