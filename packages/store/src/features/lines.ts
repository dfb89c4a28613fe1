import { call, sql } from "../sql.js";
import { known, within } from "./cut.js";
import { defined, type FeatureGroup, ratio } from "./group.js";

/** What orders are made of. Lines of returns (a negative quantity) do not count; an order without lines says nothing here. */
export const lines: FeatureGroup = {
  rows: (cut) => sql`(
    select contact_id, count(*) as line_count, sum(${call("exact", sql`quantity`)}) as units
    from order_lines where contact_id is not null and quantity > 0 and ${known(cut)}
    group by contact_id, source, order_id
  ) baskets`,
  features: {
    lines_per_order: defined(() => ratio(sql`sum(line_count)`, sql`count(*)`)),
    units_per_order: defined(() => ratio(sql`sum(units)`, sql`count(*)`)),
  },
};

const recent = sql`count(item_id) filter (where recent)`;

/** How many different items. Rows without an item stand for the orders: orders whose lines are not known leave the number unknown. */
export const items: FeatureGroup = {
  rows: (cut) => sql`(
    select contact_id, item_id, max(occurred_at) >= ${cut.ago(365)} as recent
    from order_lines where contact_id is not null and quantity > 0 and ${known(cut)}
    group by contact_id, item_id
    union all
    select contact_id, null as item_id, true as recent
    from orders where contact_id is not null and total > 0 and ${known(cut)} and ${within(cut, 365)}
    group by contact_id
  ) items`,
  features: {
    items_365d: defined(
      () =>
        sql`case when count(item_id) > 0 and (${recent} > 0 or count(*) = count(item_id)) then ${recent} end`,
    ),
  },
};
