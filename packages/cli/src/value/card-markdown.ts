import type { Measured } from "@inchworm/spec";
import type { Judged } from "./backtest.js";
import type { FittedModel, ValueCard } from "./card.js";
import { amount, titleOf, valueSentences } from "./tell.js";

/** A card for people: what was found first, then the numbers behind it. */
export function valueMarkdown(card: ValueCard): string {
  const { backtest, models, notes } = card;
  const lines = [`# What ${card.customers} customers will be worth`, ""];
  for (const sentence of valueSentences(card)) lines.push(sentence, "");
  lines.push(card.because, "");
  if (backtest.orders) {
    lines.push(
      `## Forecast at the end of ${backtest.until}, held against what came up to ${backtest.to}`,
      "",
      "| mean absolute error per customer | orders | value |",
      "|---|---|---|",
      row("the model's middle forecast", (judged) => measured(judged.interval), backtest),
      row("the model's expectation", (judged) => amount4(judged.expectedMae), backtest),
      ...Object.keys(backtest.orders.rules).map((name) =>
        row(name, (judged) => amount4(judged.rules[name]), backtest),
      ),
      ...(backtest.orders.againMae === null
        ? []
        : [
            row(
              "the same again as in as many days before (no rule here)",
              (judged) => (judged.againMae === null ? "" : amount4(judged.againMae)),
              backtest,
            ),
          ]),
      row("best rule less model", (judged) => measured(judged.gain), backtest),
      row("share within the 80 % interval", (judged) => judged.coverage.toFixed(3), backtest),
      "",
      `${backtest.customers} customers; intervals are 95 %. The best rule was picked by looking at the outcome, the model was not.`,
      "",
    );
  }
  lines.push(
    `## Models, fitted to what came up to ${card.until}`,
    "",
    "Times in weeks.",
    "",
    "| model | parameters (95 %) | log likelihood | customers |",
    "|---|---|---|---|",
    ...models.map(modelRow),
    "",
    ...notes.map((note) => `- ${note}`),
  );
  return `${lines.join("\n").trimEnd()}\n`;
}

const amount4 = (value: number): string =>
  Math.abs(value) < 10 ? value.toFixed(4) : amount(value);
const measured = ({ value, low, high }: Measured): string =>
  `${amount4(value)} (${amount4(low)} to ${amount4(high)})`;

const row = (
  name: string,
  text: (judged: Judged) => string,
  { orders, value }: ValueCard["backtest"],
): string => `| ${name} | ${orders ? text(orders) : ""} | ${value ? text(value) : ""} |`;

function modelRow({ name, parameters, intervals, logLikelihood, customers, limit }: FittedModel) {
  const texts = Object.entries(parameters).map(
    ([letter, value]) =>
      `${letter} ${significant(value)} (${significant(intervals[letter].low)} to ${significant(intervals[letter].high)})`,
  );
  const end = limit === undefined ? "" : ` (${limit.replaceAll("-", " ")})`;
  return `| ${titleOf(name)}${end} | ${texts.join(", ")} | ${logLikelihood.toFixed(2)} | ${customers} |`;
}

const significant = (value: number): string => Number(value.toPrecision(4)).toString();
