import type { Database } from "../database.js";
import { columnsOf } from "../features/gather.js";
import { runsOf } from "../features/order-days.js";
import type { Store } from "../types/store.js";
import type { MessageTimes } from "../types/timing.js";

/** See `Store.messageTimes`. */
export async function messageTimes(
  database: Database,
  { from, to, except = "", signal }: Parameters<Store["messageTimes"]>[0],
): Promise<MessageTimes> {
  const span = [new Date(from), new Date(to)] as const;
  // one message that was both sent and delivered counts once
  const messages = `
    with sent as (
      select e.contact_id, coalesce(e.campaign_id, '') as campaign, min(e.occurred_at) as at_, coalesce(c.channel, 'email') as channel
      from engagements e left join campaigns c using (campaign_id)
      where e.type in ('sent', 'delivered') and e.occurred_at >= $1 and e.occurred_at < $2 and coalesce(c.kind, '') <> 'transactional'
      group by e.contact_id, e.campaign_id, c.channel, case when e.campaign_id is null then e.occurred_at end
    ), planned as (
      select s.contact_id, p.campaign_id as campaign, s.send_at as at_, p.channel
      from planned_sends s join send_plans p using (plan_id)
      where s.send_at >= $1 and s.send_at < $2 and p.campaign_id <> $3
    )
    select contact_id, at_, channel from sent
    union all
    select contact_id, at_, channel from planned anti join sent using (contact_id, campaign)`;
  const snapshot = await database.snapshot({ signal });
  try {
    const params = [...span, except];
    const names = await snapshot.rows<{ channel: string }>(
      `select distinct channel from (${messages}) order by channel`,
      params,
    );
    const places = names.map((_, place) => `when $${place + 4} then ${place}`).join(" ");
    const channel = places === "" ? "0" : `case channel ${places} end`;
    const [rows, at, channels] = await columnsOf(
      snapshot.stream(
        `select contact_id, epoch_us(at_) / 1000.0, cast(${channel} as integer) from (${messages}) order by 1, 2, 3`,
        [...params, ...names.map(({ channel }) => channel)],
      ),
      [Int32Array, Float64Array, Int32Array],
    );
    return { ...runsOf(rows), at, channels, names: names.map(({ channel }) => channel) };
  } finally {
    await snapshot.end();
  }
}
