import { pickItem } from "./basket.js";
import { type EventBuffer, eventCode, none } from "./buffers.js";
import type { Clock } from "./calendar.js";
import type { CampaignPlan } from "./campaigns.js";
import { interest, type Life } from "./life.js";
import { type Person, streams, type World } from "./person.js";
import { type Random, uniformAt } from "./random.js";
import { hoursPerWeek, rhythms, secondsPerDay } from "./rhythm.js";
import { shareAt, unwelcome, welcomeAt } from "./volume.js";

/** Mean weeks of activity from a mail's arrival to its being opened, if ever: about three waking hours. */
const openingWeeks = 0.018;
/** Chance that an opened mail is the last straw; more so once interest fades. */
const unsubscribing = { interested: 0.008, fading: 0.035 };
/** Of those, the share that presses "spam" instead. */
const complaining = 0.1;
const softBounce = 0.004;
/** After this many bounces of a closed mailbox nothing is sent any more. */
const patience = 3;

/** Chance that a person of undiminished interest opens an average campaign sent in an hour of their week. */
export function openProbability(person: Person, hourOfWeek: number): number {
  const hour = (hourOfWeek - person.shift + hoursPerWeek) % hoursPerWeek;
  return Math.min(0.95, person.openRate * rhythms[person.chronotype].opening[hour]);
}

/**
 * Sends every campaign before `world.until` to its share of the list, and draws what becomes of each mail. Mail brings visits;
 * it has no effect on orders.
 *
 * @returns UTC second from which on the person is not written to any more; Infinity for most
 */
export function receive(
  world: World,
  plan: CampaignPlan,
  person: Person,
  life: Life,
  clock: Clock,
  draws: Random,
  events: EventBuffer,
): number {
  let leftAt = Number.POSITIVE_INFINITY;
  if (person.emailConsent === "denied") return leftAt;
  let complaint = false;
  let bounces = 0;
  const welcomesOne = welcomeAt(world.seed, person.index, person.openRate) === 1;
  let lastSent = Number.NEGATIVE_INFINITY;

  for (let c = firstAfter(plan.sentAt, person.createdAt); c < plan.sentAt.length; c++) {
    draws.at(person.index, streams.mail + c);
    if (draws.uniform() >= shareAt(world.seed, person.index, plan.sentAt[c])) continue;
    const sentAt =
      plan.sentAt[c] + Math.floor(draws.uniform() * (plan.spread[c] === 1 ? secondsPerDay : 1200));
    // campaigns are more than a day apart: nobody left before an earlier mail's answer was drawn
    if (sentAt >= leftAt || sentAt >= world.until) break;
    events.add(sentAt, eventCode.sent, c, none, 0);
    const tooMany = welcomesOne && sentAt - lastSent < 7 * secondsPerDay;
    lastSent = sentAt;

    if (sentAt >= person.mailboxClosedAt) {
      events.add(sentAt + 2 + draws.below(60), eventCode.bounce, c, none, 0);
      if (++bounces === patience) break;
      continue;
    }
    if (draws.uniform() < softBounce) {
      events.add(sentAt + 2 + draws.below(60), eventCode.bounce, c, none, 0);
      continue;
    }
    if (person.machineOpener || person.linkScanner)
      events.add(sentAt + 1 + draws.below(8), eventCode.open, c, none, 1);
    if (person.linkScanner) events.add(sentAt + 2 + draws.below(8), eventCode.click, c, none, 1);

    const fading = sentAt > life.fadingSince;
    const left = fading ? interest(life, clock.activity(sentAt)) : 1;
    if (tooMany && uniformAt(world.seed, person.index, streams.unwelcome, c) < unwelcome.leaving)
      leftAt = Math.min(leftAt, sentAt + 600);
    const welcome = tooMany ? unwelcome.opening : 1;
    const chance =
      openProbability(person, clock.hourOfWeek(sentAt)) * plan.openFactor[c] * left * welcome;
    if (draws.uniform() >= chance) continue;
    const openedAt = Math.max(
      sentAt + 20,
      clock.instant(clock.activity(sentAt) + openingWeeks * draws.exponential()),
    );
    events.add(openedAt, eventCode.open, c, none, 0);

    if (draws.uniform() < person.clickRate * plan.clickFactor[c]) {
      const clickedAt = openedAt + 5 + draws.below(90);
      events.add(clickedAt, eventCode.click, c, none, 0);
      events.add(clickedAt + 2, eventCode.visit, c, none, 0);
      if (draws.uniform() < 0.5)
        events.add(
          clickedAt + 20 + draws.below(100),
          eventCode.view,
          none,
          pickItem(world.catalogue, person, draws),
          0,
        );
    }
    if (draws.uniform() < (fading ? unsubscribing.fading : unsubscribing.interested)) {
      const at = openedAt + 100 + draws.below(100);
      if (at < leftAt) {
        leftAt = at;
        complaint = draws.uniform() < complaining;
      }
    }
  }
  if (leftAt < world.until)
    events.add(leftAt, complaint ? eventCode.complaint : eventCode.unsubscribe, none, none, 0);
  return leftAt;
}

function firstAfter(ascending: Float64Array, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
