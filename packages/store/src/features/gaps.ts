import { call, sql } from "../sql.js";
import { type Cut, known } from "./cut.js";
import { defined, type FeatureGroup, ratio } from "./group.js";

const mean = ratio(call("dates", sql`min(day)`, sql`max(day)`), sql`(count(*) - 1)`);
const n = sql`count(gap)`;
const since = (cut: Cut) => call("days", sql`max(last_at)`, cut.end);

/** Days between occasions of ordering: several orders on one UTC day are one occasion. */
export const gaps: FeatureGroup = {
  rows: (cut) => sql`(
    select contact_id, day, last_at,
      ${call("dates", sql`${call("lag", sql`day`)} over (partition by contact_id order by day)`, sql`day`)} as gap
    from (
      select contact_id, cast(occurred_at as date) as day, max(occurred_at) as last_at
      from orders where contact_id is not null and total > 0 and ${known(cut)}
      group by contact_id, day
    ) occasions
  ) gaps`,
  features: {
    gap_mean_days: defined(() => mean),
    gap_median_days: defined(() => call("median", sql`gap`)),
    gap_last_days: defined(() => call("argMax", sql`gap`, sql`day`)),
    // sums of whole numbers are exact in a double: equal gaps deviate by 0, and the order of adding does not matter
    gap_deviation_days: defined(
      () => sql`case when ${n} > 1 then sqrt((${n} * sum(${call("f64", sql`gap`)} * gap)
        - sum(${call("f64", sql`gap`)}) * sum(${call("f64", sql`gap`)})) / (${n} * (${n} - 1))) end`,
    ),
    gap_ratio: defined((cut) => ratio(since(cut), mean)),
  },
};
