import { currencyOf, expectedOrderValue } from "./basket.js";
import { customerNumber } from "./contact.js";
import { type GroupName, groups } from "./groups.js";
import type { Stage } from "./life.js";
import { openProbability } from "./mail.js";
import { type Outlook, outlook } from "./outlook.js";
import type { World } from "./person.js";
import { places } from "./places.js";
import { type Chronotype, chronotypes, secondsPerDay } from "./rhythm.js";
import type { Drawn } from "./simulator.js";
import { welcomeAt } from "./volume.js";

/** What is true of one contact at the end of the history. Instants are UTC milliseconds and lie before it. */
export interface ShopTruth {
  readonly customer: string;
  readonly group: GroupName;
  /** `prospect`: has not ordered yet. `fading`: orders more slowly and loses interest. `gone`: will never order again. */
  readonly stage: Stage;
  readonly alive: boolean;
  readonly firstOrderAt?: number;
  readonly fadingSince?: number;
  /** When the contact dropped out. */
  readonly goneAt?: number;
  /** Orders per 30 average days while active. */
  readonly purchaseRate: number;
  /** Shape of the gaps between orders: 1 = at random, 8 = like clockwork. */
  readonly regularity: number;
  /** Mean total of an order before returns, in major units of `currency`. */
  readonly expectedOrderValue: number;
  readonly currency: string;
  readonly favouriteCategory: string;
  /** IANA name; the contact tells it in three of four cases. */
  readonly timeZone: string;
  readonly chronotype: Chronotype;
  /** Hours later than the chronotype. */
  readonly hourShift: number;
  /** Mean over the week of the chance that the person opens an average campaign while interested. */
  readonly openRate: number;
  readonly clickRate: number;
  /** Mails a week that they welcome. Each further one within seven days is opened half as often, and makes one in fifty leave. */
  readonly welcomePerWeek: number;
  /** A mail-privacy proxy opens every mail within seconds. */
  readonly machineOpener: boolean;
  /** A scanner opens and clicks every mail within seconds. */
  readonly linkScanner: boolean;
  /** The same chance for one hour of the week on the contact's clock: 0 = Monday 00:00, 167 = Sunday 23:00. */
  openProbability(hourOfWeek: number): number;
  /** Chance of an order in the next days, given everything hidden but the future. At most 1095 days. */
  orderProbability(days: number): number;
  /** Expected number of orders in the next days, likewise. */
  expectedOrders(days: number): number;
}

export function shopTruth(
  world: World,
  drawn: Drawn,
  checkDays: (days: number) => void,
): ShopTruth {
  const { person, life, clock } = drawn;
  const now = clock.activity(world.until);
  const habits = [
    person.place,
    person.chronotype,
    person.shift,
    groups[person.group].season,
  ] as const;
  // the clock belongs to whoever is drawn next: set it again before use
  const weeks = (days: number): number => {
    checkDays(days);
    clock.set(...habits);
    return clock.activity(world.until + days * secondsPerDay) - now;
  };
  let last: { readonly days: number; readonly outlook: Outlook } | undefined;
  const ahead = (days: number): Outlook => {
    if (last?.days !== days) last = { days, outlook: outlook(person, life, weeks(days)) };
    return last.outlook;
  };
  const past = (name: "firstOrderAt" | "fadingSince" | "goneAt") =>
    life[name] < world.until ? { [name]: life[name] * 1000 } : {};

  return {
    customer: customerNumber(person.index),
    group: groups[person.group].name,
    stage: life.stage,
    alive: life.stage !== "gone",
    ...past("firstOrderAt"),
    ...past("fadingSince"),
    ...past("goneAt"),
    purchaseRate: (person.ordersPerWeek * 30) / 7,
    regularity: person.regularity,
    expectedOrderValue: expectedOrderValue(world.catalogue, person),
    currency: currencyOf(person).currency,
    favouriteCategory: world.catalogue.categories[person.tastes[0]],
    timeZone: places[person.place].timeZone,
    chronotype: chronotypes[person.chronotype],
    hourShift: person.shift,
    openRate: person.openRate,
    clickRate: person.clickRate,
    welcomePerWeek: welcomeAt(world.seed, person.index, person.openRate),
    machineOpener: person.machineOpener,
    linkScanner: person.linkScanner,
    openProbability: (hourOfWeek) => openProbability(person, hourOfWeek),
    orderProbability: (days) => ahead(days).probability,
    expectedOrders: (days) => ahead(days).orders,
  };
}
