import {
  type Activity,
  reactions,
  type Sends,
  type TimingHistory,
  unknownDelay,
  weekHours,
  windowHours,
} from "@inchworm/learn";
import { type Moments, momentKinds } from "@inchworm/store";
import { weekCells } from "./week-cells.js";

const kindOf = Object.fromEntries(momentKinds.map((kind, code) => [kind, code])) as Readonly<
  Record<(typeof momentKinds)[number], number>
>;
const { sent, open, click, reply, visit, order, bounce, machine } = kindOf;
const reaction = Object.fromEntries(reactions.map((name, code) => [name, code])) as Readonly<
  Record<(typeof reactions)[number], number>
>;

const windowSeconds = windowHours * 3600;
/** Nobody reads so fast: a scanner or a proxy that did not say so. */
const tooFast = 10;
/** A visit so soon after a click is the click's own. */
const clickVisit = 30 * 60;
/** "Sent" and "delivered" of a message without a campaign's name. */
const oneDelivery = 15 * 60;

/** Also knows when each message was sent. */
export interface MessageHistory extends TimingHistory {
  readonly sends: Sends;
  readonly activity: Activity;
  /** Whole seconds since 1970 of each of the sends. */
  readonly sentAt: Uint32Array;
}

/**
 * What people were sent and did, by hours of the week on their own clocks. An answer belongs to the message of its campaign, when
 * it came within 24 hours; what they did besides is their activity. Messages that bounced had no chance, and do not count.
 *
 * @param zones the place in `names` of each contact's zone, in the order of the moments' contacts
 */
export function timingHistory(
  moments: Moments,
  zones: Int32Array,
  names: readonly string[],
  asOf: number,
): MessageHistory {
  const { contacts, seconds, kinds, campaigns } = moments;
  const cells = weekCells(moments, zones, names);
  const until = Math.floor(asOf / 1000);
  const sends = column(seconds.length, contacts.length);
  const acts = column(seconds.length, contacts.length);
  const sentAt = new Uint32Array(seconds.length);
  const inOrder = sorter(moments);
  const used = new Uint8Array(seconds.length);

  for (let row = 0; row < contacts.length; row++) {
    const places = inOrder(row);
    for (let index = 0; index < places.length; index++) {
      const place = places[index];
      if (kinds[place] === sent && used[place] === 0) answer(places, index);
    }
    let lastVisit = -1;
    for (const place of places) {
      const kind = kinds[place];
      if (used[place] !== 0) continue;
      if (kind === visit) {
        const hour = Math.floor(seconds[place] / 3600);
        if (hour === lastVisit) continue;
        lastVisit = hour;
        acts.add(cells[place], reaction.visit, 0);
      } else if (kind === order) acts.add(cells[place], reaction.order, 0);
      else if (kind === open) acts.add(cells[place], reaction.open, 0);
      else if (kind === click || kind === reply) acts.add(cells[place], reaction.click, 0);
    }
    sends.close(row);
    acts.close(row);
  }
  const [sendCells, sendReactions, delays] = sends.done();
  const [actCells, actKinds] = acts.done();
  return {
    contacts: contacts.length,
    sends: { offsets: sends.offsets, cells: sendCells, reactions: sendReactions, delays },
    activity: { offsets: acts.offsets, cells: actCells, kinds: actKinds },
    groups: zones,
    sentAt: sentAt.slice(0, sendCells.length),
  };

  /** What came of the message at `places[index]`; marks what belongs to it. */
  function answer(places: Int32Array, index: number): void {
    const message = places[index];
    const at = seconds[message];
    const campaign = campaigns[message];
    let best = reaction.none;
    let delay = -1;
    let clickedAt = -1;
    for (let later = index + 1; later < places.length; later++) {
      const place = places[later];
      const since = seconds[place] - at;
      if (since >= windowSeconds) break;
      if (used[place] !== 0) continue;
      const kind = kinds[place];
      let came: number = reaction.none;
      if (kind === visit || kind === order) {
        // nothing but an earlier click tells that they are an answer
        if (clickedAt < 0) continue;
        if (kind === visit) {
          if (seconds[place] - clickedAt <= clickVisit) used[place] = 1;
          continue;
        }
        came = reaction.order;
      } else {
        if (campaigns[place] !== campaign) continue;
        if (kind === sent) {
          if (campaign >= 0 || since <= oneDelivery) used[place] = 1;
          if (campaign < 0) break;
          continue;
        }
        if (kind === bounce) {
          used[message] = used[place] = 1;
          return;
        }
        if (kind === machine || (kind === open && isTooFast(at, seconds[place]))) {
          if (best === reaction.none) best = reaction.machine;
          used[place] = 1;
          continue;
        }
        if (kind === open) came = reaction.open;
        else if (kind === click || kind === reply) came = reaction.click;
        else continue;
        if (came === reaction.click && clickedAt < 0) clickedAt = seconds[place];
      }
      used[place] = 1;
      if (delay < 0) {
        const hours = cells[place] - cells[message];
        delay = Math.min(windowHours, hours < 0 ? hours + weekHours : hours);
      }
      if (came > best) best = came;
    }
    used[message] = 1;
    sentAt[sends.count()] = at;
    const watched = Math.min(windowHours, Math.max(0, Math.floor((until - at) / 3600)));
    sends.add(cells[message], best, delay < 0 ? watched : Math.min(delay, unknownDelay));
  }
}

/** Where all times are whole minutes, a second says nothing. */
const isTooFast = (from: number, to: number): boolean =>
  to - from < tooFast && (from % 60 !== 0 || to % 60 !== 0);

/** Gives the places of a contact's moments in the order of time; of one second, messages come first. Valid until the next call. */
function sorter({ offsets, seconds, kinds }: Moments): (row: number) => Int32Array {
  let room = new Int32Array(256);
  return (row) => {
    const from = offsets[row];
    const count = offsets[row + 1] - from;
    if (count > room.length) room = new Int32Array(count * 2);
    const places = room.subarray(0, count);
    for (let index = 0; index < count; index++) places[index] = from + index;
    const later = (one: number, other: number) =>
      seconds[one] - seconds[other] || kinds[one] - kinds[other] || one - other;
    if (count > 64) return places.sort(later);
    for (let index = 1; index < count; index++) {
      const place = places[index];
      let at = index;
      for (; at > 0 && later(places[at - 1], place) > 0; at--) places[at] = places[at - 1];
      places[at] = place;
    }
    return places;
  };
}

/** Entries of three bytes, contact by contact. */
function column(most: number, contacts: number) {
  const values = [0, 1, 2].map(() => new Uint8Array(most)) as [Uint8Array, Uint8Array, Uint8Array];
  const offsets = new Int32Array(contacts + 1);
  let count = 0;
  return {
    offsets,
    count: () => count,
    add(first: number, second: number, third: number): void {
      values[0][count] = first;
      values[1][count] = second;
      values[2][count++] = third;
    },
    close(row: number): void {
      offsets[row + 1] = count;
    },
    done: () => values.map((of) => of.slice(0, count)) as typeof values,
  };
}
