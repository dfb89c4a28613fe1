import { InchwormError } from "@inchworm/spec";
import { forgottenNames } from "../merge/forgotten.js";
import { countChanged } from "../merge/orders.js";
import { countRows } from "../merge/staging.js";
import type { Session } from "../session.js";
import { literal } from "../values.js";
import type { Columns } from "./columns.js";
import type { Stored } from "./store-records.js";

export interface LabelOptions {
  /** Namespace of a bare number. */
  readonly system: string;
  /** Where labels come from that do not say it. */
  readonly origin: string;
  /** Scorers that there are; any name is taken when left out. */
  readonly scorers?: readonly string[];
}

const fault = (column: string, reason: string): string => literal(`${column}\x1f${reason}`);
const bare = (name: string): string => `regexp_replace(lower(${name}), '[^a-z0-9]+', '', 'g')`;

/**
 * Finds out whom and which scorer each good row of `in_rows` means, and marks those it cannot tell. Makes `in_label`, with
 * `contact_id` NULL for people who asked to be forgotten.
 */
export async function resolveLabels(
  session: Session,
  columns: Columns,
  { system, origin, scorers }: LabelOptions,
): Promise<void> {
  if (scorers?.length === 0) throw new InchwormError("input", "There are no scorers to label for.");
  await session.run(`
    create or replace temp table in_scorer as ${
      scorers === undefined
        ? "select distinct scorer as given, scorer from in_rows where bad is null"
        : `select given, k.scorer from (select distinct scorer as given from in_rows where bad is null) g
           join (select unnest([${scorers.map(literal).join(", ")}]) as scorer) k on ${bare("k.scorer")} = ${bare("g.given")}`
    };
    create or replace temp table in_who as select distinct person from in_rows where bad is null;
    create or replace temp table in_named as
      select person, 'email' as system, lower(person) as external_id from in_who where contains(person, '@')
      union select person, ${literal(system)}, person from in_who
      union select person, split_part(person, ':', 1), substr(person, strpos(person, ':') + 1) from in_who where contains(person, ':')
      union select person, regexp_extract(person, '^(.*):([^:]*)$', 1), regexp_extract(person, '^(.*):([^:]*)$', 2)
        from in_who where contains(person, ':');
    create or replace temp table in_found as
      select n.person, min(i.contact_id) as contact_id from in_named n join identities i using (system, external_id) group by n.person`);
  await session.run(`create or replace temp table in_gone as
    select distinct person from (${await forgottenNames(session, "in_named")}) where person not in (select person from in_found)`);
  await session.run(`
    update in_rows set bad = ${fault(columns.person, "nobody here")}
      where bad is null and person not in (select person from in_found union all select person from in_gone);
    update in_rows set bad = ${fault(columns.scorer, `no scorer of ours${scorers ? ` (${scorers.join(", ")})` : ""}`)}
      where bad is null and scorer not in (select given from in_scorer);
    create or replace temp table in_label as
      select r.line, f.contact_id, s.scorer, r."date"::date as day, r.label = 'yes' as label,
        coalesce(${columns.origin === undefined ? "null" : "r.origin"}, ${literal(origin)}) as origin,
        ${columns.author === undefined ? "null::varchar" : "r.author"} as author
      from in_rows r join in_scorer s on s.given = r.scorer left join in_found f using (person) where r.bad is null`);
}

/** Puts `in_label` into `labels`: the last word on a contact, scorer and day counts. */
export async function storeLabels(session: Session): Promise<Stored> {
  const forgotten = await countRows(session, "in_label where contact_id is null");
  await session.run(`
    create or replace temp table in_changed as
      with last as (
        from in_label where contact_id is not null
        qualify row_number() over (partition by contact_id, scorer, day order by line desc) = 1
      )
      select n.*, l.contact_id is null as is_new from last n left join labels l using (contact_id, scorer, day)
      where l.contact_id is null or l.label <> n.label or l.origin <> n.origin or l.author is distinct from n.author;
    delete from labels l using in_changed n where l.contact_id = n.contact_id and l.scorer = n.scorer and l.day = n.day;
    insert into labels (contact_id, scorer, day, label, origin, author)
      select contact_id, scorer, day, label, origin, author from in_changed order by contact_id, scorer, day`);
  return { ...(await countChanged(session)), forgotten, anonymous: 0 };
}
