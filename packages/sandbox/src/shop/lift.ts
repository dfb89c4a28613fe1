import { InchwormError, type Order } from "@inchworm/spec";
import { uniformAt } from "./random.js";
import type { Shop } from "./shop.js";
import type { ShopTruth } from "./truth.js";

export interface LiftOptions {
  /** Customer numbers of those whom the campaign reaches. */
  readonly treated: ReadonlySet<string>;
  /** Chance of a further order that it gives to somebody active, 0 to 1; half of it to a prospect or one who fades, none to one who is gone. */
  readonly gain: number;
  /** The further orders come within so many days after the end of the history, 1 to 1095. Defaults to 30. */
  readonly days?: number;
}

/** What a campaign does that is sent at the end of a shop's history. */
export interface Lift {
  /** Orders that would not have come without it, contact by contact; `shop.future` has those that come anyway. */
  readonly orders: readonly Order[];
  /** The chance of a further order, by customer number: of everybody, whether they were treated or not. */
  readonly gains: ReadonlyMap<string, number>;
}

const stream = 7;
const defaultDays = 30;
const day = 86_400_000;
const weights = { active: 1, fading: 0.5, prospect: 0.5, gone: 0 } satisfies Record<
  ShopTruth["stage"],
  number
>;

/**
 * Plants what a campaign brings in a made-up shop, whose own mail changes no orders. Draws from a stream of its own: history, truth and
 * future stay as they are.
 *
 * @throws InchwormError "input" for a gain or a number of days out of range
 */
export function plantedLift(shop: Shop, options: LiftOptions): Lift {
  const { treated, gain, days = defaultDays } = options;
  if (!(gain >= 0 && gain <= 1))
    throw new InchwormError("input", `plantedLift: "gain" must be from 0 to 1, got ${gain}.`);
  if (!(days >= 1 && days <= 1095))
    throw new InchwormError("input", `plantedLift: "days" must be from 1 to 1095, got ${days}.`);
  const orders: Order[] = [];
  const gains = new Map<string, number>();
  let index = 0;
  for (const batch of shop.truth())
    for (const { customer, stage, currency, expectedOrderValue } of batch) {
      const draw = (n: number) => uniformAt(shop.seed, index, stream, n);
      const chance = gain * weights[stage];
      gains.set(customer, chance);
      if (treated.has(customer) && draw(0) < chance)
        orders.push({
          id: `L${index + 1}`,
          contact: customer,
          at: shop.until + Math.floor(draw(1) * days * day),
          total: Math.round(100 * expectedOrderValue * (0.5 + draw(2))) / 100,
          currency,
        });
      index++;
    }
  return { orders, gains };
}
