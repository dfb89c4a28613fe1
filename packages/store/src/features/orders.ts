import { call, type Sql, sql } from "../sql.js";
import { type Cut, known, within } from "./cut.js";
import { counted, defined, type FeatureGroup, ratio } from "./group.js";

const paid = sql`total > 0`;
const returned = sql`total < 0`;

const count = (cut: Cut, days?: number, what = paid): Sql =>
  days === undefined
    ? sql`count(*) filter (where ${what})`
    : sql`count(*) filter (where ${what} and ${within(cut, days)})`;

// summed as decimals, so that the order of adding does not matter
const money = (cut: Cut, days?: number, what = paid) =>
  call(
    "f64",
    days === undefined
      ? sql`coalesce(sum(total) filter (where ${what}), 0)`
      : sql`coalesce(sum(total) filter (where ${what} and ${within(cut, days)}), 0)`,
  );

/** Orders by their totals: a positive one is an order, a negative one a return. */
export const orders: FeatureGroup = {
  rows: (cut) => sql`orders where contact_id is not null and ${known(cut)}`,
  features: {
    days_since_order: defined((cut) =>
      call("days", call("maxWhere", sql`occurred_at`, paid), cut.end),
    ),
    days_since_first_order: defined((cut) =>
      call("days", call("minWhere", sql`occurred_at`, paid), cut.end),
    ),
    orders_7d: counted((cut) => count(cut, 7)),
    orders_30d: counted((cut) => count(cut, 30)),
    orders_90d: counted((cut) => count(cut, 90)),
    orders_365d: counted((cut) => count(cut, 365)),
    orders_total: counted((cut) => count(cut)),
    spend_30d: counted((cut) => money(cut, 30)),
    spend_90d: counted((cut) => money(cut, 90)),
    spend_365d: counted((cut) => money(cut, 365)),
    spend_total: counted((cut) => money(cut)),
    average_order_value: defined((cut) => ratio(money(cut), count(cut))),
    // the last 90 days less the 90 before = twice the last 90 less the last 180
    orders_trend_90d: counted((cut) => sql`2 * ${count(cut, 90)} - ${count(cut, 180)}`),
    spend_trend_90d: counted((cut) => sql`2 * ${money(cut, 90)} - ${money(cut, 180)}`),
    returns_365d: counted((cut) => count(cut, 365, returned)),
    return_share: defined((cut) => ratio(sql`-${money(cut, undefined, returned)}`, money(cut))),
  },
};
