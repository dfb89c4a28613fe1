import type { Session } from "../session.js";
import { literal } from "../values.js";
import { countChanged, type Merged } from "./orders.js";

/**
 * Puts staged contracts into `contracts`, a row per term. One that came back after it was cancelled is told in one row, and had two
 * terms. Of a term that is told again the last word counts; plan, price and currency stay where it says nothing of them. Whose a
 * contract is and when it began is as it was told last, in all its terms.
 */
export async function mergeContracts(session: Session, source: string): Promise<Merged> {
  const same = `c.source = ${literal(source)} and c.contract_id = n.contract_id`;
  const sameTerm = `${same} and c.renewed_at is not distinct from n.renewed_at`;
  await session.run(`
    create or replace temp table in_term as
      with told as (
        select s.*, i.contact_id, case when s.renewed_at > s.start_at then s.renewed_at end as began
        from in_contract s join identities i on i.system = s.who_system and i.external_id = s.who_id
      )
      select seq, contract_id, contact_id, start_at, null::timestamp as renewed_at, null::timestamp as end_at, cancelled_at,
        plan, price, currency
      from told where cancelled_at < began
      union all
      select seq, contract_id, contact_id, start_at, began, case when began is null or end_at > began then end_at end,
        case when began is null or cancelled_at >= began then cancelled_at end, plan, price, currency
      from told;
    create or replace temp table in_fresh as
      with last as (
        select contract_id, renewed_at, arg_max({'end_at': end_at, 'cancelled_at': cancelled_at}, seq) as state,
          arg_max(plan, seq) as plan, arg_max(price, seq)::decimal(18,4) as price, arg_max(currency, seq) as currency
        from in_term group by contract_id, renewed_at
      ), whose as (
        select contract_id, arg_max(contact_id, seq) as contact_id, arg_max(start_at, seq) as start_at
        from in_term group by contract_id
      )
      select contract_id, w.contact_id, w.start_at, l.renewed_at, l.state.end_at as end_at, l.state.cancelled_at as cancelled_at,
        l.plan, l.price, l.currency
      from last l join whose w using (contract_id);
    create or replace temp table in_changed as
      select n.* replace (coalesce(n.plan, c.plan) as plan, coalesce(n.price, c.price) as price, coalesce(n.currency, c.currency) as currency),
        c.contract_id is null as is_new
      from in_fresh n left join contracts c on ${sameTerm}
      where c.contract_id is null or n.contact_id <> c.contact_id or n.start_at <> c.start_at
        or n.end_at is distinct from c.end_at or n.cancelled_at is distinct from c.cancelled_at
        or coalesce(n.plan, c.plan) is distinct from c.plan or coalesce(n.price, c.price) is distinct from c.price
        or coalesce(n.currency, c.currency) is distinct from c.currency`);
  const merged = await countChanged(session);
  if (merged.added + merged.updated === 0) return merged;
  await session.run(`
    delete from contracts c using in_changed n where ${sameTerm};
    insert into contracts (contract_id, source, contact_id, start_at, renewed_at, end_at, cancelled_at, plan, price, currency)
      select contract_id, ${literal(source)}, contact_id, start_at, renewed_at, end_at, cancelled_at, plan, price, currency
      from in_changed order by contact_id, contract_id, renewed_at;
    update contracts c set contact_id = n.contact_id, start_at = n.start_at
      from (select distinct contract_id, contact_id, start_at from in_changed) n
      where ${same} and (c.contact_id <> n.contact_id or c.start_at <> n.start_at)`);
  return merged;
}
