import type { Campaign } from "@inchworm/spec";
import { InchwormError } from "@inchworm/spec";
import type { Database } from "../database.js";
import { duckdb } from "../dialect.js";
import { cutAt, known, refuseNonInstants } from "../features/cut.js";
import { columnsOf } from "../features/gather.js";
import { profilingDenied } from "../features/population.js";
import { sampleContacts, shareEnd } from "../features/sampling.js";
import { call, instant, join, render, type Sql, sql, value } from "../sql.js";
import type { CampaignSends, CampaignSendsOptions } from "../types/words.js";

/** See `Store.campaignSends`. */
export async function campaignSends(
  database: Database,
  options: CampaignSendsOptions,
): Promise<CampaignSends> {
  const { asOf, since, channel = "email", answerHours = 72, sample = 1, signal } = options;
  refuseNonInstants("campaignSends", { asOf, since });
  if (!(answerHours > 0))
    throw new InchwormError(
      "input",
      `campaignSends: "answerHours" must be above 0, got ${answerHours}.`,
    );
  const from = since === undefined ? sql`` : sql`and occurred_at >= ${instant(since)}`;
  const happened = sql`${known(cutAt(asOf))} ${from}`;
  const coded = sql`(select *, row_number() over (order by campaign_id) - 1 as code from campaigns
    where channel = ${value(channel)} and coalesce(kind, '') <> 'transactional' and campaign_id in (
      select campaign_id from engagements where type in ('sent', 'delivered') and ${happened} and contact_id not in ${profilingDenied}))`;
  const sends = sql`with coded as ${coded}, sends as (
      select contact_id, campaign_id, code, min(occurred_at) as sent_at
      from engagements join coded using (campaign_id)
      where type in ('sent', 'delivered') and ${happened} and contact_id not in ${profilingDenied}
      group by contact_id, campaign_id, code
    ), answers as (
      select contact_id, campaign_id, max(case when e.type = 'open' then 1 else 2 end) as answer
      from engagements e join sends using (contact_id, campaign_id)
      where e.type in ('open', 'click', 'reply') and not machine and ${happened}
        and occurred_at >= sent_at and ${call("days", sql`sent_at`, sql`occurred_at`)} * 24 < ${hours(answerHours)}
      group by contact_id, campaign_id
    )
    select contact_id, cast(code as integer), ${call("ms", sql`sent_at`)}, cast(coalesce(answer, 0) as integer)
    from sends left join answers using (contact_id, campaign_id) order by contact_id, sent_at, code`;
  const snapshot = await database.snapshot({ signal });
  try {
    await sampleContacts(snapshot, shareEnd(sample));
    const { text, params } = render(sends, duckdb);
    const [contacts, campaign, at, answers] = await columnsOf(snapshot.stream(text, params), [
      Int32Array,
      Int32Array,
      Float64Array,
      Int32Array,
    ]);
    const told = render(sql`select ${columns} from ${coded} coded order by code`, duckdb);
    const rows = await snapshot.rows<CampaignRow>(told.text, told.params);
    return {
      campaigns: rows.map(campaignOf),
      contacts,
      campaign,
      at,
      answers: Uint8Array.from(answers),
    };
  } finally {
    await snapshot.end();
  }
}

const hours = (count: number): Sql => ({ kind: "sql", parts: [String(count)], values: [] });

/** Our name → the table's. */
const names = {
  id: "campaign_id",
  channel: "channel",
  name: "name",
  subject: "subject",
  preview: "preview",
  body: "body",
  mediaType: "media_type",
  color: "color",
  form: "form",
  offer: "offer",
  sentAt: "sent_at",
  kind: "kind",
} as const satisfies Record<keyof Campaign, string>;

const columns = join(
  Object.entries(names).map(
    ([ours, column]): Sql => ({ kind: "sql", parts: [`${column} as "${ours}"`], values: [] }),
  ),
  ", ",
);

type CampaignRow = { readonly [Name in keyof Campaign]-?: string | number | null };

/** What is not known is absent. */
const campaignOf = (row: CampaignRow): Campaign =>
  Object.fromEntries(
    Object.entries(row).filter(([, known]) => known !== null),
  ) as unknown as Campaign;
