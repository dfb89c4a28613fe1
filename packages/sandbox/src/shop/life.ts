import type { Shopper } from "./basket.js";
import { pickItem } from "./basket.js";
import { type Basket, type EventBuffer, eventCode, none } from "./buffers.js";
import type { Clock } from "./calendar.js";
import { groups } from "./groups.js";
import type { Person, World } from "./person.js";
import type { Random } from "./random.js";
import { secondsPerHour } from "./rhythm.js";

/**
 * Where a customer stands. `prospect`: has not ordered yet. `active`: orders at the own pace. `fading`: orders more slowly, and
 * looks and reads less every week. `gone`: never orders again.
 */
export const stages = ["prospect", "active", "fading", "gone"] as const;
export type Stage = (typeof stages)[number];

/** Orders come at this share of the own pace once interest fades. */
export const fadingPace = 0.6;
/** Weeks of activity in which interest falls by a factor e, and what remains of it. */
const interestWeeks = 3.5;
const leastInterest = 0.06;

/** A life as far as it was drawn; instants are UTC seconds, Infinity for what has not happened. */
export interface Life {
  /** At the end of the history. */
  stage: Stage;
  /** Of the `regularity` steps between two orders, how many are behind; 0 just after an order. */
  phase: number;
  firstOrderAt: number;
  /** Since when interest falls. */
  fadingSince: number;
  goneAt: number;
  /** Weeks of activity: `fadingSince` on the person's own clock. */
  fadingFrom: number;
  readonly baskets: Basket[];
}

export function emptyLife(): Life {
  const never = Number.POSITIVE_INFINITY;
  return {
    stage: "prospect",
    phase: 0,
    firstOrderAt: never,
    fadingSince: never,
    goneAt: never,
    fadingFrom: never,
    baskets: [],
  };
}

/** What is left of a person's interest, 1 until it starts to fade. */
export function interest(life: Life, activity: number): number {
  if (activity <= life.fadingFrom) return 1;
  return Math.max(leastInterest, Math.exp((life.fadingFrom - activity) / interestWeeks));
}

/**
 * Buy till you die, as a Markov process in the person's own activity (see `Clock`). Between two orders lie `regularity` steps
 * at equal rates, so gaps are Erlang: shape 1 is Poisson buying (Schmittlein, Morrison & Colombo 1987), more is regular buying
 * (Platzer & Reutterer 2016). Interest starts to fade at a constant rate, and fading ends at another.
 *
 * Draws orders from signing up to `end` and, given `events`, visits in the history. What happens before an instant does not depend on `end`.
 */
export function live(
  world: World,
  person: Person,
  clock: Clock,
  draws: Random,
  visits: Random,
  shopper: Shopper,
  end: number,
  events: EventBuffer | undefined,
): Life {
  const group = groups[person.group];
  const life = emptyLife();
  const { regularity, createdAt } = person;
  const stepsPerWeek = person.ordersPerWeek * regularity;
  const last = clock.activity(end);
  let now = clock.activity(createdAt);
  let nextVisit = events === undefined ? Number.POSITIVE_INFINITY : visits.exponential();
  let stage = "prospect" as Stage;
  let phase = 0;
  let orders = 0;
  let captured = false;

  const visitUntil = (then: number): void => {
    if (events === undefined) return;
    // browsing grows as the next order comes nearer
    const intent = regularity > 1 && stage !== "prospect" ? 0.5 + phase / (regularity - 1) : 1;
    const perWeek = person.visitsPerWeek * intent;
    let at = now + nextVisit / perWeek;
    while (at < then) {
      if (visits.uniform() < interest(life, at)) browse(clock.instant(at));
      nextVisit = visits.exponential();
      at += nextVisit / perWeek;
    }
    nextVisit = (at - then) * perWeek;
  };

  const look = (at: number): void =>
    events?.add(at, eventCode.view, none, pickItem(world.catalogue, person, visits), 0);

  const browse = (at: number): void => {
    events?.add(at, eventCode.visit, none, none, 0);
    if (visits.uniform() < 0.3) look(at + 15 + visits.below(200));
    if (visits.uniform() < 0.13)
      events?.add(
        at + 240 + visits.below(300),
        eventCode.cart,
        none,
        pickItem(world.catalogue, person, visits),
        0,
      );
  };

  const order = (at: number): void => {
    orders++;
    if (orders === 1) life.firstOrderAt = at;
    const baskets = shopper.order(orders, at, clock);
    life.baskets.push(...baskets);
    phase = 0;
    const gone = orders === 1 && draws.uniform() < group.single;
    stage = gone ? "gone" : stage === "prospect" ? "active" : stage;
    if (gone) fade(at, now, true);
    if (events === undefined) return;
    const before = at - 420 - visits.below(1800);
    if (before > createdAt) events.add(before, eventCode.visit, none, none, 0);
    if (before > createdAt && visits.uniform() < 0.3) look(before + 15 + visits.below(200));
    const carted = at - 60 - visits.below(120);
    if (carted > createdAt && visits.uniform() < 0.6)
      events.add(carted, eventCode.cart, none, baskets[0].lines[0].item, 0);
  };

  const fade = (at: number, activity: number, gone: boolean): void => {
    if (life.fadingFrom === Number.POSITIVE_INFINITY) {
      life.fadingFrom = activity;
      life.fadingSince = at;
    }
    if (gone) life.goneAt = at;
  };

  const capture = (): void => {
    life.stage = stage;
    life.phase = phase;
    captured = true;
  };

  if (person.atCheckout && group.firstOrderWeeks > 0) {
    const at = createdAt + 120 + draws.below(secondsPerHour / 2);
    if (at >= world.until) capture();
    if (at >= end) return life;
    now = clock.activity(at);
    order(at);
  }
  for (;;) {
    const stepRate =
      stage === "prospect"
        ? group.firstOrderWeeks > 0
          ? 1 / group.firstOrderWeeks
          : 0
        : stage === "gone"
          ? 0
          : stage === "fading"
            ? stepsPerWeek * fadingPace
            : stepsPerWeek;
    const leaveRate =
      stage === "active" ? person.fadePerWeek : stage === "fading" ? person.gonePerWeek : 0;
    const rate = stepRate + leaveRate;
    const then = rate > 0 ? now + draws.exponential() / rate : Number.POSITIVE_INFINITY;
    const at = then < last ? clock.instant(then) : end;
    if (!captured && at >= world.until) capture();
    visitUntil(Math.min(then, last));
    if (at >= end) return life;
    now = then;
    if (draws.uniform() * rate < leaveRate) {
      fade(at, then, stage === "fading");
      stage = stage === "fading" ? "gone" : "fading";
    } else if (stage === "prospect" || phase === regularity - 1) order(at);
    else phase++;
  }
}
