import { type EngagementType, engagementTypes, InchwormError, itemKinds } from "@inchworm/spec";
import type { Database } from "../database.js";
import { duckdb } from "../dialect.js";
import { call, instant, join, render, type Sql, sql, value } from "../sql.js";
import type { Interactions, InteractionsOptions } from "../types.js";
import { cutAt, known, refuseNonInstants } from "./cut.js";
import { columnsOf } from "./gather.js";
import { profilingDenied } from "./population.js";
import { sampleContacts, shareEnd } from "./sampling.js";

/** See `Store.interactions`. Pairs are counted by the engine; only they come out of it. */
export async function interactions(
  database: Database,
  options: InteractionsOptions,
): Promise<Interactions> {
  const { sample = 1, signal } = options;
  const sources = sourcesOf(options);
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
    const pairs = render(
      sql`select contact_id, code, cast(sum(weight) as float) as weight, ${call("ms", sql`max(last_at)`)} as last_at,
          cast(max(bought) as integer) as bought, cast(max(bought_on) as integer) as bought_on
        from (${join(
          sources.map(({ pairs }) => pairs),
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
    const ids = await snapshot.rows<{ item_id: string }>("select item_id from codes order by code");
    return {
      ...placed(rows),
      ids: ids.map(({ item_id }) => item_id),
      rows,
      items,
      weights,
      times,
      bought,
      boughtOn,
    };
  } finally {
    await snapshot.end();
  }
}

/** Rows that name a person and an item, and the same counted per pair of those. */
interface Source {
  readonly from: Sql;
  readonly pairs: Sql;
}

function sourcesOf({
  asOf,
  since,
  kind,
  weights,
  contact,
}: InteractionsOptions): readonly Source[] {
  refuseNonInstants("interactions", { asOf, since });
  const refuse = (why: string, hint: string) =>
    new InchwormError("input", `interactions: ${why}`, { hint });
  if (!itemKinds.includes(kind))
    throw refuse(`there is no kind "${kind}".`, `The kinds are ${itemKinds.join(", ")}.`);
  for (const [type, weight] of Object.entries(weights)) {
    if (type !== "order" && !engagementTypes.includes(type as EngagementType))
      throw refuse(
        `there is no event "${type}".`,
        `The types are order, ${engagementTypes.join(", ")}.`,
      );
    if (!(weight >= 0 && weight < Infinity))
      throw refuse(`the weight of "${type}" must be a number ≥ 0, got ${weight}.`, "Leave it out.");
  }
  const { order, ...others } = weights;
  const types = engagementTypes.filter((type) => others[type] !== undefined);
  if (order === undefined && types.length === 0)
    throw refuse('"weights" is empty.', "Pass some, such as { view: 1, order: 4 }.");

  const from = since === undefined ? sql`` : sql`and occurred_at >= ${instant(since)}`;
  const whose = contact === undefined ? sql`` : sql`and contact_id = ${value(contact)}`;
  const during = sql`${known(cutAt(asOf))} ${from} ${whose} and ${ofKind(kind)}`;
  const found: Source[] = [];
  if (order !== undefined) {
    const lines = sql`(select contact_id, item_id, occurred_at, quantity from order_lines
      where contact_id is not null and ${during}) lines`;
    found.push({ from: lines, pairs: purchases(lines, order) });
  }
  if (types.length > 0) {
    const wanted = join(
      types.map((type) => value(type)),
      ", ",
    );
    const events = sql`(select contact_id, item_id, occurred_at, type from ${kind === "offer" ? offering : sql`engagements`}
      where item_id is not null and type in (${wanted}) and not machine and ${during}) events`;
    found.push({ from: events, pairs: engagements(events, types, others) });
  }
  return found;
}

/** Engagements with what the campaign offered in place of the item, where there is none. */
const offering = sql`(select e.contact_id, coalesce(e.item_id, c.offer) as item_id, e.occurred_at, e.type, e.machine
  from engagements e left join campaigns c on c.campaign_id = e.campaign_id) offering`;

const ofKind = (kind: InteractionsOptions["kind"]): Sql =>
  kind === "product"
    ? sql`item_id not in (select item_id from items where kind in ('content', 'offer'))`
    : sql`item_id in (select item_id from items where kind = ${value(kind)})`;

/** n events count 1 + ln n times. */
const counted = (weight: number, count: Sql): Sql =>
  sql`${value(weight)} * (1 + ln(${call("f64", count)}))`;

/** A pair is kept while more was bought than came back; several lines of one day are one purchase. */
function purchases(lines: Sql, weight: number): Sql {
  const days = call(
    "dates",
    sql`cast(${call("minWhere", sql`occurred_at`, sql`quantity > 0`)} as date)`,
    sql`cast(${call("maxWhere", sql`occurred_at`, sql`quantity > 0`)} as date)`,
  );
  return sql`
    select contact_id, code, ${counted(weight, sql`bought`)} as weight, last_at, bought,
      ${call("dates", sql`date '1970-01-01'`, sql`cast(last_at as date)`)} as bought_on
    from (
      select contact_id, code, least(count(*) filter (where quantity > 0), 1 + ${days}) as bought,
        ${call("maxWhere", sql`occurred_at`, sql`quantity > 0`)} as last_at
      from ${lines} join codes on codes.item_id = lines.item_id
      group by contact_id, code having sum(${call("exact", sql`quantity`)}) > 0
    ) bought`;
}

function engagements(
  events: Sql,
  types: readonly EngagementType[],
  weights: InteractionsOptions["weights"],
): Sql {
  const sum = join(
    types.map((type) => {
      const count = sql`count(*) filter (where type = ${value(type)})`;
      return sql`case when ${count} > 0 then ${counted(weights[type] ?? 0, count)} else 0 end`;
    }),
    " + ",
  );
  return sql`
    select contact_id, code, ${sum} as weight, max(occurred_at) as last_at, 0 as bought, 0 as bought_on
    from ${events} join codes on codes.item_id = events.item_id
    group by contact_id, code`;
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
