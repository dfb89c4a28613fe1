import type { DuckDBDataChunk } from "@duckdb/node-api";
import type { Database, Snapshot } from "../database.js";
import { duckdb } from "../dialect.js";
import { cutAt, known, refuseNonInstants } from "../features/cut.js";
import { profilingDenied } from "../features/population.js";
import { sampleContacts, shareEnd } from "../features/sampling.js";
import { instant, join, render, type Sql, sql, value } from "../sql.js";
import { type Moments, type MomentsOptions, momentKinds } from "../types/timing.js";

/** See `Store.moments`. Nothing is sorted or joined by the engine: rows are put in their places by counting. */
export async function moments(database: Database, options: MomentsOptions): Promise<Moments> {
  const { asOf, since, channel = "email", sample = 1, signal } = options;
  refuseNonInstants("moments", { asOf, since });
  const from = since === undefined ? sql`` : sql`and occurred_at >= ${instant(since)}`;
  // an earlier event is a mistake of the source's clock
  const when = sql`${known(cutAt(asOf))} ${from} and occurred_at >= timestamp '1970-01-01'`;
  const snapshot = await database.snapshot({ signal });
  try {
    await sampleContacts(snapshot, shareEnd(sample));
    const denied = await idsOf(snapshot, profilingDenied);
    const others = sql`(select campaign_id from campaigns where kind = 'transactional' or channel <> ${value(channel)})`;
    const some = await snapshot.rows(...queryOf(sql`select 1 from ${others} campaigns limit 1`));
    const ours =
      some.length === 0 ? sql`` : sql`and (campaign_id is null or campaign_id not in ${others})`;
    const rows = sql`
      select contact_id, occurred_at, campaign_id, ${kindOfType} as kind from engagements where ${when} ${ours}
      union all
      select contact_id, occurred_at, null, ${codeOf("order")} from orders where contact_id is not null and total > 0 and ${when}`;
    // a campaign is told from others by a digest: looking its place up among all would cost more than reading the events
    const query = sql`select contact_id, cast(epoch(occurred_at) as uinteger), cast(kind as utinyint),
        case when campaign_id is null then -1 else cast(hash(campaign_id) & 1073741823 as integer) end from (${rows}) events`;
    return placed(await chunksOf(snapshot, query), new Set(denied));
  } finally {
    await snapshot.end();
  }
}

const queryOf = (query: Sql) => {
  const { text, params } = render(query, duckdb);
  return [text, params] as const;
};

async function idsOf(snapshot: Snapshot, set: Sql): Promise<number[]> {
  const rows = await snapshot.rows<{ contact_id: number }>(
    ...queryOf(sql`select contact_id from ${set} ids`),
  );
  return rows.map(({ contact_id }) => contact_id);
}

const codeOf = (kind: (typeof momentKinds)[number]): Sql => ({
  kind: "sql",
  parts: [String(momentKinds.indexOf(kind))],
  values: [],
});

const plainly = ["open", "click", "reply", "bounce", "unsubscribe", "complaint"] as const;
const kindOfType = sql`case when machine then ${codeOf("machine")} else case type
    when 'sent' then ${codeOf("sent")} when 'delivered' then ${codeOf("sent")}
    ${join(
      plainly.map(
        (type) =>
          sql`when ${{ kind: "sql", parts: [`'${type}'`], values: [] }} then ${codeOf(type)}`,
      ),
      " ",
    )}
    else ${codeOf("visit")} end end`;

type Chunk = readonly [Int32Array, Uint32Array, Uint8Array, Int32Array];

async function chunksOf(snapshot: Snapshot, query: Sql): Promise<Chunk[]> {
  const chunks: Chunk[] = [];
  for await (const chunk of snapshot.stream(...queryOf(query)))
    chunks.push([0, 1, 2, 3].map((column) => copy(chunk, column)) as unknown as Chunk);
  return chunks;
}

const copy = (chunk: DuckDBDataChunk, column: number) =>
  (chunk.getColumnVector(column) as unknown as { readonly items: Int32Array }).items.slice();

/** A counting sort by contact. */
function placed(chunks: Chunk[], denied: ReadonlySet<number>): Moments {
  let largest = -1;
  for (const [who] of chunks) for (const contact of who) if (contact > largest) largest = contact;
  // of each contact: first how many, then where the next goes; -1 where there are none
  const next = new Int32Array(largest + 1);
  for (const [who] of chunks) for (const contact of who) next[contact]++;
  for (const contact of denied) if (contact <= largest) next[contact] = 0;
  const contacts = Int32Array.from(next.keys()).filter((contact) => next[contact] > 0);
  const offsets = new Int32Array(contacts.length + 1);
  for (let row = 0; row < contacts.length; row++)
    offsets[row + 1] = offsets[row] + next[contacts[row]];
  next.fill(-1);
  for (let row = 0; row < contacts.length; row++) next[contacts[row]] = offsets[row];
  const total = offsets[contacts.length];
  const seconds = new Uint32Array(total);
  const kinds = new Uint8Array(total);
  const campaigns = new Int32Array(total);
  for (const [who, at, kind, campaign] of chunks)
    for (let index = 0; index < who.length; index++) {
      const place = next[who[index]];
      if (place < 0) continue;
      next[who[index]] = place + 1;
      seconds[place] = at[index];
      kinds[place] = kind[index];
      campaigns[place] = campaign[index];
    }
  return { contacts, offsets, seconds, kinds, campaigns };
}
