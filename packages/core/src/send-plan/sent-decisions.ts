import { type Send, type TimeZoneClock, timeZoneClock, weekHours } from "@inchworm/learn";
import type { SendLog, Store } from "@inchworm/store";
import { recent, sentTo } from "./recent.js";
import type { Settings } from "./settings.js";
import { freeSlots, type Slots, slotsOf } from "./slots.js";

/** One message of a plan, with the hours that it could have got. */
export interface SentDecision {
  /** Row of the log. */
  readonly row: number;
  readonly contact: number;
  readonly slots: Slots;
  /** See `freeSlots`. */
  readonly free: Uint8Array | undefined;
}

const hour = 3_600_000;
const week = weekHours * hour;
/** From a Thursday, the day of instant 0, back to Monday. */
const toMonday = 3 * 24 * hour;

/**
 * The messages of one plan by contact, ascending, each with the hours of its window as the plan's rules and the messages that had been
 * sent by then left them. The contact's clock is told by the hour of the week that the plan had written down.
 */
export async function* sentDecisions(
  store: Pick<Store, "messageTimes">,
  log: SendLog,
  place: number,
  signal?: AbortSignal,
): AsyncGenerator<SentDecision> {
  const { rules, createdAt } = log.plans[place];
  const settings = rules as Settings;
  const messages = sentTo(await recent(store, settings, signal));
  const rows = [...log.planned.keys()].filter((row) => log.planned[row] === place);
  rows.sort((one, other) => log.contacts[one] - log.contacts[other]);
  const windows = new Map<number, Slots>();
  for (const row of rows) {
    const at = log.at[row];
    const offset = offsetOf(at, log.localHours[row]);
    const slots = windows.get(offset) ?? slotsOf(clockAt(offset), settings);
    windows.set(offset, slots);
    const sent: Send[] = messages(log.contacts[row]).filter((one) => one.at < createdAt);
    const free = freeSlots(slots, settings.caps, sent, settings);
    const chosen = slots.at.indexOf(at);
    // a change of clocks within the window, or messages that were not known of then
    if (chosen < 0) continue;
    const known = free === undefined || free[chosen] === 1;
    yield { row, contact: log.contacts[row], slots, free: known ? free : undefined };
  }
}

/** What the clock showed, less UTC: between 12 hours behind and 14 ahead. */
function offsetOf(at: number, localHour: number): number {
  const apart = (localHour * hour - ((at + toMonday) % week) + week) % week;
  return apart > 14 * hour ? apart - week : apart;
}

/** A clock that is never changed. */
function clockAt(offset: number): TimeZoneClock {
  const utc = timeZoneClock("UTC");
  return {
    ...utc,
    offset: () => offset,
    wall: (instant) => instant + offset,
    instant: (wall) => wall - offset,
    weekHour: (instant) => utc.weekHour(instant + offset),
  };
}
