import type { Database } from "../database.js";
import { columnsOf } from "../features/gather.js";
import type { Outcomes, OutcomesOptions } from "../types/holdout.js";

const day = 86_400_000;
const names = [
  "orders",
  "spend",
  "opens",
  "clicks",
  "visits",
  "unsubscribes",
  "ordersBefore",
  "spendBefore",
  "visitsBefore",
] as const satisfies readonly (keyof Outcomes)[];

/** See `Store.outcomes`. */
export async function outcomes(
  database: Database,
  { contacts, from, to, days, campaign, signal }: OutcomesOptions,
): Promise<Outcomes> {
  const snapshot = await database.snapshot({ signal });
  try {
    await snapshot.run(
      "create temp table asked (contact_id integer, since_ms double, until_ms double)",
    );
    await snapshot.append("asked", {
      contact_id: contacts,
      since_ms: from,
      until_ms: from.map((start) => Math.min(to, days === undefined ? to : start + days * day)),
    });
    await snapshot.run(`create temp table span as
      select contact_id, make_timestamp((since_ms * 1000)::bigint) as since, make_timestamp((until_ms * 1000)::bigint) as until,
        make_timestamp(((2 * since_ms - until_ms) * 1000)::bigint) as before
      from asked`);
    const after = "occurred_at >= since and occurred_at < until";
    const earlier = "occurred_at >= before and occurred_at < since";
    const own = campaign === undefined ? "true" : "campaign_id = $1";
    const event = (types: string, when: string, more = "true") =>
      `count(*) filter (where type in (${types}) and ${when} and ${more})::double`;
    const visits = "'visit', 'view', 'cart', 'form'";
    const columns = await columnsOf(
      snapshot.stream(
        `with bought as (
          select contact_id, count(*) filter (where total > 0 and ${after})::double as orders,
            coalesce(sum(total) filter (where ${after}), 0)::double as spend,
            count(*) filter (where total > 0 and ${earlier})::double as orders_before,
            coalesce(sum(total) filter (where ${earlier}), 0)::double as spend_before
          from orders join span using (contact_id) where occurred_at >= before and occurred_at < until group by contact_id
        ), did as (
          select contact_id, ${event("'open'", after, own)} as opens, ${event("'click'", after, own)} as clicks,
            ${event(visits, after)} as visits, ${event("'unsubscribe'", after, own)} as unsubscribes,
            ${event(visits, earlier)} as visits_before
          from engagements join span using (contact_id)
          where not machine and occurred_at >= before and occurred_at < until group by contact_id
        )
        select ${[
          "orders",
          "spend",
          "opens",
          "clicks",
          "visits",
          "unsubscribes",
          "orders_before",
          "spend_before",
          "visits_before",
        ]
          .map((column) => `coalesce(${column}, 0::double)`)
          .join(", ")}
        from span left join bought using (contact_id) left join did using (contact_id) order by contact_id`,
        campaign === undefined ? [] : [campaign],
      ),
      names.map(() => Float64Array),
    );
    return Object.fromEntries(
      names.map((name, place) => [name, columns[place]]),
    ) as unknown as Outcomes;
  } finally {
    await snapshot.end();
  }
}
