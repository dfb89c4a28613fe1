import { call, type Sql, sql } from "../sql.js";
import { type Cut, known, within } from "./cut.js";
import { counted, defined, type FeatureGroup, ratio } from "./group.js";

// what a machine opened or clicked tells nothing of a person; a send is a send
const sent = sql`type = 'sent'`;
const open = sql`type = 'open' and not machine`;
const click = sql`type = 'click' and not machine`;
const visit = sql`type = 'visit' and not machine`;
const cart = sql`type = 'cart' and not machine`;
const unsubscribe = sql`type = 'unsubscribe' and not machine`;

const count = (what: Sql, cut: Cut, days: number): Sql =>
  sql`count(*) filter (where ${what} and ${within(cut, days)})`;
const rate = (what: Sql, cut: Cut, days: number): Sql =>
  ratio(count(what, cut, days), count(sent, cut, days));
const since = (what: Sql, cut: Cut) =>
  call("days", call("maxWhere", sql`occurred_at`, what), cut.end);

/** How a person answers what they are sent, and how often they come by. */
export const engagement: FeatureGroup = {
  rows: (cut) => sql`engagements where ${known(cut)}`,
  features: {
    sends_30d: counted((cut) => count(sent, cut, 30)),
    sends_90d: counted((cut) => count(sent, cut, 90)),
    sends_365d: counted((cut) => count(sent, cut, 365)),
    opens_30d: counted((cut) => count(open, cut, 30)),
    opens_90d: counted((cut) => count(open, cut, 90)),
    opens_365d: counted((cut) => count(open, cut, 365)),
    clicks_30d: counted((cut) => count(click, cut, 30)),
    clicks_90d: counted((cut) => count(click, cut, 90)),
    clicks_365d: counted((cut) => count(click, cut, 365)),
    open_rate_90d: defined((cut) => rate(open, cut, 90)),
    click_rate_90d: defined((cut) => rate(click, cut, 90)),
    open_rate_trend: defined((cut) => sql`${rate(open, cut, 90)} - ${rate(open, cut, 365)}`),
    days_since_open: defined((cut) => since(open, cut)),
    days_since_click: defined((cut) => since(click, cut)),
    days_since_visit: defined((cut) => since(visit, cut)),
    visits_30d: counted((cut) => count(visit, cut, 30)),
    visits_90d: counted((cut) => count(visit, cut, 90)),
    carts_30d: counted((cut) => count(cart, cut, 30)),
    unsubscribes_total: counted(() => sql`count(*) filter (where ${unsubscribe})`),
  },
};

/** Different things in the last 90 days, of what the person did themselves. */
export const breadth: FeatureGroup = {
  rows: (cut) => sql`engagements where not machine
    and type in ('open', 'click', 'reply', 'visit', 'view', 'cart') and ${known(cut)} and ${within(cut, 90)}`,
  features: {
    campaigns_opened_90d: counted(
      () => sql`count(distinct campaign_id) filter (where type = 'open')`,
    ),
    active_days_90d: counted(() => sql`count(distinct cast(occurred_at as date))`),
  },
};
