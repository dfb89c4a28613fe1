import type { Basket, BasketLine } from "./buffers.js";
import type { Clock } from "./calendar.js";
import { type Catalogue, shopCurrency } from "./catalogue.js";
import { type Person, quantities, tasteShares } from "./person.js";
import { places } from "./places.js";
import type { Random } from "./random.js";

/** Off the price of every line of an order at a reduced price. */
const reduction = 0.2;
/** Chance that an order is sent back, in whole or in part. */
const returned = 0.06;
/** Chance that a line is something bought before. */
const repeated = 0.3;

const pounds = { currency: "GBP", rate: 0.86 };

/** British customers pay in pounds, everybody else in the shop's currency. */
export function currencyOf(person: Person): { readonly currency: string; readonly rate: number } {
  return places[person.place].country === "GB" ? pounds : { currency: shopCurrency, rate: 1 };
}

/** An item to a person's taste. */
export function pickItem(catalogue: Catalogue, person: Person, draws: Random): number {
  const u = draws.uniform();
  const category =
    u < tasteShares[0]
      ? person.tastes[0]
      : u < tasteShares[0] + tasteShares[1]
        ? person.tastes[1]
        : catalogue.popularCategory.pick(draws.uniform());
  return catalogue.pick(category, draws.uniform());
}

/** Mean total of an order before returns, in major units of the person's currency. */
export function expectedOrderValue(catalogue: Catalogue, person: Person): number {
  const { meanCents, popularCategory } = catalogue;
  let anyCategory = 0;
  for (let c = 0; c < meanCents.length; c++)
    anyCategory += popularCategory.chance[c] * meanCents[c];
  const line =
    tasteShares[0] * meanCents[person.tastes[0]] +
    tasteShares[1] * meanCents[person.tastes[1]] +
    tasteShares[2] * anyCategory;
  let quantity = 0;
  for (let i = 0; i < quantities.chance.length; i++) quantity += (i + 1) * quantities.chance[i];
  const cents = (1 + person.extraLines) * quantity * line * (1 - reduction * person.discount);
  return (cents * currencyOf(person).rate) / 100;
}

/** Draws the lines of one person's orders, one order after the other. */
export interface Shopper {
  /** Starts over for a person, whose random numbers these are. */
  enter(person: Person, draws: Random): void;
  /** The next order, and what is sent back of it. */
  order(number: number, at: number, clock: Clock): readonly Basket[];
  /** What the person buys without saying who it is. */
  anonymous(at: number): Basket;
}

export function shopper(catalogue: Catalogue): Shopper {
  let person: Person;
  let draws: Random;
  let bought: number[] = [];

  function lines(): BasketLine[] {
    const { rate } = currencyOf(person);
    const price = rate * (draws.uniform() < person.discount ? 1 - reduction : 1);
    // geometric with the person's own mean
    const more = person.extraLines / (1 + person.extraLines);
    const basket: BasketLine[] = [];
    do {
      const again = bought.length > 0 && draws.uniform() < repeated;
      const item = again ? bought[draws.below(bought.length)] : pickItem(catalogue, person, draws);
      if (!again) bought[bought.length < 8 ? bought.length : draws.below(8)] = item;
      basket.push({
        item,
        quantity: quantities.pick(draws.uniform()) + 1,
        cents: Math.round(catalogue.cents[item] * price),
      });
    } while (draws.uniform() < more);
    return basket;
  }

  return {
    enter(next, numbers) {
      person = next;
      draws = numbers;
      bought = [];
    },
    order(number, at, clock) {
      const { currency } = currencyOf(person);
      const order: Basket = { kind: "order", number, at, currency, lines: lines() };
      if (draws.uniform() >= returned) return [order];
      const all = draws.uniform() < 0.4;
      const one = draws.below(order.lines.length);
      const weeks = 0.4 + 3 * draws.uniform();
      const back: Basket = {
        ...order,
        kind: "return",
        at: clock.instant(clock.activity(at) + weeks),
        lines: order.lines
          .filter((_, i) => all || i === one)
          .map((line) => ({ ...line, quantity: -line.quantity })),
      };
      return [order, back];
    },
    anonymous: (at) => ({
      kind: "anonymous",
      number: 1,
      at,
      currency: currencyOf(person).currency,
      lines: lines(),
    }),
  };
}
