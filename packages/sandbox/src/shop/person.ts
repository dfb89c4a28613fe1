import type { Calendar, Clock } from "./calendar.js";
import type { Catalogue } from "./catalogue.js";
import { groups } from "./groups.js";
import { places } from "./places.js";
import type { Random } from "./random.js";
import { picker } from "./weights.js";

/** Streams of random numbers of one contact. */
export const streams = {
  person: 1,
  name: 2,
  life: 3,
  visits: 4,
  baskets: 5,
  unwelcome: 6,
  /** One for every campaign from here on. */
  mail: 1000,
} as const;

/** Traits that a person keeps for good. Instants are UTC seconds, rates are per week of activity (see `Clock`). */
export interface Person {
  readonly index: number;
  /** Index into `groups`. */
  readonly group: number;
  /** Index into `places`. */
  readonly place: number;
  /** Index into `chronotypes`. */
  readonly chronotype: number;
  /** Hours later than the chronotype. */
  readonly shift: number;
  readonly createdAt: number;
  readonly ordersPerWeek: number;
  readonly regularity: number;
  /** Orders within the hour of signing up. */
  readonly atCheckout: boolean;
  readonly fadePerWeek: number;
  readonly gonePerWeek: number;
  readonly visitsPerWeek: number;
  readonly openRate: number;
  readonly clickRate: number;
  readonly extraLines: number;
  readonly discount: number;
  /** Favourite category, and the next best. */
  readonly tastes: readonly [number, number];
  readonly machineOpener: boolean;
  readonly linkScanner: boolean;
  /** When the mailbox stops taking mail, if ever. */
  readonly mailboxClosedAt: number;
  readonly emailConsent: "granted" | "denied" | undefined;
  readonly profilingDeniedAt: number | undefined;
  readonly profilingGrantedAgainAt: number | undefined;
  /** When this person buys once without saying who it is, if ever. */
  readonly anonymousAt: number | undefined;
}

/** Shares of lines from the favourite category, the next best, and any. */
export const tasteShares = [0.55, 0.25, 0.2] as const;

export const quantities = picker([0.76, 0.17, 0.07]);

const groupPicker = picker(groups.map((group) => group.share));
const placePicker = picker(places.map((place) => place.share));
const chronotypePicker = picker([0.17, 0.29, 0.18, 0.24, 0.12]);

/** The shop opened with a rush: this share of the contacts came in the first twelfth of its days. */
const rush = { share: 0.16, part: 1 / 12 };

export interface World {
  readonly seed: number;
  /** UTC seconds. */
  readonly from: number;
  readonly until: number;
  readonly calendar: Calendar;
  readonly catalogue: Catalogue;
}

/** Draws a person and sets the clock to theirs. */
export function person(world: World, index: number, clock: Clock, draws: Random): Person {
  draws.at(index, streams.person);
  const groupIndex = groupPicker.pick(draws.uniform());
  const group = groups[groupIndex];
  const place = placePicker.pick(draws.uniform());
  const chronotype = chronotypePicker.pick(draws.uniform());
  const shift = draws.below(3) - 1;
  clock.set(place, chronotype, shift, group.season);

  const first = clock.activity(world.from);
  const span = clock.activity(world.until) - first;
  const early = draws.uniform() < rush.share;
  const part = draws.uniform() * (early ? rush.part : 1);
  const createdAt = Math.min(
    world.until - 1,
    Math.max(world.from, clock.instant(first + part * span)),
  );
  const later = (u: number): number => Math.floor(createdAt + u * (world.until - createdAt));

  const favourite = world.catalogue.popularCategory.pick(draws.uniform());
  const second = world.catalogue.popularCategory.pick(draws.uniform());
  const ordersPerWeek = group.rate.mean * draws.gamma(group.rate.shape);
  // who opens mail also visits, if less strictly
  const interest = draws.gamma(3);
  const consent = draws.uniform();
  const denied = draws.uniform() < 0.01 ? later(draws.uniform()) : undefined;
  const again = denied !== undefined && draws.uniform() < 0.06;
  return {
    index,
    group: groupIndex,
    place,
    chronotype,
    shift,
    createdAt,
    ordersPerWeek,
    regularity: group.regularity[draws.below(group.regularity.length)],
    atCheckout: draws.uniform() < group.atCheckout,
    fadePerWeek: draws.gamma(group.life.shape) / group.life.mean,
    gonePerWeek: 1 / group.fadingWeeks,
    visitsPerWeek: group.visits * interest,
    openRate: Math.min(0.5, group.openRate * (0.35 * interest + 0.65 * draws.gamma(4))),
    clickRate: group.clickRate * (0.6 + 0.8 * draws.uniform()),
    extraLines: group.extraLines * draws.gamma(3),
    discount: Math.min(1, group.discount * (0.5 + draws.uniform())),
    tastes: [favourite, second],
    machineOpener: draws.uniform() < 0.3,
    linkScanner: draws.uniform() < 0.025,
    mailboxClosedAt: draws.uniform() < 0.03 ? later(draws.uniform()) : Number.POSITIVE_INFINITY,
    emailConsent: consent < 0.82 ? "granted" : consent < 0.93 ? "denied" : undefined,
    profilingDeniedAt: denied,
    profilingGrantedAgainAt: again
      ? Math.ceil(denied + draws.uniform() * (world.until - 1 - denied))
      : undefined,
    anonymousAt: draws.uniform() < 0.045 ? later(draws.uniform()) : undefined,
  };
}
