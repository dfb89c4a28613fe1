import type { Session } from "../session.js";
import type { Batch } from "./people.js";
import { countRows } from "./staging.js";

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
const columns = [...attributes, "created_at", "modified_at"].join(", ");

/** A version of the record that is at least as new; of two undated ones the later to come. */
const newer = "(c.modified_at is null or k.modified_at >= c.modified_at)";

/**
 * New contacts, and what records know of known ones. A newer version replaces; an older or undated one only fills gaps. Gives the
 * number of known contacts that differ now: a later date alone, such as our own write leaves behind, is no difference.
 */
export async function mergeAttributes(
  session: Session,
  hasRecords: boolean,
  batch: Batch,
  merging: boolean,
): Promise<number> {
  const known = await knownOf(session, hasRecords, batch.linked, merging);
  await session.run(`
    insert into contacts
      select s.contact_id, ${list((column) => `k.${column}`)}, k.created_at, k.modified_at
      from in_seat s left join ${known} k using (contact_id) where s.is_new order by s.contact_id`);
  if (!batch.known || !(hasRecords || merging)) return 0;
  await session.run(`
    create or replace temp table in_better as
      with better as (
        select c.contact_id, ${list((column) => `case when ${newer} then coalesce(k.${column}, c.${column}) else coalesce(c.${column}, k.${column}) end as ${column}`)},
          least(c.created_at, k.created_at) as created_at, greatest(c.modified_at, k.modified_at) as modified_at
        from ${known} k join contacts c using (contact_id) join in_seat s using (contact_id) where not s.is_new
      )
      select b.*, ${[...attributes, "created_at"].map((column) => `b.${column} is distinct from c.${column}`).join(" or ")} as differs
      from better b join contacts c using (contact_id)
      where differs or b.modified_at is distinct from c.modified_at`);
  if ((await countRows(session, "in_better")) === 0) return 0;
  await session.run(`update contacts c set ${list((column) => `${column} = b.${column}`)},
    created_at = b.created_at, modified_at = b.modified_at from in_better b where b.contact_id = c.contact_id`);
  return countRows(session, "in_better where differs");
}

/** SQL for what the batch knows, one row a contact. What a contact knew that is merged into another counts as a record. */
async function knownOf(
  session: Session,
  hasRecords: boolean,
  linked: boolean,
  merging: boolean,
): Promise<string> {
  const records = hasRecords
    ? `select p.contact_id, c.seq, ${columns} from in_contact c join in_placed p using (seq)`
    : `select contact_id, -1 as seq, ${columns} from contacts where false`;
  if (!linked && !merging) return `(${records})`;
  const losers = merging
    ? `union all select m.target, -1, ${columns} from contacts c join in_merged m on m.loser = c.contact_id`
    : "";
  await session.run(`
    create or replace temp table in_known as
      with ranked as (
        select *, row_number() over (partition by contact_id order by modified_at nulls first, seq) as rank
        from (${records} ${losers})
      )
      select contact_id, ${list((column) => `arg_max(${column}, rank) as ${column}`)},
        min(created_at) as created_at, max(modified_at) as modified_at
      from ranked group by contact_id`);
  return "in_known";
}
