import { noLevel, type Sendings, traitNames } from "./sendings.js";
import { grouped, type Unit } from "./units.js";

/** Something that some items have and others have not. */
export interface Feature {
  readonly factor: string;
  readonly level: string;
  /** Numbers of the units that have it. */
  readonly units: Int32Array;
  readonly comparisons: number;
}

/** Features that are compared with one another (the levels of a factor), or each with its absence (words, style). */
export interface Block {
  readonly factor: string;
  readonly features: readonly Feature[];
  /** Units whose level is too rare to be told apart. */
  readonly rest: Int32Array;
}

/** How often something with a feature can be held against something without it. */
export type Compare = (units: Int32Array) => number;

/** Within groups: of each, the lesser of those with it and those without it. */
export function withinGroups(units: readonly Unit[]): Compare {
  const sizes = new Map<number, number>();
  for (const { group } of units) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  return (own) => {
    const having = new Map<number, number>();
    for (const unit of own) having.set(units[unit].group, (having.get(units[unit].group) ?? 0) + 1);
    let least = 0;
    for (const [group, count] of having) least += Math.min(count, (sizes.get(group) ?? 0) - count);
    return least;
  };
}

/** Of all groups, the lesser of those with it and those without it. */
export function betweenGroups(units: readonly Unit[]): Compare {
  const all = new Set(units.map(({ group }) => group)).size;
  return (own) => {
    const having = new Set(Array.from(own, (unit) => units[unit].group)).size;
    return Math.min(having, all - having);
  };
}

/** The same within each audience, of all audiences together. */
export function withinSegments(units: readonly Unit[]): Compare {
  const bySegment = grouped(units.keys(), (unit) => units[unit].segment);
  const inside = [...bySegment].map(([segment, own]) => {
    const all = new Set(own.map((unit) => units[unit].group)).size;
    return { segment, all };
  });
  return (own) => {
    let least = 0;
    for (const { segment, all } of inside) {
      const having = new Set<number>();
      for (const unit of own) if (units[unit].segment === segment) having.add(units[unit].group);
      least += Math.min(having.size, all - having.size);
    }
    return least;
  };
}

export interface ColumnOptions {
  readonly compare: Compare;
  readonly comparisons: number;
  readonly terms: number;
}

/** The blocks of what can be compared often enough. Words that always come together are one. */
export function blocksOf(
  sendings: Sendings,
  units: readonly Unit[],
  { compare, comparisons, terms }: ColumnOptions,
): Block[] {
  const { words, traits, levels, vocabulary, factors } = sendings;
  const collect = (count: number, having: (unit: Unit) => Iterable<number>): Int32Array[] => {
    const lists = Array.from({ length: count }, (): number[] => []);
    for (const [at, unit] of units.entries()) for (const one of having(unit)) lists[one].push(at);
    return lists.map((list) => Int32Array.from(list));
  };
  const compared = (factor: string, names: readonly string[], lists: readonly Int32Array[]) =>
    names
      .map((level, at) => {
        const own = lists[at];
        return {
          factor,
          level,
          units: own,
          comparisons: own.length < comparisons ? 0 : compare(own),
        };
      })
      .filter((feature) => feature.comparisons >= comparisons);
  const found: Block[] = [];
  if (words.length > 0) {
    const lists = collect(vocabulary.length, ({ item }) => words[item]);
    const often = compared("term", vocabulary, lists).sort(
      (left, right) => right.comparisons - left.comparisons || (left.level < right.level ? -1 : 1),
    );
    const styles = collect(traitNames.length, ({ item }) => traits[item]);
    const all = together([...often.slice(0, terms), ...compared("style", traitNames, styles)]);
    found.push(...paired(all, units.length));
  }
  for (const [at, { name, levels: names }] of factors.entries()) {
    const lists = collect(names.length, ({ item }) => [levels[item][at]]);
    const features = compared(name, names, lists).sort(
      (left, right) => Number(left.level === noLevel) - Number(right.level === noLevel),
    );
    if (features.length === 0) continue;
    const named = new Set(features.flatMap(({ units: own }) => Array.from(own)));
    const rest = Int32Array.from(units.keys()).filter((unit) => !named.has(unit));
    found.push({ factor: name, features, rest });
  }
  return found;
}

function together(features: readonly Feature[]): Feature[] {
  const found = new Map<string, Feature>();
  for (const feature of features) {
    const key = feature.units.join(" ");
    const known = found.get(key);
    found.set(key, known ? { ...known, level: `${known.level} + ${feature.level}` } : feature);
  }
  return [...found.values()];
}

/**
 * A block for each, and one for two of which every unit has either: neither could be told from the other's absence. Blocks of one factor are
 * neighbours.
 */
function paired(features: readonly Feature[], units: number): Block[] {
  const byUnits = new Map(features.map((feature) => [feature.units.join(" "), feature]));
  const taken = new Set<Feature>();
  const blocks: Block[] = [];
  for (const feature of features) {
    if (taken.has(feature)) continue;
    const own = new Set(feature.units);
    const others = Array.from({ length: units }, (_, unit) => unit).filter(
      (unit) => !own.has(unit),
    );
    const other = byUnits.get(others.join(" "));
    const both = other && !taken.has(other) ? [feature, other] : [feature];
    for (const one of both) taken.add(one);
    blocks.push({ factor: feature.factor, features: both, rest: new Int32Array(0) });
  }
  return blocks;
}
