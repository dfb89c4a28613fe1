import type { Sendings } from "./sendings.js";

/** An item as it did at one occasion. */
export interface Unit {
  readonly group: number;
  readonly item: number;
  readonly segment: number;
  readonly shown: number;
  readonly clicked: number;
  /** The first row it is made of. */
  readonly row: number;
}

/** One unit per group, segment and item. */
export function unitsOf(sendings: Sendings): Unit[] {
  const { rows, group, segment, item, shown, clicked } = sendings;
  const found = new Map<string, { -readonly [Key in keyof Unit]: Unit[Key] }>();
  for (let row = 0; row < rows; row++) {
    const key = `${group[row]} ${segment[row]} ${item[row]}`;
    const unit = found.get(key);
    if (unit) {
      unit.shown += shown[row];
      unit.clicked += clicked[row];
    } else
      found.set(key, {
        group: group[row],
        item: item[row],
        segment: segment[row],
        shown: shown[row],
        clicked: clicked[row],
        row,
      });
  }
  return [...found.values()];
}

/**
 * Items of one test held against one another before the same people: one unit per test and item, its clicks as they would be had each audience
 * the same share in every item (direct standardisation). Only audiences count that were shown all items of the test; where there is none, the
 * audience that was shown most of them, and those items alone. Tests of one item say nothing.
 */
export function comparable(units: readonly Unit[]): Unit[] {
  return [...grouped(units, ({ group }) => group).values()].flatMap(standardised);
}

/** Things by their keys, in the order in which keys come. */
export function grouped<Thing, Key>(
  things: Iterable<Thing>,
  keyOf: (thing: Thing) => Key,
): Map<Key, Thing[]> {
  const found = new Map<Key, Thing[]>();
  for (const thing of things) {
    const key = keyOf(thing);
    const list = found.get(key);
    if (list) list.push(thing);
    else found.set(key, [thing]);
  }
  return found;
}

function standardised(units: readonly Unit[]): Unit[] {
  const items = new Set(units.map(({ item }) => item));
  if (items.size < 2) return [];
  const bySegment = grouped(units, ({ segment }) => segment);
  const whole = [...bySegment.values()].filter((own) => own.length === items.size);
  const cells =
    whole.length > 0
      ? whole
      : [[...bySegment.values()].reduce((most, own) => (own.length > most.length ? own : most))];
  if (cells[0].length < 2) return [];
  if (cells.length === 1) return cells[0];
  const all = sum(cells.flat(), "shown");
  const audiences = cells.map((own) => {
    const shown = sum(own, "shown");
    return {
      share: shown / all,
      rate: (sum(own, "clicked") + 0.5) / (shown + 1),
      of: new Map(own.map((unit) => [unit.item, unit])),
    };
  });
  return [...items].map((item) => {
    let rate = 0;
    let expected = 0;
    let variance = 0;
    for (const { share, rate: pooled, of } of audiences) {
      const { shown, clicked } = of.get(item) as Unit;
      rate += (share * clicked) / shown;
      expected += share * pooled;
      variance += (share * share * pooled * (1 - pooled)) / shown;
    }
    const shown = (expected * (1 - expected)) / variance;
    return { ...(audiences[0].of.get(item) as Unit), segment: -1, shown, clicked: rate * shown };
  });
}

const sum = (units: readonly Unit[], what: "shown" | "clicked"): number =>
  units.reduce((total, unit) => total + unit[what], 0);
