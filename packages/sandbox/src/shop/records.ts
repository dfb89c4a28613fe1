import {
  type Consent,
  type Engagement,
  engagementTypes,
  type Order,
  type OrderLine,
  type RecordBatch,
} from "@inchworm/spec";
import type { Basket } from "./buffers.js";
import type { CampaignPlan } from "./campaigns.js";
import { consentsOf, customerNumber } from "./contact.js";
import type { World } from "./person.js";
import { uniformAt } from "./random.js";
import type { Drawn } from "./simulator.js";

/** "O123-4" is the fourth order of contact 123, "R123-4" what came back of it; an anonymous order's number tells nothing. */
export function orderNumber(world: World, index: number, basket: Basket): string {
  if (basket.kind === "anonymous") {
    const part = (n: number) => Math.floor(uniformAt(world.seed, index, 9, n) * 4294967296);
    return `A${part(0).toString(36)}${part(1).toString(36)}`;
  }
  return `${basket.kind === "order" ? "O" : "R"}${index + 1}-${basket.number}`;
}

/** A batch that is being filled. */
export interface Filling {
  readonly order: Order[];
  readonly orderLine: OrderLine[];
  readonly engagement: Engagement[];
  readonly consent: Consent[];
}

export function emptyBatch(): Filling & RecordBatch {
  return { order: [], orderLine: [], engagement: [], consent: [] };
}

/** Adds a contact's orders in `[from, until)`, UTC seconds. */
export function addOrders(
  world: World,
  drawn: Drawn,
  from: number,
  until: number,
  batch: Filling,
): void {
  const { index } = drawn.person;
  const customer = customerNumber(index);
  for (const basket of drawn.life.baskets) {
    if (basket.at < from || basket.at >= until) continue;
    const order = orderNumber(world, index, basket);
    const contact = basket.kind === "anonymous" ? {} : { contact: customer };
    const at = basket.at * 1000;
    const { currency } = basket;
    let total = 0;
    basket.lines.forEach((line, i) => {
      total += line.quantity * line.cents;
      batch.orderLine.push({
        order,
        line: String(i + 1),
        ...contact,
        at,
        item: world.catalogue.items[line.item].id,
        quantity: line.quantity,
        unitPrice: line.cents / 100,
        currency,
      });
    });
    batch.order.push({ id: order, ...contact, at, total: total / 100, currency });
  }
}

/** Adds a contact's engagements and consents before `world.until`. */
export function addEngagements(
  world: World,
  plan: CampaignPlan,
  drawn: Drawn,
  batch: Filling,
): void {
  const { index } = drawn.person;
  const { events, order, eventCount } = drawn;
  const contact = customerNumber(index);
  for (let n = 0; n < eventCount; n++) {
    const i = order[n];
    const campaign = events.campaign[i];
    const item = events.item[i];
    batch.engagement.push({
      id: `${index + 1}-${n + 1}`,
      contact,
      type: engagementTypes[events.type[i]],
      at: events.at[i] * 1000,
      ...(campaign < 0 ? {} : { campaign: plan.campaigns[campaign].id }),
      ...(item < 0 ? {} : { item: world.catalogue.items[item].id }),
      ...(events.machine[i] === 1 ? { machine: true } : {}),
    });
  }
  batch.consent.push(...consentsOf(drawn.person, drawn.leftAt, world.until));
}
