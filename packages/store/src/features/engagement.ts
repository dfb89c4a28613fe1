import { call, type Sql, sql } from "../sql.js";
import { type Cut, known, within } from "./cut.js";
import { counted, type Derived, defined, type Feature, type FeatureGroup } from "./group.js";

const count = (days: number): Feature =>
  counted((cut) => sql`count(*) filter (where ${within(cut, days)})`);
const since: Feature = defined((cut) => call("days", sql`max(occurred_at)`, cut.end));

/** One type of engagement. A group each: an engine gets through several narrow passes sooner than through one wide one. */
const group = (
  what: Sql,
  features: FeatureGroup["features"],
  also: (cut: Cut) => Sql = () => sql``,
): FeatureGroup => ({
  rows: (cut) => sql`engagements where ${what} and ${known(cut)} ${also(cut)}`,
  features,
});

// what a machine opened or clicked tells nothing of a person; a send is a send
const sends = group(
  sql`type = 'sent'`,
  { sends_30d: count(30), sends_90d: count(90), sends_365d: count(365) },
  (cut) => sql`and ${within(cut, 365)}`,
);
const opens = group(sql`type = 'open' and not machine`, {
  opens_30d: count(30),
  opens_90d: count(90),
  opens_365d: count(365),
  days_since_open: since,
});
const clicks = group(sql`type = 'click' and not machine`, {
  clicks_30d: count(30),
  clicks_90d: count(90),
  clicks_365d: count(365),
  days_since_click: since,
});
const visits = group(sql`type = 'visit' and not machine`, {
  visits_30d: count(30),
  visits_90d: count(90),
  days_since_visit: since,
});
const carts = group(
  sql`type = 'cart' and not machine`,
  { carts_30d: count(30) },
  (cut) => sql`and ${within(cut, 30)}`,
);
const unsubscribes = group(sql`type = 'unsubscribe' and not machine`, {
  unsubscribes_total: counted(() => sql`count(*)`),
});
const campaigns = group(
  sql`type = 'open' and not machine`,
  { campaigns_opened_90d: counted(() => sql`count(distinct campaign_id)`) },
  (cut) => sql`and ${within(cut, 90)}`,
);
const activity = group(
  sql`type in ('open', 'click', 'reply', 'visit', 'view', 'cart') and not machine`,
  { active_days_90d: counted(() => sql`count(distinct cast(occurred_at as date))`) },
  (cut) => sql`and ${within(cut, 90)}`,
);

/** How a person answers what they are sent, and how often they come by. */
export const engagement: readonly FeatureGroup[] = [
  sends,
  opens,
  clicks,
  visits,
  carts,
  unsubscribes,
  campaigns,
  activity,
];

const rate = (answers: number, messages: number): number =>
  messages === 0 ? Number.NaN : answers / messages;

export const engagementRates: Readonly<Record<string, Derived>> = {
  open_rate_90d: { from: ["opens_90d", "sends_90d"], value: rate },
  click_rate_90d: { from: ["clicks_90d", "sends_90d"], value: rate },
  open_rate_trend: {
    from: ["opens_90d", "sends_90d", "opens_365d", "sends_365d"],
    value: (opens90, sends90, opens365, sends365) =>
      rate(opens90, sends90) - rate(opens365, sends365),
  },
};
