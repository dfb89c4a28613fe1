import type { Database } from "./database.js";
import type { SharedName } from "./types/people.js";

const examples = 5;

/** People whom one system knows by several living records, or the shop by several numbers, by system. */
export async function sharedNames(database: Database): Promise<readonly SharedName[]> {
  const rows = await database.rows<{
    system: string;
    people: number;
    first: readonly { contact: number; ids: readonly string[] }[];
  }>(`
    with several as (
      select system, contact_id, list(external_id order by external_id) as ids
      from identities where state = 'current' and system <> 'email'
      group by system, contact_id having count(*) > 1
    )
    select system, count(*) as people,
      list({'contact': contact_id, 'ids': ids} order by contact_id)[1:${examples}] as first
    from several group by system order by system`);
  return rows.map(({ system, people, first }) => ({ system, people, examples: first }));
}
