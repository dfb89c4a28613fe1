import {
  type Campaign,
  InchwormError,
  type Instant,
  type Item,
  type RecordBatch,
} from "@inchworm/spec";
import { calendar } from "./calendar.js";
import { type CampaignTruth, campaignPlan } from "./campaigns.js";
import { catalogue } from "./catalogue.js";
import { type ShopContact, shopContact } from "./contact.js";
import type { World } from "./person.js";
import { places } from "./places.js";
import { random } from "./random.js";
import { addEngagements, addOrders, emptyBatch } from "./records.js";
import { secondsPerDay } from "./rhythm.js";
import { type Drawn, type Simulator, simulator } from "./simulator.js";
import { type ShopTruth, shopTruth } from "./truth.js";

export interface ShopOptions {
  /** 500 to 1,000,000. */
  readonly contacts: number;
  /** The same seed gives the same shop, to the byte. Defaults to 1. */
  readonly seed?: number;
  /** Length of the history, 60 to 3650; the shop opened that long before `until`. Defaults to 730. */
  readonly days?: number;
  /** End of the history, UTC milliseconds, a whole second. Defaults to 2026-01-01. */
  readonly until?: Instant;
}

/** How many contacts a batch holds. Defaults to 1000. What is in the batches does not depend on it. */
export interface BatchOptions {
  readonly batch?: number;
}

/**
 * A made-up shop whose truth is known. Everything streams: nothing is kept from one batch to the next, and each call draws the
 * same people again.
 */
export interface Shop {
  readonly contactCount: number;
  readonly seed: number;
  /** The day the shop opened; no contact is older. */
  readonly from: Instant;
  /** End of the history: nothing in it happened at or after this instant. */
  readonly until: Instant;
  readonly items: readonly Item[];
  readonly campaigns: readonly Campaign[];
  readonly campaignTruth: readonly CampaignTruth[];
  contacts(options?: BatchOptions): Iterable<readonly ShopContact[]>;
  /**
   * Orders, order lines, engagements and consents, contact by contact; `contact` is the customer number. Engagements are in
   * order of time within a contact.
   */
  history(options?: BatchOptions): Iterable<RecordBatch>;
  truth(options?: BatchOptions): Iterable<readonly ShopTruth[]>;
  /**
   * Orders and order lines of the days after `until`, the same people going on with their lives: what forecasts are judged by.
   *
   * @throws InchwormError "input" unless `days` is from 1 to 1095
   */
  future(days: number, options?: BatchOptions): Iterable<RecordBatch>;
}

/** What `writeShop` needs beyond the interface. */
export interface ShopParts {
  readonly world: World;
  readonly plan: ReturnType<typeof campaignPlan>;
  simulator(): Simulator;
  truthOf(drawn: Drawn): ShopTruth;
}

const defaults = { seed: 1, days: 730, until: Date.UTC(2026, 0, 1), batch: 1000 };
/** How far `future` and the truth reach. */
const horizon = { least: 1, most: 1095 };

const limits = {
  contacts: [500, 1_000_000],
  seed: [0, 4_294_967_295],
  days: [60, 3650],
  batch: [1, 1_000_000],
} as const;

const parts = new WeakMap<Shop, ShopParts>();

/**
 * Makes up a shop: people in several time zones with their own hours, orders until they lose interest, campaigns, mail, visits,
 * returns and consent. Twenty thousand contacts over two years have about 1.5 million events; the number per contact does not
 * depend on the size.
 *
 * @throws InchwormError "input" when an option is out of range
 */
export function madeUpShop(options: ShopOptions): Shop {
  const { contacts, seed, days, until } = { ...defaults, ...options };
  checkInteger("contacts", contacts);
  checkInteger("seed", seed);
  checkInteger("days", days);
  const day = 1000 * secondsPerDay;
  if (!Number.isInteger(until / 1000) || until < 20 * 365 * day || until > 130 * 365 * day)
    throw new InchwormError(
      "input",
      `madeUpShop: "until" must be a whole second from 1990 to 2099 in UTC milliseconds, got ${until}.`,
    );

  const from = until / 1000 - days * secondsPerDay;
  const goods = catalogue(seed);
  const world: World = {
    seed,
    from,
    until: until / 1000,
    // parcels come back up to a month after an order
    calendar: calendar(
      places.map((place) => place.timeZone),
      from,
      until / 1000 + (horizon.most + 70) * secondsPerDay,
    ),
    catalogue: goods,
  };
  const plan = campaignPlan(seed, goods.categories, from, until / 1000);
  const truthOf = (drawn: Drawn) => shopTruth(world, drawn, checkDays);

  function batches<T>(
    { batch = defaults.batch }: BatchOptions,
    fill: (first: number, end: number) => T,
  ): Iterable<T> {
    checkInteger("batch", batch);
    return (function* () {
      for (let first = 0; first < contacts; first += batch)
        yield fill(first, Math.min(contacts, first + batch));
    })();
  }

  const shop: Shop = {
    contactCount: contacts,
    seed,
    from: from * 1000,
    until,
    items: goods.items,
    campaigns: plan.campaigns,
    campaignTruth: plan.truth,
    contacts(options = {}) {
      const people = simulator(world, plan);
      const names = random(seed);
      return batches(options, (first, end) =>
        range(first, end, (index) => {
          const { person, leftAt } = people.history(index);
          return shopContact(person, leftAt, world.until, names);
        }),
      );
    },
    history(options = {}) {
      const people = simulator(world, plan);
      return batches(options, (first, end) => {
        const batch = emptyBatch();
        for (let index = first; index < end; index++) {
          const drawn = people.history(index);
          addOrders(world, drawn, world.from, world.until, batch);
          addEngagements(world, plan, drawn, batch);
        }
        return batch;
      });
    },
    truth(options = {}) {
      const people = simulator(world, plan);
      return batches(options, (first, end) =>
        range(first, end, (index) => truthOf(people.history(index))),
      );
    },
    future(days, options = {}) {
      checkDays(days);
      const people = simulator(world, plan);
      const last = world.until + days * secondsPerDay;
      return batches(options, (first, end) => {
        const { order, orderLine, ...rest } = emptyBatch();
        for (let index = first; index < end; index++)
          addOrders(world, people.orders(index, last), world.until, last, {
            order,
            orderLine,
            ...rest,
          });
        return { order, orderLine };
      });
    },
  };
  parts.set(shop, { world, plan, simulator: () => simulator(world, plan), truthOf });
  return shop;
}

/** The inside of a shop made here. */
export function partsOf(shop: Shop): ShopParts {
  const found = parts.get(shop);
  if (found === undefined)
    throw new InchwormError("input", "writeShop: pass a shop that madeUpShop made.");
  return found;
}

function range<T>(first: number, end: number, make: (index: number) => T): T[] {
  const all: T[] = [];
  for (let index = first; index < end; index++) all.push(make(index));
  return all;
}

function checkInteger(name: keyof typeof limits, value: number): void {
  const [least, most] = limits[name];
  if (!Number.isInteger(value) || value < least || value > most)
    throw new InchwormError(
      "input",
      `madeUpShop: "${name}" must be an integer from ${least} to ${most}, got ${value}.`,
    );
}

function checkDays(days: number): void {
  if (!(days >= horizon.least && days <= horizon.most))
    throw new InchwormError(
      "input",
      `madeUpShop: "days" ahead must be from ${horizon.least} to ${horizon.most}, got ${days}.`,
    );
}
