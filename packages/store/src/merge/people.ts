import { bump, meta, setMeta } from "../meta.js";
import type { Session } from "../session.js";
import { combineContacts } from "./combine.js";
import type { Merged } from "./orders.js";
import { labelPersons } from "./persons.js";
import { countRows, referring, type StagingTable } from "./staging.js";

/** In the order of the table. */
const attributes = [
  "email",
  "first_name",
  "last_name",
  "phone",
  "country",
  "region",
  "city",
  "postal_code",
  "time_zone",
  "language",
] as const;

const list = (write: (column: string) => string): string => attributes.map(write).join(", ");

/**
 * Gives every staged record and every staged name its contact. A name that nobody knows makes a contact; records that share a
 * name are one person, and contacts that prove to be one become the one with the lowest number.
 */
export async function mergePeople(
  session: Session,
  staged: ReadonlySet<StagingTable>,
): Promise<Merged> {
  await nameTheUnknown(session, staged);
  await session.run(`create or replace temp table in_hit as
    select n.seq, n.system, n.external_id, n.state, n.modified_at, i.contact_id
    from in_name n left join identities i on i.system = n.system and i.external_id = n.external_id`);
  await labelPersons(session);
  const next = Number(await meta(session, "next_contact"));
  await session.run(`
    create or replace temp table in_seat as
      select p.label, min(h.contact_id) as contact_id, count(h.contact_id) = 0 as is_new
      from in_person p join in_hit h using (seq) group by p.label;
    create or replace temp table in_new as
      select label, row_number() over () as nth from (select label from in_seat where is_new order by label);
    update in_seat s set contact_id = (${next - 1} + n.nth)::integer from in_new n where n.label = s.label;
    create or replace temp table in_placed as
      select p.seq, s.contact_id from in_person p join in_seat s using (label);
    create or replace temp table in_merged as
      select distinct h.contact_id as loser, p.contact_id as target
      from in_hit h join in_placed p using (seq) where h.contact_id <> p.contact_id`);
  const fresh = await countRows(session, "in_new");
  const merged = await countRows(session, "in_merged");
  if (fresh > 0) await setMeta(session, "next_contact", next + fresh);
  const updated = await mergeAttributes(session, staged);
  if (merged > 0) {
    await combineContacts(session);
    await session.run("delete from contacts where contact_id in (select loser from in_merged)");
  }
  const named = await mergeNames(session);
  if (fresh + merged + updated + named > 0) await bump(session, "people");
  return { added: fresh, updated };
}

/** Names that only orders and events mention become records that say nothing but the name. */
async function nameTheUnknown(session: Session, staged: ReadonlySet<StagingTable>): Promise<void> {
  const mentions = referring
    .filter((table) => staged.has(table))
    .map((table) => `select seq, who_system, who_id from ${table} where who_id is not null`);
  if (mentions.length === 0) return;
  await session.run(`
    create or replace temp table in_mention as
      with mention as (
        select who_system, who_id, min(seq) as first from (${mentions.join(" union all ")}) group by who_system, who_id
      )
      select who_system, who_id, first from mention m
        anti join identities i on i.system = m.who_system and i.external_id = m.who_id
        anti join in_name n on n.system = m.who_system and n.external_id = m.who_id;
    insert into in_name
      select (select coalesce(max(seq), 0) from in_name) + row_number() over (), who_system, who_id, null, null
      from (from in_mention order by first, who_system, who_id)`);
}

/**
 * New contacts, and what records know of known ones. A newer version replaces; an older or undated one only fills gaps. Gives the
 * number of known contacts that differ now: a later date alone, such as our own write leaves behind, is no difference.
 */
