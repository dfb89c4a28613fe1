import type { Database } from "./database.js";
import type { FoundContact, StoredContact } from "./types/people.js";
import { plain } from "./values.js";

/**
 * SQL: what every contact who was ever asked allows, and when they last said yes. Denied when the latest word of any source is no, unless the
 * latest of another is a later yes; at one instant the no counts. Whoever takes a no back takes back their own alone.
 */
export const consentTo = (purpose: "profiling" | "email"): string => `
  select contact_id, max(yes_at) as yes_at, case when max(no_at) >= coalesce(max(yes_at), max(no_at)) then 'denied'
    when max(yes_at) is not null then 'granted' else 'unknown' end as status
  from (
    select contact_id, case when denied_at = said_at then said_at end as no_at, case when granted_at = said_at then said_at end as yes_at
    from (
      select contact_id, max(occurred_at) as said_at, max(case when status = 'denied' then occurred_at end) as denied_at,
        max(case when status = 'granted' then occurred_at end) as granted_at
      from consents where purpose = '${purpose}' group by contact_id, source
    ) sources
  ) words group by contact_id`;

/** SQL: what is allowed of being scored. */
export const profiling = consentTo("profiling");

/** A contact by e-mail address, or by any other name written `system:id`. */
export async function find(database: Database, person: string): Promise<FoundContact | undefined> {
  const name = person.trim();
  const [found] = await database.rows<FoundContact>(
    `with found as (
      select contact_id from identities
      where system = 'email' and external_id = lower(?) or system || ':' || external_id = ?
      order by contact_id limit 1
    )
    select i.contact_id as contact, list({'system': i.system, 'id': i.external_id} order by i.system, i.external_id) as identities,
      coalesce(any_value(p.status), 'unknown') as profiling
    from identities i join found using (contact_id) left join (${profiling}) p using (contact_id)
    group by i.contact_id`,
    [name, name],
  );
  return found;
}

/** Every contact with its current names, in ascending order, `batch` at a time. */
export async function* contacts(
  database: Database,
  batch = 1000,
): AsyncIterable<readonly StoredContact[]> {
  let ready: StoredContact[] = [];
  const chunks = database.stream(`
    with names as (
      select contact_id, list({'system': system, 'id': external_id} order by system, external_id) as identities
      from identities where state = 'current' group by contact_id
    )
    select c.contact_id, coalesce(n.identities, []), coalesce(p.status, 'unknown'),
      c.email, c.first_name, c.last_name, c.country, c.time_zone, epoch_ms(c.created_at)
    from contacts c left join names n using (contact_id) left join (${profiling}) p using (contact_id)
    order by c.contact_id`);
  for await (const chunk of chunks) {
    for (const row of chunk.getRows()) {
      const [contact, identities, profiling, ...rest] = row.map(plain);
      const known = fields.flatMap((name, index) =>
        rest[index] === null ? [] : [[name, rest[index]]],
      );
      ready.push({ contact, identities, profiling, ...Object.fromEntries(known) } as StoredContact);
      if (ready.length === batch) {
        yield ready;
        ready = [];
      }
    }
  }
  if (ready.length > 0) yield ready;
}

const fields = ["email", "firstName", "lastName", "country", "timeZone", "createdAt"] as const;
