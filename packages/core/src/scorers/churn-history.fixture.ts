import { random } from "@inchworm/learn";
import type { EventRule, FeatureOptions, FeatureTable, Labels } from "@inchworm/store";
import type { History } from "../scorer.js";
import { day } from "../windows.js";

/** Days since 1970, with fractions, ascending. */
export interface MadeUpPerson {
  readonly created: number;
  readonly order?: readonly number[];
  readonly visit?: readonly number[];
  readonly open?: readonly number[];
  readonly form?: readonly number[];
  readonly unsubscribe?: readonly number[];
}

const none: readonly number[] = [];
const eventsOf = (person: MadeUpPerson, type: EventRule["type"]): readonly number[] =>
  (person as unknown as Record<string, readonly number[] | undefined>)[type] ?? none;

/** A history in memory; contact ids are the indexes. `features` tells a dozen of the store's. */
export function madeUpHistory(people: readonly MadeUpPerson[], labels?: Partial<Labels>): History {
  const all = people.flatMap((person) => [
    ...eventsOf(person, "order"),
    ...eventsOf(person, "visit"),
    ...eventsOf(person, "open"),
  ]);
  const range = all.reduce(
    ({ first, last }, at) => ({ first: Math.min(first, at * day), last: Math.max(last, at * day) }),
    { first: Infinity, last: -Infinity },
  );
  const history = {
    summary: async (until = Infinity) => ({
      contacts: people.filter(({ created }) => created * day < until).length,
      ...(all.length > 0 && range),
    }),
    async ordersBetween(from: number, to: number) {
      const { contacts } = await history.reached({ events: [{ type: "order" }], from, to });
      return { contacts };
    },
    async reached({
      events,
      from,
      to,
    }: {
      events: readonly EventRule[];
      from: number;
      to: number;
    }) {
      const did = people.map((person) =>
        events.some(({ type }) =>
          eventsOf(person, type).some((at) => at * day >= from && at * day < to),
        ),
      );
      return { contacts: Int32Array.from(people.keys()).filter((contact) => did[contact]) };
    },
    labels: async (): Promise<Labels> => ({
      contacts: new Int32Array(0),
      at: new Float64Array(0),
      labels: new Uint8Array(0),
      origins: {},
      ...labels,
    }),
    async features({ asOf, orderedSince, columns }: FeatureOptions): Promise<FeatureTable> {
      const contacts: number[] = [];
      const rows: Readonly<Record<string, number>>[] = [];
      for (const [contact, person] of people.entries()) {
        if (person.created * day >= asOf) continue;
        const values = featuresOf(person, asOf / day);
        if (orderedSince !== undefined && !(values.days_since_order <= (asOf - orderedSince) / day))
          continue;
        contacts.push(contact);
        rows.push(values);
      }
      const names = columns ?? Object.keys(featuresOf({ created: 0 }, 1));
      return {
        rows: rows.length,
        contacts: Int32Array.from(contacts),
        columns: names.map((name) => ({
          name,
          kind: "number" as const,
          values: Float32Array.from(rows, (row) => row[name]),
        })),
      };
    },
  };
  return history as unknown as History;
}

function featuresOf(person: MadeUpPerson, now: number): Readonly<Record<string, number>> {
  const past = (type: EventRule["type"]) => eventsOf(person, type).filter((at) => at < now);
  const within = (events: readonly number[], days: number) =>
    events.filter((at) => at >= now - days).length;
  const since = (events: readonly number[]) => now - (events.at(-1) ?? Number.NaN);
  const [orders, visits, opens] = [past("order"), past("visit"), past("open")];
  const span = (orders.at(-1) ?? Number.NaN) - orders[0];
  return {
    tenure_days: now - person.created,
    days_since_order: since(orders),
    days_since_first_order: now - (orders[0] ?? Number.NaN),
    orders_90d: within(orders, 90),
    orders_365d: within(orders, 365),
    orders_total: orders.length,
    gap_mean_days: orders.length > 1 ? span / (orders.length - 1) : Number.NaN,
    opens_90d: within(opens, 90),
    days_since_open: since(opens),
    days_since_visit: since(visits),
    visits_90d: within(visits, 90),
    active_days_90d: new Set([...visits, ...opens].filter((at) => at >= now - 90).map(Math.floor))
      .size,
  };
}

export interface PeopleOptions {
  readonly people: number;
  readonly seed: number;
  readonly historyDays?: number;
  readonly futureDays?: number;
  /**
   * "noise": everybody orders and visits at one rate for ever. "visits": most stop ordering one day, and 20 days before they
   * stop visiting. "leads": every other visit leads to an order within 40 days. "idle leads": they order out of the blue.
   */
  readonly kind: "noise" | "visits" | "leads" | "idle leads";
}

const today = 20_000;
export const asOf = today * day;

export function madeUpPeople(options: PeopleOptions): MadeUpPerson[] {
  const { people, seed, historyDays = 540, futureDays = 60, kind } = options;
  const { uniform } = random(seed);
  const start = today - historyDays;
  const end = today + futureDays;
  /** A Poisson process from `from` to `to`, one event in so many days. */
  const events = (gap: number, from: number, to: number): number[] => {
    const found: number[] = [];
    const wait = () => -gap * Math.log(1 - uniform());
    for (let at = from + wait(); at < to; at += wait()) found.push(at);
    return found;
  };
  return Array.from({ length: people }, (): MadeUpPerson => {
    if (kind === "leads" || kind === "idle leads") {
      const created = start + uniform() * historyDays;
      const visit = events(60, created, end);
      const open = events(30, created, end);
      const cause = visit.find(() => uniform() < 0.5) ?? Infinity;
      const at =
        kind === "leads" ? cause + 40 * uniform() : (events(250, created, end)[0] ?? Infinity);
      return { created, visit, open, order: at < end ? [at] : [] };
    }
    const open = events(20, start, end);
    if (kind === "noise")
      return {
        created: start,
        order: [start, ...events(45, start, end)],
        visit: events(15, start, end),
        open,
      };
    const stops = uniform() < 0.7 ? start + uniform() * (end - start) : Infinity;
    return {
      created: start,
      order: [start, ...events(22, start, Math.min(end, stops))],
      visit: events(4, start, Math.min(end, stops - 20)),
      open,
    };
  });
}
