import type { Field, FieldValues, PlanInput } from "@inchworm/spec";
import type { Database, Snapshot } from "../database.js";
import { profiling } from "../people.js";
import { failing } from "./dead-letters.js";
import { unfolded } from "./last-written.js";

/** Contact numbers looked at together. */
const step = 10_000;

/**
 * Everybody the planner must look at, in contact order, as the store was at the first read: people with scores, people who refuse
 * profiling, people on whose record we wrote, and people on whose record an unfinished push may have written. A person with
 * several records comes once for each. A record that is known as merged, archived or somebody else's is never given.
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
    await snapshot.run(standing, [destination, system]);
    await snapshot.run(`create temp table failing as ${failing}`, [destination]);
    const [bounds] = await snapshot.rows<{ low: number | null; high: number }>(
      `select min(contact_id) as low, max(contact_id) as high from (
        select contact_id from scores union all select contact_id from stood union all select contact_id from (${profiling})
      )`,
    );
    if (bounds.low === null) return;
    for (let low = bounds.low; low <= bounds.high; low += step) {
      const scores = wantedBy(await read<Score>(snapshot, scored, [low, low + step]), names);
      const people = await read<Person>(snapshot, records, [low, low + step, system]);
      if (people.length > 0) yield people.map((person) => toInput(person, scores.get(person[0])));
    }
  } finally {
    await snapshot.end();
  }
}

/** What we wrote or may have written, by record; the contact is whoever has the record by now. */
const standing = `
  create temp table stood as
  with newer as (${unfolded}), earlier as (select * from ledger where destination = $1),
    both_ as (
      select coalesce(n.record_id, l.record_id) as record_id, coalesce(n.contact_id, l.contact_id) as contact_id,
        l.fields::varchar as earlier, l.uncertain::varchar as uncertain, n.fields::varchar as newer, n.written
      from earlier l full join newer n on n.record_id = l.record_id
    )
  select coalesce(i.contact_id, b.contact_id) as contact_id, b.record_id, coalesce(i.state, 'current') = 'current' as usable,
    b.earlier, b.uncertain, b.newer, b.written
  from both_ b left join (select * from identities where system = $2) i on i.external_id = b.record_id`;

const inRange = "contact_id >= $1 and contact_id < $2";

/** [contact, record, e-mail if there is none, refused, values written earlier, uncertain, values of the plan, were they written, plans that failed] */
type Person = readonly [
  number,
  string | null,
  string | null,
  boolean,
  string | null,
  string | null,
  string | null,
  boolean | null,
  number | null,
];
const records = `
  with own as (
    select contact_id, external_id as record_id from identities where system = $3 and state = 'current' and ${inRange}
  ), stands as (select * from stood where ${inRange}),
  target as (
    select coalesce(o.contact_id, s.contact_id) as contact_id, coalesce(o.record_id, s.record_id) as record_id,
      s.earlier, s.uncertain, s.newer, s.written
    from own o full join (select * from stands where usable) s on s.record_id = o.record_id
  ), denied as (
    select contact_id from (${profiling}) where status = 'denied' and ${inRange}
  ), people as (
    select contact_id from scores where ${inRange}
    union select contact_id from denied union select contact_id from stands
  )
  select p.contact_id, t.record_id, case when t.record_id is null then c.email end, d.contact_id is not null,
    t.earlier, t.uncertain, t.newer, t.written, nullif(f.failures, 0)::integer
  from people p left join target t using (contact_id) left join denied d using (contact_id)
    left join (select contact_id, email from contacts where ${inRange}) c using (contact_id)
    left join failing f on f.record_id = t.record_id
  order by p.contact_id, len(t.record_id), t.record_id`;

type Score = readonly [number, string, string | null];
const scored = `select contact_id, fields::varchar, abstained from scores where ${inRange} order by contact_id, scorer`;

async function read<Row>(
  snapshot: Snapshot,
  query: string,
  params: readonly (string | number)[],
): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const chunk of snapshot.stream(query, params))
    rows.push(...(chunk.getRows() as unknown as Row[]));
  return rows;
}

type Wanted = { values?: Record<string, FieldValues[string]>; abstained?: string };

/** The scores of all scorers together; a field that nobody gave is empty. */
function wantedBy(rows: readonly Score[], names: readonly string[]): Map<number, Wanted> {
  const people = new Map<number, Wanted>();
  for (const [contact, fields, abstained] of rows) {
    let person = people.get(contact);
    if (person === undefined) {
      person = {};
      people.set(contact, person);
    }
    if (abstained !== null) {
      person.abstained ??= abstained;
      continue;
    }
    const given = JSON.parse(fields) as FieldValues;
    person.values ??= Object.fromEntries(names.map((name) => [name, null]));
    for (const name of names) if (name in given) person.values[name] = given[name];
  }
  return people;
}

function toInput(person: Person, score: Wanted | undefined): PlanInput {
  const [contact, recordId, email, denied] = person;
  const wanted = denied ? undefined : score?.values;
  return {
    contact,
    ...(recordId !== null && { recordId }),
    ...(email !== null && wanted && { email }),
    wanted,
    ...(!wanted && {
      reason: denied ? "opted out of profiling" : (score?.abstained ?? "no score"),
    }),
    ...stands(person),
  };
}

function stands([, , , , earlier, doubts, newer, written, failures]: Person): Pick<
  PlanInput,
  "written" | "uncertain" | "failures"
> {
  const uncertain = new Set<string>(doubts === null ? [] : JSON.parse(doubts));
  const last: Record<string, FieldValues[string]> = earlier === null ? {} : JSON.parse(earlier);
  if (newer !== null) {
    const values = JSON.parse(newer) as FieldValues;
    if (written) Object.assign(last, values);
    for (const name in values) {
      if (written) uncertain.delete(name);
      else uncertain.add(name);
    }
  }
  return {
    written: Object.keys(last).length > 0 ? last : undefined,
    ...(uncertain.size > 0 && { uncertain: [...uncertain] }),
    ...(failures !== null && { failures }),
  };
}
