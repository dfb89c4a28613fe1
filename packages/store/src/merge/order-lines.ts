import type { Session } from "../session.js";
import { literal } from "../values.js";
import { countChanged, deriveOrders, type Merged } from "./orders.js";
import { numberEqual } from "./staging.js";

/**
 * Puts staged lines into `order_lines` and makes the orders that they touch anew. A line is known by its system's line id; without
 * one by its content, and equal lines of an order by their number: reading them again finds every one of them there.
 */
export async function mergeOrderLines(session: Session, source: string): Promise<Merged> {
  await session.run(`
    create or replace temp table in_keyed as
      select s.seq, s.line, s.order_id, i.contact_id, s.occurred_at, s.item_id, s.quantity,
        s.unit_price::decimal(18,4) as unit_price, s.currency,
        md5_number_lower(coalesce(s.line, concat_ws(chr(31), coalesce(s.who_id, ''), s.item_id, s.quantity,
          s.unit_price::decimal(18,4), epoch_us(s.occurred_at)))) as digest
      from in_order_line s left join identities i on i.system = s.who_system and i.external_id = s.who_id;
    drop table in_order_line`);
  await numberEqual(session, "order_id, digest");
  await session.run(`
    create or replace temp view in_line as
      select seq, order_id, coalesce(line, printf('~%x-%d', digest, nth)) as line_key, contact_id, occurred_at, item_id,
        quantity, unit_price, currency
      from in_numbered where line is null or nth = 1;
    create or replace temp table in_changed as
      select n.seq, n.order_id, n.line_key, coalesce(n.contact_id, l.contact_id) as contact_id, n.occurred_at, n.item_id,
        n.quantity, n.unit_price, coalesce(n.currency, l.currency) as currency, l.order_id is null as is_new
      from in_line n left join order_lines l
        on l.source = ${literal(source)} and l.order_id = n.order_id and l.line_key = n.line_key
      where l.order_id is null or n.contact_id is distinct from coalesce(l.contact_id, n.contact_id)
        or l.contact_id is null and n.contact_id is not null
        or n.occurred_at <> l.occurred_at or n.item_id <> l.item_id or n.quantity <> l.quantity
        or n.unit_price <> l.unit_price or n.currency is distinct from coalesce(l.currency, n.currency)
        or l.currency is null and n.currency is not null;
    drop table in_keyed`);
  const merged = await countChanged(session);
  if (merged.added + merged.updated === 0) return merged;
  if (merged.updated > 0) {
    await session.run(`delete from order_lines l using in_changed n
      where l.source = ${literal(source)} and l.order_id = n.order_id and l.line_key = n.line_key`);
  }
  await session.run(`
    insert into order_lines (order_id, line_key, contact_id, occurred_at, item_id, quantity, unit_price, currency, source)
      select order_id, line_key, contact_id, occurred_at, item_id, quantity, unit_price, currency, ${literal(source)}
      from in_changed order by seq;
    create or replace temp table in_touched as
      select distinct ${literal(source)} as source, order_id from in_changed`);
  await deriveOrders(session);
  return merged;
}
