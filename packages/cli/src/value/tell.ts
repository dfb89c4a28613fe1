import { format, plural } from "../terminal.js";
import type { Judged } from "./backtest.js";
import type { ValueCard } from "./card.js";

const names: Readonly<Record<string, string>> = {
  "bg-nbd": "BG/NBD",
  "mbg-nbd": "MBG/NBD",
  "pareto-nbd": "Pareto/NBD",
  "gamma-gamma": "Gamma-Gamma",
};

/** A model's name as its paper has it. */
export const titleOf = (name: string): string => names[name] ?? name;

export const amount = (value: number): string =>
  Math.abs(value) < 100 ? value.toFixed(2) : format(value);

const share = (part: number): string => `${Math.round(100 * part)} %`;

/** What was found, in sentences for whoever sells to these customers. */
export function valueSentences(card: ValueCard): string[] {
  const { customers, orders, revenue, backtest, forecast, horizonDays, limit, until } = card;
  const spent = revenue === null ? "" : `, worth ${amount(revenue)}`;
  const worth =
    forecast.value === null
      ? ""
      : `, worth ${amount(forecast.value)} (${amount(forecast.value / customers)} per customer)`;
  const sentences = [
    `${plural(customers, "customer")} placed ${plural(orders, "order")}${spent}, from ${card.first} to ${until}.`,
    `In the ${plural(horizonDays, "day")} after ${until} expect about ${plural(Math.round(forecast.orders), "order")} from them${worth}; the best tenth of the customers brings ${share(forecast.topTenth)} of it.`,
    limit === "nobody-drops-out"
      ? "Nobody drops out: these orders show no customer leaving for good. All count as active, and differ only in how often they order."
      : `About ${plural(Math.round(forecast.active), "customer")} (${share(forecast.active / customers)}) ${Math.round(forecast.active) === 1 ? "is" : "are"} likely to be active still.`,
  ];
  if (backtest.orders) {
    sentences.push(
      `Tested on what came after ${backtest.until}, up to ${backtest.to}, which the forecast had not seen: ${verdict("orders", backtest.customers, backtest.orders, (value) => value.toFixed(4))}`,
    );
    if (backtest.value)
      sentences.push(`Value: ${verdict("value", backtest.customers, backtest.value, amount)}`);
  }
  return sentences;
}

/** Below so many, an interval that takes errors for normal promises too much. */
const fewCustomers = 20;

/** Off by so much, the best rule by so much, and whether that is beyond doubt. */
function verdict(
  what: "orders" | "value",
  customers: number,
  { mae, ruleMae, rule, gain, expected, came, againMae }: Judged,
  text: (value: number) => string,
): string {
  const unit = what === "orders" ? " orders" : "";
  const sure =
    customers < fewCustomers
      ? "too few customers to tell which is better"
      : gain.low > 0
        ? "better beyond doubt"
        : gain.high < 0
          ? "worse than the rule, so rather use that"
          : "no difference beyond doubt";
  const again =
    againMae !== null && againMae < mae
      ? ` Doing again what they did in as many days before was off by less, ${text(againMae)}.`
      : "";
  return `off by ${text(mae)}${unit} per customer, the best simple rule (${rule}) by ${text(ruleMae)}: ${sure}. All together ${amount(expected)} were expected and ${amount(came)} came.${again}`;
}
