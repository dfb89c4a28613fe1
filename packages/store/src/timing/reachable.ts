import type { Database } from "../database.js";
import { columnsOf } from "../features/gather.js";
import { consentTo, profiling } from "../people.js";
import type { Store } from "../types/store.js";
import { type Reachable, sendRefusals } from "../types/timing.js";

const code = (reason: (typeof sendRefusals)[number]): number => sendRefusals.indexOf(reason);

/** See `Store.reachable`. */
export async function reachable(
  database: Database,
  { channel, campaign, now }: Parameters<Store["reachable"]>[0],
): Promise<Reachable> {
  const address = channel === "email" ? "c.email" : channel === "sms" ? "c.phone" : "c.contact_id";
  const query = `
    with gone as (
      select contact_id, max(occurred_at) as left_at from engagements
      where type in ('unsubscribe', 'complaint') and not machine
        and (campaign_id is null or campaign_id not in (select campaign_id from campaigns where channel <> $1))
      group by contact_id
    ), zones as (
      select time_zone, row_number() over (order by time_zone) - 1 as code
      from (select distinct time_zone from contacts where time_zone is not null)
    ), had as (
      select contact_id from engagements where type in ('sent', 'delivered') and campaign_id = $2
      union
      select s.contact_id from planned_sends s join send_plans p using (plan_id)
      where p.campaign_id = $2 and s.send_at < $3
    )
    select c.contact_id, cast(case
        when $1 = 'email' and e.status = 'denied' then ${code("no consent")}
        when g.left_at >= coalesce(e.yes_at, g.left_at) then ${code("unsubscribed")}
        when ${address} is null then ${code("no address")}
        when h.contact_id is not null then ${code("was sent it already")}
        else ${code("")} end as integer),
      cast(case when p.status = 'denied' then 0 else 1 end as integer), cast(coalesce(z.code, -1) as integer)
    from contacts c
    left join (${consentTo("email")}) e using (contact_id)
    left join (${profiling}) p using (contact_id)
    left join gone g using (contact_id)
    left join had h using (contact_id)
    left join zones z on z.time_zone = c.time_zone
    order by c.contact_id`;
  const snapshot = await database.snapshot();
  try {
    const [contacts, refusals, profiled, zones] = await columnsOf(
      snapshot.stream(query, [channel, campaign, new Date(now)]),
      [Int32Array, Int32Array, Int32Array, Int32Array],
    );
    const names = await snapshot.rows<{ name: string }>(
      "select distinct time_zone as name from contacts where time_zone is not null order by name",
    );
    const receipts = await snapshot.rows(
      "select 1 from campaigns where campaign_id = ? and kind = 'transactional'",
      [campaign],
    );
    return {
      contacts,
      refusals: Uint8Array.from(refusals),
      profiled: Uint8Array.from(profiled),
      zones,
      timeZones: names.map(({ name }) => name),
      transactional: receipts.length > 0,
    };
  } finally {
    await snapshot.end();
  }
}
