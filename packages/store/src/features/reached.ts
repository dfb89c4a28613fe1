import { engagementTypes, InchwormError } from "@inchworm/spec";
import type { Database } from "../database.js";
import { duckdb } from "../dialect.js";
import { call, instant, join, type Parameter, render, type Sql, sql, value } from "../sql.js";
import type { EventRule, Reached, ReachedOptions } from "../types/features.js";
import { refuseNonInstants } from "./cut.js";
import { columnsOf } from "./gather.js";
import { profilingDenied } from "./population.js";

/** See `Store.reached`. */
export async function reached(database: Database, options: ReachedOptions): Promise<Reached> {
  const { events, from, to, signal } = options;
  refuseNonInstants("reached", { from, to });
  if (events.length === 0) return { contacts: new Int32Array(0), first: new Float64Array(0) };
  const span: Span = { from: instant(from), to: instant(to) };
  const { text, params } = render(
    sql`select contact_id, ${call("ms", sql`min(occurred_at)`)} as first
      from (${join(
        events.map((event) =>
          (checked(event).type === "order" ? orders : engagements)(event, span),
        ),
        " union all ",
      )}) events
      where contact_id not in ${profilingDenied}
      group by contact_id order by contact_id`,
    duckdb,
  );
  const snapshot = await database.snapshot({ signal });
  try {
    const [contacts, first] = await columnsOf(snapshot.stream(text, params), [
      Int32Array,
      Float64Array,
    ]);
    return { contacts, first };
  } finally {
    await snapshot.end();
  }
}

interface Span {
  readonly from: Parameter;
  readonly to: Parameter;
}

function checked(event: EventRule): EventRule {
  const refuse = (why: string, hint: string) =>
    new InchwormError("input", `reached: ${why}`, { hint });
  if (event.type !== "order" && !engagementTypes.includes(event.type))
    throw refuse(
      `there is no event "${event.type}".`,
      `The types are order, ${engagementTypes.join(", ")}.`,
    );
  if (event.type === "order" && event.campaign !== undefined)
    throw refuse("an order has no campaign.", "Ask for an item, a category or a least total.");
  if (event.type !== "order" && event.minTotal !== undefined)
    throw refuse(`"${event.type}" has no total.`, 'Ask for a least total of an "order".');
  if (event.minTotal !== undefined && !Number.isFinite(event.minTotal))
    throw refuse(`"minTotal" must be a number, got ${event.minTotal}.`, "Leave it out for any.");
  return event;
}

const during = ({ from, to }: Span): Sql => sql`occurred_at >= ${from} and occurred_at < ${to}`;

const ofItem = ({ item, category }: EventRule): Sql => {
  const one = item === undefined ? sql`` : sql`and item_id = ${value(item)}`;
  const kind =
    category === undefined
      ? sql``
      : sql`and item_id in (select item_id from items where category = ${value(category)})`;
  return sql`${one} ${kind}`;
};

function orders(event: EventRule, span: Span): Sql {
  const least = event.minTotal === undefined ? sql`` : sql`and total >= ${value(event.minTotal)}`;
  const paid = sql`orders where contact_id is not null and total > 0 ${least} and ${during(span)}`;
  if (event.item === undefined && event.category === undefined)
    return sql`select contact_id, occurred_at from ${paid}`;
  return sql`select o.contact_id, o.occurred_at
    from (select contact_id, occurred_at, source, order_id from ${paid}) o
    semi join (
      select contact_id, source, order_id from order_lines where contact_id is not null and quantity > 0 ${ofItem(event)}
    ) l on l.contact_id = o.contact_id and l.source = o.source and l.order_id = o.order_id`;
}

function engagements(event: EventRule, span: Span): Sql {
  const campaign =
    event.campaign === undefined ? sql`` : sql`and campaign_id = ${value(event.campaign)}`;
  return sql`select contact_id, occurred_at from engagements
    where type = ${value(event.type)} and not machine and ${during(span)} ${campaign} ${ofItem(event)}`;
}
