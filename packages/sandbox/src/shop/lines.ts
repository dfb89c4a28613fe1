import { engagementTypes } from "@inchworm/spec";
import { customerNumber, type ShopContact } from "./contact.js";
import { orderNumber } from "./records.js";
import type { Rows } from "./rows.js";
import type { ShopParts } from "./shop.js";
import type { Drawn } from "./simulator.js";
import type { ShopTruth } from "./truth.js";

/** How far ahead the truth file looks, in days. */
const horizons = [30, 90, 365] as const;

export function orderRows(
  { world }: ShopParts,
  { person, life }: Drawn,
  into: Rows,
): { orders: number; lines: number } {
  const customer = customerNumber(person.index);
  let orders = 0;
  let lines = 0;
  for (const basket of life.baskets) {
    if (basket.at >= world.until) continue;
    orders++;
    lines += basket.lines.length;
    const order = orderNumber(world, person.index, basket);
    basket.lines.forEach((line, i) => {
      into
        .text(order)
        .comma()
        .number(i + 1)
        .comma();
      if (basket.kind !== "anonymous") into.text(customer);
      into.comma().instant(basket.at).comma().text(world.catalogue.items[line.item].id).comma();
      into.number(line.quantity).comma().cents(line.cents).comma().text(basket.currency).end();
    });
  }
  return { orders, lines };
}

export function engagementRows({ world, plan }: ShopParts, drawn: Drawn, into: Rows): void {
  const { events, order, eventCount } = drawn;
  const customer = customerNumber(drawn.person.index);
  const number = drawn.person.index + 1;
  for (let n = 0; n < eventCount; n++) {
    const i = order[n];
    into
      .number(number)
      .text("-")
      .number(n + 1)
      .comma()
      .text(customer)
      .comma();
    into.text(engagementTypes[events.type[i]]).comma().instant(events.at[i]).comma();
    if (events.campaign[i] >= 0) into.text(plan.campaigns[events.campaign[i]].id);
    into.comma();
    if (events.item[i] >= 0) into.text(world.catalogue.items[events.item[i]].id);
    into
      .comma()
      .text(events.machine[i] === 1 ? "true" : "false")
      .end();
  }
}

export function contactLine(contact: ShopContact): string {
  return json({
    customer_id: contact.customer,
    email: contact.email,
    first_name: contact.firstName,
    last_name: contact.lastName,
    phone: contact.phone,
    country: contact.country,
    city: contact.city,
    time_zone: contact.timeZone,
    language: contact.language,
    created_at: iso(contact.createdAt),
    email_opt_out: contact.emailOptOut,
    profiling_denied: contact.profilingDenied,
  });
}

export function truthLine(truth: ShopTruth): string {
  return json({
    customer_id: truth.customer,
    group: truth.group,
    stage: truth.stage,
    alive: truth.alive,
    first_order_at: iso(truth.firstOrderAt),
    fading_since: iso(truth.fadingSince),
    gone_at: iso(truth.goneAt),
    purchase_rate: six(truth.purchaseRate),
    regularity: truth.regularity,
    expected_order_value: six(truth.expectedOrderValue),
    currency: truth.currency,
    favourite_category: truth.favouriteCategory,
    chronotype: truth.chronotype,
    hour_shift: truth.hourShift,
    open_rate: six(truth.openRate),
    click_rate: six(truth.clickRate),
    machine_opener: truth.machineOpener,
    link_scanner: truth.linkScanner,
    ...Object.fromEntries(
      horizons.flatMap((days) => [
        [`order_probability_${days}`, six(truth.orderProbability(days))],
        [`expected_orders_${days}`, six(truth.expectedOrders(days))],
      ]),
    ),
  });
}

export const json = (value: unknown): string => `${JSON.stringify(value)}\n`;
export const six = (value: number): number => Math.round(value * 1e6) / 1e6;

/** To the second, as in the tables; absent stays absent. */
export function iso(instant: number | undefined): string | undefined {
  return instant === undefined ? undefined : new Date(instant).toISOString().replace(".000Z", "Z");
}
