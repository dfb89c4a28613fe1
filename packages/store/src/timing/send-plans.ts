import type { Database } from "../database.js";
import { columnsOf } from "../features/gather.js";
import { profiling } from "../people.js";
import type { PlannedSends, SendLog, StoredSendPlan } from "../types/timing.js";

/** See `Store.saveSends`. */
export async function saveSends(
  database: Database,
  { id, campaign, channel, rules, createdAt }: StoredSendPlan,
  { contacts, at, localHours, arms, armNames, propensities }: PlannedSends,
): Promise<void> {
  await database.transaction(async (session) => {
    await session.run(
      `delete from planned_sends where send_at >= ? and plan_id in (select plan_id from send_plans where campaign_id = ?)`,
      [new Date(createdAt), campaign],
    );
    await session.run(
      `delete from send_plans where plan_id = ? or (campaign_id = ? and plan_id not in (select plan_id from planned_sends))`,
      [id, campaign],
    );
    await session.append("send_plans", {
      plan_id: [id],
      campaign_id: [campaign],
      channel: [channel],
      rules: [JSON.stringify(rules)],
      created_at: [createdAt],
    });
    await session.run(
      "create or replace temp table in_sends (contact_id integer, at_ double, local_hour integer, arm integer, propensity double)",
    );
    await session.append("in_sends", {
      contact_id: contacts,
      at_: at,
      local_hour: Int32Array.from(localHours),
      arm: Int32Array.from(arms),
      propensity: propensities,
    });
    const names = armNames.map((_, place) => `when ${place} then $${place + 2}`).join(" ");
    await session.run(
      `insert into planned_sends
        select $1, contact_id, make_timestamp((at_ * 1000)::bigint), local_hour, case arm ${names} end, propensity from in_sends`,
      [id, ...armNames],
    );
    await session.run("drop table in_sends");
  });
}

const day = 86_400_000;

interface PlanRow {
  readonly id: string;
  readonly campaign: string;
  readonly channel: string;
  readonly rules: string;
  readonly at: number;
}

/** See `Store.sendLog`. */
export async function sendLog(
  database: Database,
  { asOf, campaign }: { readonly asOf: number; readonly campaign?: string },
): Promise<SendLog> {
  const over = [new Date(asOf - day), campaign ?? null];
  const log = `
    select s.contact_id, p.plan_id, p.campaign_id as campaign, s.send_at, s.local_hour, s.arm, s.propensity
    from planned_sends s join send_plans p using (plan_id)
    where s.send_at <= $1 and ($2::varchar is null or p.campaign_id = $2)
      and s.contact_id not in (select contact_id from (${profiling}) answers where status = 'denied')`;
  const snapshot = await database.snapshot();
  try {
    const levels = async (column: "campaign" | "arm") =>
      (
        await snapshot.rows<{ name: string }>(
          `select distinct ${column} as name from (${log}) order by name`,
          over,
        )
      ).map(({ name }) => name);
    const plans = await snapshot.rows<PlanRow>(
      `select plan_id as id, campaign_id as campaign, channel, rules, cast(epoch_ms(created_at) as double) as at from send_plans
        where plan_id in (select plan_id from (${log}) log) order by created_at, plan_id`,
      over,
    );
    const planPlace = plans.map((_, place) => `when $${place + 3} then ${place}`).join(" ");
    const campaignNames = await levels("campaign");
    const armNames = await levels("arm");
    const coded = (column: "campaign" | "arm") =>
      `cast((select count(*) from (select distinct ${column} from log) d where d.${column} < log.${column}) as integer)`;
    const [contacts, campaigns, planned, at, localHours, arms, propensities, answered] =
      await columnsOf(
        snapshot.stream(
          `with log as (${log})
        select contact_id, ${coded("campaign")}, cast(${planPlace === "" ? "0" : `case plan_id ${planPlace} end`} as integer), epoch_us(send_at) / 1000.0, cast(local_hour as integer), ${coded("arm")}, propensity,
          cast(exists (
            select 1 from engagements e where e.contact_id = log.contact_id and e.campaign_id = log.campaign and not e.machine
              and e.type in ('open', 'click', 'reply') and e.occurred_at >= log.send_at and e.occurred_at < log.send_at + interval 24 hours
          ) as integer)
        from log order by send_at, contact_id, campaign`,
          [...over, ...plans.map(({ id }) => id)],
        ),
        [
          Int32Array,
          Int32Array,
          Int32Array,
          Float64Array,
          Int32Array,
          Int32Array,
          Float64Array,
          Int32Array,
        ],
      );
    return {
      contacts,
      campaigns,
      campaignNames,
      planned,
      plans: plans.map(({ id, campaign, channel, rules, at }) => ({
        id,
        campaign,
        channel,
        rules: JSON.parse(rules),
        createdAt: at,
      })),
      at,
      localHours: Uint8Array.from(localHours),
      arms: Uint8Array.from(arms),
      armNames,
      propensities,
      answered: Uint8Array.from(answered),
    };
  } finally {
    await snapshot.end();
  }
}
