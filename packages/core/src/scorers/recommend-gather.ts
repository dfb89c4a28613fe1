import type { Interactions as Pairs } from "@inchworm/store";
import type { Goods } from "./recommend-goods.js";
import { type Past, type PastRules, pastOf, repeatCounts } from "./recommend-past.js";

export interface GatherOptions {
  /** What the items of the pairs are, given their ids. */
  readonly goods: (ids: readonly string[]) => Goods;
  /** Who is asked about, ascending. Defaults to all who have any pair. */
  readonly contacts?: Int32Array;
  readonly rules: PastRules;
  /** 1 = an item that buyers come back for. Defaults to none: right where nobody asks what is banned. */
  readonly repeat?: Uint8Array;
  readonly asOf: number;
  readonly onPart?: (part: Pairs) => void;
}

export interface GatheredPast extends Past {
  readonly contacts: Int32Array;
  readonly goods: Goods;
  /** 1 = an item that buyers come back for, as these pairs tell. */
  readonly repeat: Uint8Array;
}

/** Everybody's past, part by part: pairs are read once, and what models read of them is in memory once. */
export async function gatherPast(
  parts: AsyncIterable<Pairs>,
  { goods: goodsFor, contacts, rules, repeat, asOf, onPart }: GatherOptions,
): Promise<GatheredPast> {
  const people = growing<Int32Array>((length) => new Int32Array(length));
  const pointers = growing<Int32Array>((length) => new Int32Array(length));
  const banPointers = growing<Int32Array>((length) => new Int32Array(length));
  const users = growing<Int32Array>((length) => new Int32Array(length));
  const items = growing<Int32Array>((length) => new Int32Array(length));
  const weights = growing<Float32Array>((length) => new Float32Array(length));
  const times = growing<Float64Array>((length) => new Float64Array(length));
  const bought = growing<Uint8Array>((length) => new Uint8Array(length));
  const bans = growing<Int32Array>((length) => new Int32Array(length));
  let goods: Goods | undefined;
  let counts: ReturnType<typeof repeatCounts> | undefined;
  let first = 0;
  const add = (part: Pairs, whose: Int32Array): void => {
    goods ??= goodsFor(part.ids);
    counts ??= repeatCounts(goods);
    counts.add(part);
    const past = pastOf(
      part,
      whose,
      goods,
      repeat ?? new Uint8Array(goods.ids.length),
      rules,
      asOf,
    );
    const base = users.length();
    const { interactions } = past;
    users.append(interactions.users.map((user) => user + first));
    items.append(interactions.items);
    weights.append(interactions.weights ?? new Float32Array(interactions.users.length).fill(1));
    times.append(interactions.times ?? new Float64Array(interactions.users.length));
    bought.append(past.bought);
    pointers.append(past.pointers.subarray(0, whose.length).map((pointer) => pointer + base));
    banPointers.append(
      past.banPointers.subarray(0, whose.length).map((pointer) => pointer + bans.length()),
    );
    bans.append(past.banItems);
    people.append(whose);
    first += whose.length;
  };
  let last: Pairs | undefined;
  for await (const part of parts) {
    onPart?.(part);
    last = part;
    if (!contacts) add(part, part.contacts);
    else if (part.contacts.length > 0)
      add(
        part,
        contacts.subarray(first, placeBehind(contacts, part.contacts[part.contacts.length - 1])),
      );
  }
  if (contacts && last) add(nothingOf(last), contacts.subarray(first));
  pointers.append(Int32Array.of(users.length()));
  banPointers.append(Int32Array.of(bans.length()));
  const [banItems, banStarts] = [bans.done(), banPointers.done()];
  const own = goods ?? goodsFor([]);
  return {
    contacts: people.done(),
    goods: own,
    repeat: counts?.repeat() ?? new Uint8Array(own.ids.length),
    interactions: {
      userCount: first,
      itemCount: own.ids.length,
      users: users.done(),
      items: items.done(),
      weights: weights.done(),
      times: times.done(),
    },
    pointers: pointers.done(),
    bought: bought.done(),
    banPointers: banStarts,
    banItems,
    banned: (user) => banItems.subarray(banStarts[user], banStarts[user + 1]),
  };
}

/** The place behind all contacts up to this one. */
function placeBehind(contacts: Int32Array, contact: number): number {
  const found = contacts.findIndex((one) => one > contact);
  return found < 0 ? contacts.length : found;
}

const nothingOf = ({ ids }: Pairs): Pairs => ({
  ids,
  contacts: new Int32Array(0),
  offsets: new Int32Array(1),
  rows: new Int32Array(0),
  items: new Int32Array(0),
  weights: new Float32Array(0),
  times: new Float64Array(0),
  bought: new Int32Array(0),
  boughtOn: new Int32Array(0),
});

type Column = Int32Array | Float32Array | Float64Array | Uint8Array;

/** A column that is added to piece by piece. */
function growing<T extends Column>(make: (length: number) => T) {
  let pieces: T[] = [];
  let length = 0;
  return {
    length: (): number => length,
    append(values: T): void {
      pieces.push(values);
      length += values.length;
    },
    /** The whole; the pieces are let go of. */
    done(): T {
      const whole = make(length);
      let at = 0;
      for (const piece of pieces) {
        whole.set(piece, at);
        at += piece.length;
      }
      pieces = [];
      return whole;
    },
  };
}
