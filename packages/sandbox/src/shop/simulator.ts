import { shopper } from "./basket.js";
import { type EventBuffer, eventBuffer } from "./buffers.js";
import { type Clock, clock } from "./calendar.js";
import type { CampaignPlan } from "./campaigns.js";
import { emptyLife, type Life, live } from "./life.js";
import { receive } from "./mail.js";
import { type Person, person, streams, type World } from "./person.js";
import { random } from "./random.js";
import { secondsPerHour } from "./rhythm.js";

/** One contact's whole history. The next call reuses the buffers. */
export interface Drawn {
  person: Person;
  life: Life;
  /** Set to the person's zone and habits. */
  readonly clock: Clock;
  readonly events: EventBuffer;
  /** Indexes of the events before the end of the history, in order of time. */
  order: Uint16Array;
  eventCount: number;
  /** UTC second of the unsubscription or complaint; Infinity for most. */
  leftAt: number;
}

export interface Simulator {
  /** A contact's history. */
  history(index: number): Drawn;
  /** A contact's orders on to `end`, UTC seconds; no engagements. */
  orders(index: number, end: number): Drawn;
}

export function simulator(world: World, plan: CampaignPlan): Simulator {
  const traits = random(world.seed);
  const lives = random(world.seed);
  const visits = random(world.seed);
  const baskets = random(world.seed);
  const mails = random(world.seed);
  const buys = shopper(world.catalogue);
  const drawn: Drawn = {
    person: undefined as unknown as Person,
    life: emptyLife(),
    clock: clock(world.calendar),
    events: eventBuffer(),
    order: new Uint16Array(0),
    eventCount: 0,
    leftAt: Number.POSITIVE_INFINITY,
  };

  function draw(index: number, end: number, events: EventBuffer | undefined): Drawn {
    const { clock } = drawn;
    drawn.events.clear();
    drawn.person = person(world, index, clock, traits);
    buys.enter(drawn.person, baskets.at(index, streams.baskets));
    lives.at(index, streams.life);
    visits.at(index, streams.visits);
    drawn.life = live(world, drawn.person, clock, lives, visits, buys, end, events);
    return drawn;
  }

  return {
    history(index) {
      const { events } = drawn;
      // an order just after the end has its visit before it
      draw(index, world.until + secondsPerHour, events);
      drawn.leftAt = receive(world, plan, drawn.person, drawn.life, drawn.clock, mails, events);
      drawn.order = events.sorted();
      let count = events.length;
      while (count > 0 && events.at[drawn.order[count - 1]] >= world.until) count--;
      drawn.eventCount = count;
      const { anonymousAt } = drawn.person;
      if (anonymousAt !== undefined) drawn.life.baskets.push(buys.anonymous(anonymousAt));
      return drawn;
    },
    orders(index, end) {
      draw(index, end, undefined);
      drawn.eventCount = 0;
      return drawn;
    },
  };
}
