import type { Session } from "../session.js";
import { literal } from "../values.js";

/** What a merge did to the tables. */
export interface Merged {
  readonly added: number;
  readonly updated: number;
}

/** The batch's rows that differ from what stands, in `in_changed` with `is_new`, counted. */
export async function countChanged(session: Session): Promise<Merged> {
  const [counts] = await session.rows<Merged>(
    "select count(*) filter (where is_new) as added, count(*) filter (where not is_new) as updated from in_changed",
  );
  return counts;
}

/** What a total can hold. */
const within = (amount: string): string =>
  `least(99999999999999, greatest(-99999999999999, ${amount}))`;

/** SQL: what lines are worth, exactly. A quantity counts to six decimals, a price to four; what no total can hold ends at its bounds. */
const worth = `${within(`sum(${within("quantity::decimal(18,6) * unit_price::decimal(20,4)")})`)}::decimal(18,4)`;

/**
 * Makes the orders named in `in_touched (source, order_id)` anew from their lines: one row per contact. Leaves alone an order
 * whose total its system gave.
 */
export async function deriveOrders(session: Session): Promise<void> {
  await session.run(`
    delete from orders o using in_touched t
      where o.derived and o.source = t.source and o.order_id = t.order_id;
    insert into orders (order_id, contact_id, occurred_at, total, currency, source, derived)
      select l.order_id, l.contact_id, min(l.occurred_at), ${worth}, max(l.currency), l.source, true
      from order_lines l semi join in_touched t on t.source = l.source and t.order_id = l.order_id
        anti join orders o on o.source = l.source and o.order_id = l.order_id
      group by l.source, l.order_id, l.contact_id
      order by min(l.occurred_at), l.order_id, l.contact_id`);
}

/**
 * Puts staged orders that have totals of their own into `orders`. A system's order is known by its id; one from a file by id,
 * contact and instant, since files list a refund under the number of its sale.
 */
export async function mergeOrders(
  session: Session,
  source: string,
  known: "by id" | "by id, contact and instant",
): Promise<Merged> {
  const key = known === "by id" ? "s.order_id" : "s.order_id, i.contact_id, s.occurred_at";
  const match = `o.source = ${literal(source)} and o.order_id = n.order_id${
    known === "by id"
      ? ""
      : " and (o.derived or o.contact_id is not distinct from n.contact_id and o.occurred_at = n.occurred_at)"
  }`;
  await session.run(`
    create or replace temp table in_fresh as
      with last as (
        select s.order_id, arg_max({'contact_id': i.contact_id, 'occurred_at': s.occurred_at,
          'total': s.total::decimal(18,4), 'currency': s.currency}, s.seq) as row
        from in_order s left join identities i on i.system = s.who_system and i.external_id = s.who_id
        group by ${key}
      )
      select order_id, row.contact_id, row.occurred_at, row.total, row.currency from last;
    create or replace temp table in_changed as
      select n.order_id, n.contact_id, n.occurred_at, n.total, coalesce(n.currency, max(o.currency)) as currency,
        count(o.order_id) = 0 as is_new
      from in_fresh n left join orders o on ${match}
      group by n.order_id, n.contact_id, n.occurred_at, n.total, n.currency
      having count(o.order_id) <> 1 or bool_or(o.derived or o.contact_id is distinct from n.contact_id
        or o.occurred_at <> n.occurred_at or o.total <> n.total or o.currency <> n.currency)`);
  const merged = await countChanged(session);
  if (merged.updated > 0) {
    await session.run(`delete from orders o using in_changed n where ${match}`);
  }
  await session.run(`
    insert into orders (order_id, contact_id, occurred_at, total, currency, source, derived)
      select order_id, contact_id, occurred_at, total, currency, ${literal(source)}, false from in_changed
      order by occurred_at, order_id, contact_id`);
  return merged;
}
