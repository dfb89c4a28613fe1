import type { Customers } from "./customers.js";
import { dayText } from "./days.js";
import { type Forecast, percentiles } from "./forecast.js";

const atOnce = 8192;

/** One line per customer as CSV, many at a time, in the order of the ids. */
export function* forecastLines(
  levels: readonly string[],
  customers: Customers,
  forecast: Forecast,
): Generator<string> {
  const { codes, first, last, purchases, spent } = customers;
  const { orders, alive, value } = forecast;
  const { low, middle, high } = forecast.interval();
  const percentile = percentiles(value ?? orders);
  const what = value ? "value" : "orders";
  const names = ["customer", "expected_orders"];
  if (value) names.push("expected_value");
  names.push(
    `${what}_low`,
    `${what}_middle`,
    `${what}_high`,
    "probability_alive",
    "percentile",
    "orders_so_far",
  );
  if (value) names.push("value_so_far");
  names.push("first_order", "last_order");
  let lines = [names.join(",")];
  for (let row = 0; row < customers.rows; row++) {
    const cells: (string | number)[] = [quoted(levels[codes[row]]), rounded(orders[row], 4)];
    if (value) cells.push(rounded(value[row], 2));
    cells.push(
      rounded(low[row], 2),
      rounded(middle[row], 2),
      rounded(high[row], 2),
      rounded(alive[row], 4),
      rounded(percentile[row], 1),
      purchases.frequency[row] + 1,
    );
    if (value) cells.push(rounded(spent[row], 2));
    cells.push(dayText(first[row]), dayText(last[row]));
    lines.push(cells.join(","));
    if (lines.length < atOnce) continue;
    yield `${lines.join("\n")}\n`;
    lines = [];
  }
  if (lines.length > 0) yield `${lines.join("\n")}\n`;
}

const rounded = (value: number, digits: number): number => {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
};

const quoted = (text: string): string =>
  /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
