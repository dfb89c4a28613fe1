/** What a feature is, for people. `share` lies between 0 and 1 as a rule, `ratio` need not. */
export interface FeatureDescription {
  readonly name: string;
  readonly unit: "days" | "count" | "money" | "share" | "ratio";
  readonly label: string;
  readonly description: string;
}

const feature = (
  name: string,
  unit: FeatureDescription["unit"],
  label: string,
  description: string,
): FeatureDescription => ({ name, unit, label, description });

/**
 * Every feature that the store computes, in the order of its columns. All look at what happened before the day they are cut at,
 * and at nothing later; "last 30 days" are the 30 × 24 hours before it. A feature that is not defined for somebody is `NaN`.
 */
export const featureCatalogue: readonly FeatureDescription[] = [
  feature(
    "tenure_days",
    "days",
    "days known",
    "Since the contact was created or first did something, whichever came first.",
  ),

  feature(
    "days_since_order",
    "days",
    "days since the last order",
    "Missing before the first order.",
  ),
  feature(
    "days_since_first_order",
    "days",
    "days since the first order",
    "Missing before the first order.",
  ),
  feature("orders_7d", "count", "orders in the last 7 days", "Orders with a positive total."),
  feature("orders_30d", "count", "orders in the last 30 days", "Orders with a positive total."),
  feature("orders_90d", "count", "orders in the last 90 days", "Orders with a positive total."),
  feature("orders_365d", "count", "orders in the last 365 days", "Orders with a positive total."),
  feature("orders_total", "count", "orders ever", "Orders with a positive total."),
  feature(
    "spend_30d",
    "money",
    "spent in the last 30 days",
    "Totals of orders, returns not taken off.",
  ),
  feature(
    "spend_90d",
    "money",
    "spent in the last 90 days",
    "Totals of orders, returns not taken off.",
  ),
  feature(
    "spend_365d",
    "money",
    "spent in the last 365 days",
    "Totals of orders, returns not taken off.",
  ),
  feature("spend_total", "money", "spent ever", "Totals of orders, returns not taken off."),
  feature(
    "average_order_value",
    "money",
    "spent per order",
    "Spent ever over orders ever. Missing before the first order.",
  ),
  feature(
    "gap_mean_days",
    "days",
    "usual days between orders",
    "Mean gap between days with an order. Missing before the second such day.",
  ),
  feature(
    "gap_median_days",
    "days",
    "median days between orders",
    "Median gap between days with an order. Missing before the second such day.",
  ),
  feature(
    "gap_last_days",
    "days",
    "days between the last two orders",
    "The latest gap between days with an order. Missing before the second such day.",
  ),
  feature(
    "gap_deviation_days",
    "days",
    "spread of days between orders",
    "Sample standard deviation of the gaps. Missing before the third day with an order.",
  ),
  feature(
    "gap_ratio",
    "ratio",
    "waiting time against the usual gap",
    "Days since the last order over the mean gap: above 1 is later than usual. Missing before the second day with an order.",
  ),
  feature(
    "orders_trend_90d",
    "count",
    "more orders than before",
    "Orders in the last 90 days less those in the 90 days before.",
  ),
  feature(
    "spend_trend_90d",
    "money",
    "more spent than before",
    "Spent in the last 90 days less what was spent in the 90 days before.",
  ),
  feature(
    "items_365d",
    "count",
    "different items in the last 365 days",
    "Missing where the lines of orders are not known.",
  ),
  feature(
    "lines_per_order",
    "ratio",
    "lines per order",
    "Over all orders whose lines are known, returns left out. Missing without any.",
  ),
  feature(
    "units_per_order",
    "ratio",
    "units per order",
    "Over all orders whose lines are known, returns left out. Missing without any.",
  ),
  feature(
    "returns_365d",
    "count",
    "returns in the last 365 days",
    "Orders with a negative total: cancelled or returned.",
  ),
  feature(
    "return_share",
    "share",
    "share of spending returned",
    "Money returned over money spent, ever. Missing before the first order.",
  ),

  feature(
    "sends_30d",
    "count",
    "messages sent in the last 30 days",
    "Messages sent to the contact.",
  ),
  feature(
    "sends_90d",
    "count",
    "messages sent in the last 90 days",
    "Messages sent to the contact.",
  ),
  feature(
    "sends_365d",
    "count",
    "messages sent in the last 365 days",
    "Messages sent to the contact.",
  ),
  feature(
    "opens_30d",
    "count",
    "opens in the last 30 days",
    "Opens by a person; machine opens do not count.",
  ),
  feature(
    "opens_90d",
    "count",
    "opens in the last 90 days",
    "Opens by a person; machine opens do not count.",
  ),
  feature(
    "opens_365d",
    "count",
    "opens in the last 365 days",
    "Opens by a person; machine opens do not count.",
  ),
  feature(
    "clicks_30d",
    "count",
    "clicks in the last 30 days",
    "Clicks by a person; link scanners do not count.",
  ),
  feature(
    "clicks_90d",
    "count",
    "clicks in the last 90 days",
    "Clicks by a person; link scanners do not count.",
  ),
  feature(
    "clicks_365d",
    "count",
    "clicks in the last 365 days",
    "Clicks by a person; link scanners do not count.",
  ),
  feature(
    "open_rate_90d",
    "ratio",
    "opens per message in the last 90 days",
    "Every open counts, so it can pass 1. Missing when nothing was sent.",
  ),
  feature(
    "click_rate_90d",
    "ratio",
    "clicks per message in the last 90 days",
    "Every click counts, so it can pass 1. Missing when nothing was sent.",
  ),
  feature(
    "open_rate_trend",
    "ratio",
    "opening more than over the year",
    "Opens per message in the last 90 days less that of the last 365. Missing when nothing was sent in 90 days.",
  ),
  feature(
    "days_since_open",
    "days",
    "days since the last open",
    "By a person. Missing before the first.",
  ),
  feature(
    "days_since_click",
    "days",
    "days since the last click",
    "By a person. Missing before the first.",
  ),
  feature("days_since_visit", "days", "days since the last visit", "Missing before the first."),
  feature("visits_30d", "count", "visits in the last 30 days", "Visits to the shop's site."),
  feature("visits_90d", "count", "visits in the last 90 days", "Visits to the shop's site."),
  feature(
    "carts_30d",
    "count",
    "carts filled in the last 30 days",
    "Times something was put into a cart.",
  ),
  feature(
    "campaigns_opened_90d",
    "count",
    "different campaigns opened in the last 90 days",
    "By a person; opens without a campaign do not count.",
  ),
  feature(
    "active_days_90d",
    "count",
    "active days in the last 90 days",
    "UTC days with an open, click, reply, visit, view or cart by the person.",
  ),
  feature("unsubscribes_total", "count", "unsubscribes ever", "Times the contact unsubscribed."),
];
