import { random } from "@inchworm/learn";
import type { FeatureOptions, FeatureTable, OrderDaysOptions } from "@inchworm/store";
import type { History } from "../scorer.js";
import { day } from "../windows.js";

/** An order of a made-up customer: the day since 1970 and what was spent. */
export interface MadeUpOrder {
  readonly day: number;
  readonly spend: number;
}

/** Every customer's orders, ascending; contact ids are the indexes. */
export type MadeUpOrders = readonly (readonly MadeUpOrder[])[];

/** A history in memory, with the few features that can be read off orders. */
export function inMemoryHistory(
  customers: MadeUpOrders,
  {
    currencies = [],
    countries = [],
  }: { readonly currencies?: readonly string[]; readonly countries?: readonly string[] } = {},
): History {
  const all = customers.flat();
  const before = (customer: readonly MadeUpOrder[], asOf: number) =>
    customer.filter((order) => order.day * day < asOf);
  return {
    async summary() {
      const days = all.map((order) => order.day);
      const range = days.length > 0 && {
        first: days.reduce((least, one) => Math.min(least, one), Infinity) * day,
        last: days.reduce((most, one) => Math.max(most, one), -Infinity) * day,
      };
      return {
        contacts: customers.length,
        orders: all.length,
        engagements: 0,
        events: all.length,
        profilingDenied: 0,
        currencies,
        rows: {} as never,
        ...range,
      };
    },
    async orderDays({ asOf }: OrderDaysOptions) {
      const contacts: number[] = [];
      const offsets = [0];
      const days: number[] = [];
      const spend: number[] = [];
      for (const [contact, customer] of customers.entries()) {
        const known = before(customer, asOf);
        if (known.length === 0) continue;
        contacts.push(contact);
        for (const order of known) {
          if (days.length > offsets[offsets.length - 1] && days[days.length - 1] === order.day)
            spend[spend.length - 1] += order.spend;
          else {
            days.push(order.day);
            spend.push(order.spend);
          }
        }
        offsets.push(days.length);
      }
      return {
        contacts: Int32Array.from(contacts),
        offsets: Int32Array.from(offsets),
        days: Int32Array.from(days),
        spend: Float64Array.from(spend),
      };
    },
    async profiles() {
      const levels = [...new Set(countries)].sort();
      return {
        rows: customers.length,
        contacts: Int32Array.from(customers.keys()),
        columns: [
          {
            name: "country" as const,
            kind: "category" as const,
            codes: Int32Array.from(customers, (_, row) => levels.indexOf(countries[row])),
            levels,
          },
        ],
      };
    },
    async ordersBetween(from: number, to: number) {
      const rows = customers.flatMap((customer, contact) => {
        const within = customer.filter((order) => order.day * day >= from && order.day * day < to);
        const spend = within.reduce((sum, order) => sum + order.spend, 0);
        return within.length > 0 ? [{ contact, orders: within.length, spend }] : [];
      });
      return {
        contacts: Int32Array.from(rows, (row) => row.contact),
        orders: Int32Array.from(rows, (row) => row.orders),
        spend: Float64Array.from(rows, (row) => row.spend),
      };
    },
    async features({
      asOf,
      orderedSince = -Infinity,
      columns,
    }: FeatureOptions): Promise<FeatureTable> {
      const rows = customers.flatMap((customer, contact) => {
        const known = before(customer, asOf);
        const last = known.at(-1)?.day ?? Number.NaN;
        if (orderedSince > -Infinity && !(last * day >= orderedSince)) return [];
        const spend = known.reduce((sum, order) => sum + order.spend, 0);
        const since = (from: number) => (asOf - from * day) / day;
        return [
          {
            contact,
            values: {
              orders_total: known.length,
              orders_90d: known.filter((order) => since(order.day) <= 90).length,
              days_since_order: since(last),
              days_since_first_order: since(known[0]?.day ?? Number.NaN),
              spend_total: spend,
              average_order_value: spend / known.length,
            } as Readonly<Record<string, number>>,
          },
        ];
      });
      const names = columns ?? Object.keys(rows[0]?.values ?? {});
      return {
        rows: rows.length,
        contacts: Int32Array.from(rows, (row) => row.contact),
        columns: names.map((name) => ({
          name,
          kind: "number" as const,
          values: Float32Array.from(rows, (row) => row.values[name] ?? Number.NaN),
        })),
      };
    },
  } as unknown as History;
}

export interface PlantedCustomers {
  /** Up to `asOf` and `futureDays` beyond it. */
  readonly orders: MadeUpOrders;
  readonly asOf: number;
}

export interface PlantedOptions {
  readonly customers: number;
  readonly seed: number;
  readonly historyDays?: number;
  readonly futureDays?: number;
  /**
   * "alike": everybody orders at one rate for ever and spends alike, so that there is nothing to tell apart; "loyal": customers
   * differ, but order often and never leave.
   */
  readonly kind?: "varied" | "alike" | "loyal";
}

/**
 * Customers of the BG/NBD model with gamma-gamma spending (Fader, Hardie & Lee 2005): rates of gamma(1, 40 days), a chance to
 * stop after each order of beta(1, 4), and a mean spend of the customer's own.
 */
export function plantedCustomers(options: PlantedOptions): PlantedCustomers {
  const { customers, seed, historyDays = 720, futureDays = 180, kind = "varied" } = options;
  const { uniform, normal } = random(seed);
  const gamma = (shape: number): number => {
    if (shape < 1) return gamma(shape + 1) * uniform() ** (1 / shape);
    const third = shape - 1 / 3;
    for (;;) {
      const x = normal();
      const cube = (1 + x / Math.sqrt(9 * third)) ** 3;
      if (cube > 0 && Math.log(1 - uniform()) < 0.5 * x * x + third * (1 - cube + Math.log(cube)))
        return third * cube;
    }
  };
  const asOfDay = 20_000;
  const orders = Array.from({ length: customers }, () => {
    const alike = kind === "alike";
    const loyal = kind === "loyal";
    const rate = alike ? 1 / 60 : loyal ? gamma(3) / 60 : gamma(1) / 40;
    const stops = gamma(1);
    const stop = alike || loyal ? 0 : stops / (stops + gamma(4));
    const scale = alike ? 8 : 30 / gamma(4);
    let time = asOfDay - historyDays * uniform();
    const own: MadeUpOrder[] = [];
    while (time < asOfDay + futureDays) {
      own.push({ day: Math.floor(time), spend: Math.round(scale * gamma(6) * 100) / 100 });
      if (uniform() < stop) break;
      time += -Math.log(1 - uniform()) / rate;
    }
    return own;
  });
  return { orders, asOf: asOfDay * day };
}
