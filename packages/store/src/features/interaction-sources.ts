import { type EngagementType, engagementTypes, InchwormError, itemKinds } from "@inchworm/spec";
import { call, instant, join, type Sql, sql, value } from "../sql.js";
import type { InteractionsOptions } from "../types/interactions.js";
import { cutAt, known, refuseNonInstants } from "./cut.js";

/** Contacts from the first on, up to before the second. */
export interface ContactRange {
  readonly from: number;
  readonly to: number;
}

/** Rows that name a person and an item, and the same counted per pair of those. */
export interface InteractionSource {
  readonly from: Sql;
  readonly pairs: Sql;
}

/**
 * @param between contacts from the first to before the second
 * @throws InchwormError "input"
 */
export function interactionSources(
  { asOf, since, kind, weights, contact }: InteractionsOptions,
  between?: ContactRange,
): readonly InteractionSource[] {
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
  const span = between
    ? sql`and contact_id >= ${value(between.from)} and contact_id < ${value(between.to)}`
    : sql``;
  const during = sql`${known(cutAt(asOf))} ${from} ${whose} ${span} and ${ofKind(kind)}`;
  const found: InteractionSource[] = [];
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
