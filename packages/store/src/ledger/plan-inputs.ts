import type { Field, FieldValues, PlanInput } from "@inchworm/spec";
import type { Database } from "../database.js";
import { profiling } from "../people.js";
import { literal, plain } from "../values.js";

/**
 * Everybody the planner must look at, in contact order, as the store was at the first read: people with scores, people who refuse
 * profiling, people on whose record we wrote, and people on whose record an unfinished push may have written.
 */
export async function* planInputs(
  database: Database,
  destination: string,
  system: string,
  fields: readonly Field[],
): AsyncIterable<readonly PlanInput[]> {
  const names = fields.map(({ name }) => name);
  const snapshot = await database.snapshot();
  try {
    for await (const chunk of snapshot.stream(query(destination, system)))
      yield chunk.getRows().map((row) => toInput(row.map(plain), names));
  } finally {
    await snapshot.end();
  }
}

/**
 * Of several records of one person, the one that holds our values speaks for the person, else the oldest. A record that is known
 * as merged, archived or somebody else's is never given.
 */
const query = (destination: string, system: string): string => `
  with doubtful as (
    select o.contact_id, o.record_id, json_keys(o.fields) as names
    from outbox o join plans p using (plan_id)
    where p.destination = ${literal(destination)} and p.latest and p.begun and o.state in ('pending', 'unknown')
  ), last as (
    select record_id, contact_id, fields, coalesce(uncertain::varchar[], []) as uncertain
    from ledger where destination = ${literal(destination)}
  ), known as (
    select external_id as record_id, contact_id, state from identities where system = ${literal(system)}
  ), candidates as (
    select contact_id, record_id from known where state = 'current'
    union
    select contact_id, record_id from (
      select contact_id, record_id from last union select contact_id, record_id from doubtful
    ) anti join known using (record_id)
  ), records as (
    select c.contact_id, c.record_id, l.fields as written,
      list_distinct(coalesce(l.uncertain, []) || coalesce(d.names, [])) as uncertain
    from candidates c left join last l on l.record_id = c.record_id
      left join doubtful d on d.contact_id = c.contact_id and d.record_id = c.record_id
    qualify row_number() over (
      partition by c.contact_id
      order by len(uncertain) > 0 or len(list_filter(coalesce(json_extract(l.fields, '$.*'), []), lambda value: json_type(value) <> 'NULL')) > 0 desc,
         len(c.record_id), c.record_id
    ) = 1
  ), scored as (
    select contact_id, list(fields::varchar order by scorer) filter (where abstained is null) as wanted,
      min_by(abstained, scorer) filter (where abstained is not null) as abstained
    from scores group by contact_id
  ), denied as (
    select contact_id from (${profiling}) where status = 'denied'
  ), people as (
    select contact_id from scored union select contact_id from denied union select contact_id from last
    union select contact_id from doubtful
  )
  select p.contact_id, r.record_id, case when r.record_id is null then c.email end, d.contact_id is not null,
    s.wanted, s.abstained, r.written::varchar, r.uncertain
  from people p left join records r using (contact_id) left join scored s using (contact_id)
    left join denied d using (contact_id) left join contacts c using (contact_id)
  order by p.contact_id`;

function toInput(row: readonly unknown[], names: readonly string[]): PlanInput {
  const [contact, recordId, email, denied, wanted, abstained, written, uncertain] = row as [
    number,
    string | null,
    string | null,
    boolean,
    readonly string[] | null,
    string | null,
    string | null,
    readonly string[] | null,
  ];
  const reason = denied ? "opted out of profiling" : (abstained ?? "no score");
  return {
    contact,
    ...(recordId !== null && { recordId }),
    ...(email !== null && { email }),
    wanted: denied || wanted === null ? undefined : only(names, wanted),
    ...((denied || wanted === null) && { reason }),
    written: written === null ? undefined : (JSON.parse(written) as FieldValues),
    ...(uncertain !== null && uncertain.length > 0 && { uncertain }),
  };
}

/** The scores of all scorers together; a field that nobody gave is empty. */
function only(names: readonly string[], scores: readonly string[]): FieldValues {
  const all: FieldValues = Object.assign({}, ...scores.map((fields) => JSON.parse(fields)));
  return Object.fromEntries(names.map((name) => [name, all[name] ?? null]));
}
