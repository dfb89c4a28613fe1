import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { random } from "@inchworm/learn";
import { dayOf, dayText } from "./days.js";
import { historyOf } from "./history.js";
import { type ValueFileOptions, valueFile } from "./value-file.js";

export type Order = readonly [customer: string, day: number, amount?: number | undefined];

export const begin = dayOf("--until", "2023-01-01");

export function history(orders: readonly Order[]) {
  const levels = [...new Set(orders.map(([customer]) => customer))].sort();
  return historyOf({
    rows: orders.length,
    customers: { levels, codes: Int32Array.from(orders, ([who]) => levels.indexOf(who)) },
    days: Float64Array.from(orders, ([, day]) => day),
    ...(orders[0].length > 2 && {
      amounts: Float64Array.from(orders, ([, , amount]) => amount ?? Number.NaN),
    }),
  });
}

let files = 0;

/** Runs the command's work on these orders, written as a file into the folder. */
export function worthOf(
  folder: string,
  orders: readonly Order[],
  options: Partial<ValueFileOptions> = {},
) {
  const path = join(folder, `${files++}.csv`);
  const lines = orders.map(([who, day, amount]) => `${who},${dayText(day)},${amount ?? ""}`);
  writeFileSync(path, `id,day,spend\n${lines.join("\n")}\n`);
  return valueFile(path, {
    customer: "id",
    date: "day",
    amount: "spend",
    horizonDays: 365,
    signal: new AbortController().signal,
    onProgress() {},
    ...options,
  });
}

/** A shop whose customers buy at gamma rates, spend at gamma means, and leave at a constant hazard (0: nobody does). */
export function shop(customers: number, hazard: number, days = 500, seed = 1): Order[] {
  const { uniform, normal } = random(seed);
  const exponential = (rate: number) => -Math.log(1 - uniform()) / rate;
  const orders: Order[] = [];
  for (let customer = 0; customer < customers; customer++) {
    const rate = (exponential(1) + exponential(1)) / 60;
    const mean = 20 * Math.exp(0.5 * normal());
    const leaves = hazard > 0 ? exponential(hazard) : Number.POSITIVE_INFINITY;
    const start = Math.floor(uniform() * 100);
    for (let at = 0; at <= leaves && start + at < days; at += exponential(rate))
      orders.push([
        `c${customer}`,
        begin + Math.floor(start + at),
        Math.round(100 * mean * Math.exp(0.3 * normal())) / 100,
      ]);
  }
  return orders;
}
