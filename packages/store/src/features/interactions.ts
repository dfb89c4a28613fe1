import type { Database, Snapshot } from "../database.js";
import { duckdb } from "../dialect.js";
import { call, join, render, sql } from "../sql.js";
import type { Interactions, InteractionsOptions } from "../types/interactions.js";
import { columnsOf } from "./gather.js";
import { type ContactRange, interactionSources } from "./interaction-sources.js";
import { profilingDenied } from "./population.js";
import { sampleContacts, shareEnd } from "./sampling.js";

/** Events that the engine groups into pairs at a time: as many as fit into its memory with room to spare. */
const eventsAtATime = 8_000_000;
/** No contact's number reaches it. */
const afterLast = 2 ** 31;

/** See `Store.interactionParts`. Pairs are counted by the engine; only they come out of it. */
export async function* interactionParts(
  database: Database,
  options: InteractionsOptions,
): AsyncGenerator<Interactions, void, undefined> {
  const { sample = 1, atATime = eventsAtATime, signal } = options;
  const sources = interactionSources(options);
  const snapshot = await database.snapshot({ signal });
  try {
    await sampleContacts(snapshot, shareEnd(sample));
    const named = render(
      sql`create temp table codes as
        select item_id, cast(row_number() over (order by item_id) - 1 as integer) as code
        from (${join(
          sources.map(({ from }) => sql`select distinct item_id from ${from}`),
          " union ",
        )}) ids`,
      duckdb,
    );
    await snapshot.run(named.text, named.params);
    const found = await snapshot.rows<{ item_id: string }>(
      "select item_id from codes order by code",
    );
    const ids = found.map(({ item_id }) => item_id);
    for (const range of await rangesOf(snapshot, options, atATime))
      yield { ...(await pairsOf(snapshot, options, range)), ids };
  } finally {
    await snapshot.end();
  }
}

/** See `Store.interactions`. */
export async function interactions(
  database: Database,
  options: InteractionsOptions,
): Promise<Interactions> {
  const parts: Interactions[] = [];
  for await (const part of interactionParts(database, options)) parts.push(part);
  return parts.length === 1 ? parts[0] : joined(parts);
}

/** Everybody, in ranges of about so many events; one range where there are none. */
async function rangesOf(
  snapshot: Snapshot,
  options: InteractionsOptions,
  atATime: number,
): Promise<readonly ContactRange[]> {
  if (options.contact !== undefined) return [{ from: 0, to: afterLast }];
  const counted = render(
    sql`select contact_id, cast(count(*) as integer) from (${join(
      interactionSources(options).map(({ from }) => sql`select contact_id from ${from}`),
      " union all ",
    )}) events group by contact_id order by contact_id`,
    duckdb,
  );
  const [contacts, counts] = await columnsOf(snapshot.stream(counted.text, counted.params), [
    Int32Array,
    Int32Array,
  ]);
  const ranges: ContactRange[] = [];
  let from = 0;
  let events = 0;
  for (let row = 0; row < contacts.length; row++) {
    if (events > 0 && events + counts[row] > atATime) {
      ranges.push({ from, to: contacts[row] });
      from = contacts[row];
      events = 0;
    }
    events += counts[row];
  }
  return [...ranges, { from, to: afterLast }];
}

async function pairsOf(
  snapshot: Snapshot,
  options: InteractionsOptions,
  range: ContactRange,
): Promise<Omit<Interactions, "ids">> {
  const pairs = render(
    sql`select contact_id, code, cast(sum(weight) as float) as weight, ${call("ms", sql`max(last_at)`)} as last_at,
        cast(max(bought) as integer) as bought, cast(max(bought_on) as integer) as bought_on
      from (${join(
        interactionSources(options, range).map(({ pairs }) => pairs),
        " union all ",
      )}) pairs
      where contact_id not in ${profilingDenied}
      group by contact_id, code order by contact_id, code`,
    duckdb,
  );
  const [rows, items, weights, times, bought, boughtOn] = await columnsOf(
    snapshot.stream(pairs.text, pairs.params),
    [Int32Array, Int32Array, Float32Array, Float64Array, Int32Array, Int32Array],
  );
  return { ...placed(rows), rows, items, weights, times, bought, boughtOn };
}

/** The contacts of sorted rows, once each, and where the rows of each begin. Each row is given its contact's place instead. */
function placed(rows: Int32Array): Pick<Interactions, "contacts" | "offsets"> {
  let count = 0;
  for (let row = 0; row < rows.length; row++) if (row === 0 || rows[row] !== rows[row - 1]) count++;
  const contacts = new Int32Array(count);
  const offsets = new Int32Array(count + 1);
  let place = -1;
  for (let row = 0; row < rows.length; row++) {
    const contact = rows[row];
    if (place < 0 || contact !== contacts[place]) {
      contacts[++place] = contact;
      offsets[place] = row;
    }
    rows[row] = place;
  }
  offsets[count] = rows.length;
  return { contacts, offsets };
}

function joined(parts: readonly Interactions[]): Interactions {
  const count = parts.reduce((sum, { rows }) => sum + rows.length, 0);
  const people = parts.reduce((sum, { contacts }) => sum + contacts.length, 0);
  const whole: Interactions = {
    ids: parts[0].ids,
    contacts: new Int32Array(people),
    offsets: new Int32Array(people + 1),
    rows: new Int32Array(count),
    items: new Int32Array(count),
    weights: new Float32Array(count),
    times: new Float64Array(count),
    bought: new Int32Array(count),
    boughtOn: new Int32Array(count),
  };
  let at = 0;
  let person = 0;
  for (const part of parts) {
    for (const name of ["items", "weights", "times", "bought", "boughtOn"] as const)
      whole[name].set(part[name], at);
    whole.contacts.set(part.contacts, person);
    for (let row = 0; row < part.rows.length; row++) whole.rows[at + row] = part.rows[row] + person;
    for (let row = 0; row <= part.contacts.length; row++)
      whole.offsets[person + row] = part.offsets[row] + at;
    at += part.rows.length;
    person += part.contacts.length;
  }
  return whole;
}
