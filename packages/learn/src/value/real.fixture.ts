import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { Purchases, Spending } from "./types.js";

const folder = new URL("../../../../../shared/data/", import.meta.url);

/** Whether the benchmark data lie beside the repository; tests on them are skipped where they do not. */
export const haveData = existsSync(folder);

export interface Shop {
  readonly purchases: Purchases;
  /** Of the purchases after the first, up to the split. */
  readonly spending: Spending;
  /** Days with a purchase after the split, up to the end. */
  readonly later: Float64Array;
}

const day = 86_400_000;

/** CDNOW's tenth, 1997-01-01 to 1998-06-30, split after 39 weeks. */
export function cdnow(): Shop {
  const lines = read("cdnow-sample/CDNOW_sample.txt").trim().split("\n");
  const orders = lines.map((line): Order => {
    const [, customer, date, , dollars] = line.trim().split(/\s+/);
    const iso = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6, 8)}`;
    return [customer, Date.parse(iso) / day, Number(dollars)];
  });
  return shop(orders, "1997-09-30", "1998-06-30");
}

/** Online Retail, split after 2011-06-30; cancellations and what costs nothing are no purchases. */
export function onlineRetail(): Shop {
  const lines = read("online-retail/online_retail_dev.csv.gz").trim().split("\n").slice(1);
  const orders = lines.flatMap((line): Order[] => {
    const found = line.match(/,(-?\d+),(\d{4}-\d\d-\d\d) [^,]*,(-?[\d.]+),(\d+),[^,]*$/);
    if (!found) return []; // no customer
    const [quantity, price] = [Number(found[1]), Number(found[3])];
    if (!(quantity > 0 && price > 0)) return [];
    return [[found[4], Date.parse(found[2]) / day, quantity * price]];
  });
  return shop(orders, "2011-06-30", "2011-12-08");
}

type Order = [customer: string, day: number, amount: number];

function shop(orders: readonly Order[], until: string, end: string): Shop {
  const [split, last] = [Date.parse(until) / day, Date.parse(end) / day];
  const customers = new Map<string, Map<number, number>>();
  for (const [customer, at, amount] of orders) {
    const days = customers.get(customer) ?? new Map<number, number>();
    days.set(at, (days.get(at) ?? 0) + amount);
    customers.set(customer, days);
  }
  const rows = Array.from(customers.values(), (days) => {
    const all = [...days.keys()].sort((one, other) => one - other);
    const known = all.filter((at) => at <= split);
    const spent = known.slice(1).reduce((sum, at) => sum + (days.get(at) ?? 0), 0);
    return { all, known, spent };
  }).filter(({ known }) => known.length > 0);
  const frequency = Float64Array.from(rows, ({ known }) => known.length - 1);
  return {
    purchases: {
      rows: rows.length,
      frequency,
      recency: Float64Array.from(rows, ({ known }) => (known[known.length - 1] - known[0]) / 7),
      age: Float64Array.from(rows, ({ known }) => (split - known[0]) / 7),
    },
    spending: {
      rows: rows.length,
      frequency,
      monetary: Float64Array.from(rows, ({ known, spent }) => spent / (known.length - 1)),
    },
    later: Float64Array.from(
      rows,
      ({ all }) => all.filter((at) => at > split && at <= last).length,
    ),
  };
}

function read(file: string): string {
  const bytes = readFileSync(new URL(file, folder));
  return (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
}

export function total(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** Mean absolute error. */
export function absoluteError(predicted: Float64Array, happened: Float64Array): number {
  return total(predicted.map((value, row) => Math.abs(value - happened[row]))) / happened.length;
}