async function mergeAttributes(
  session: Session,
  staged: ReadonlySet<StagingTable>,
): Promise<number> {
  const columns = [...attributes, "created_at", "modified_at"].join(", ");
  const records = staged.has("in_contact")
    ? "select p.contact_id, c.* from in_contact c join in_placed p using (seq)"
    : `select null::integer as contact_id, null::bigint as seq, ${columns} from contacts where false`;
  await session.run(`
    create or replace temp table in_record as ${records};
    insert into in_record by name
      select m.target as contact_id, -1 as seq, ${columns} from contacts c join in_merged m on m.loser = c.contact_id`);
  const [{ single }] = await session.rows<{ single: boolean }>(
    "select count(*) = count(distinct contact_id) as single from in_record",
  );
  await session.run(`
    create or replace temp table in_known as ${single ? `select contact_id, ${columns} from in_record` : latestOf};
    insert into contacts
      select s.contact_id, ${list((column) => `k.${column}`)}, k.created_at, k.modified_at
      from in_seat s left join in_known k using (contact_id) where s.is_new order by s.contact_id;
    create or replace temp table in_better as
      with better as (
        select c.contact_id, ${list((column) => `case when ${newer} then coalesce(k.${column}, c.${column}) else coalesce(c.${column}, k.${column}) end as ${column}`)},
          least(c.created_at, k.created_at) as created_at, greatest(c.modified_at, k.modified_at) as modified_at
        from in_known k join contacts c using (contact_id)
      )
      select b.*, ${[...attributes, "created_at"].map((column) => `b.${column} is distinct from c.${column}`).join(" or ")} as differs
      from better b join contacts c using (contact_id)
      where differs or b.modified_at is distinct from c.modified_at`);
  if ((await countRows(session, "in_better")) === 0) return 0;
  await session.run(`update contacts c set ${list((column) => `${column} = b.${column}`)},
    created_at = b.created_at, modified_at = b.modified_at from in_better b where b.contact_id = c.contact_id`);
  return countRows(session, "in_better where differs");
}

/** A version of the record that is at least as new; of two undated ones the later to come. */
const newer = "(c.modified_at is null or k.modified_at >= c.modified_at)";

/** Of several records of one person, the newest that knows an attribute gives it. */
const latestOf = `
  with ranked as (
    select *, row_number() over (partition by contact_id order by modified_at nulls first, seq) as rank from in_record
  )
  select contact_id, ${list((column) => `arg_max(${column}, rank) as ${column}`)},
    min(created_at) as created_at, max(modified_at) as modified_at
  from ranked group by contact_id`;

/** New names, and what records say of known ones: current, merged into another record, or archived. */
async function mergeNames(session: Session): Promise<number> {
  await session.run(`
    create or replace temp table in_said as
      select h.system, h.external_id, min(p.contact_id) as contact_id,
        arg_max(h.state, (coalesce(h.modified_at, timestamp '-infinity'), h.seq)) as state, max(h.modified_at) as modified_at
      from in_hit h join in_placed p using (seq) group by h.system, h.external_id`);
  const added = await session.run(`
    insert into identities (system, external_id, contact_id, state, modified_at)
      select s.system, s.external_id, s.contact_id, coalesce(s.state, 'current'), s.modified_at
      from in_said s anti join identities i on i.system = s.system and i.external_id = s.external_id
      order by s.contact_id, s.system, s.external_id`);
  await session.run(`create or replace temp table in_restated as
    select s.system, s.external_id, s.state, s.modified_at, s.state <> i.state as differs
    from in_said s join identities i on i.system = s.system and i.external_id = s.external_id
    where s.state is not null and (s.modified_at is null or i.modified_at is null or s.modified_at >= i.modified_at)
      and (s.state <> i.state or s.modified_at is distinct from i.modified_at)`);
  if ((await countRows(session, "in_restated")) === 0) return added;
  await session.run(`
    update identities i set state = s.state, modified_at = coalesce(s.modified_at, i.modified_at)
      from in_restated s where i.system = s.system and i.external_id = s.external_id`);
  return added + (await countRows(session, "in_restated where differs"));
}
