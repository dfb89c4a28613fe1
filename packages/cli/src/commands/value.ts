import { resolve } from "node:path";
import { InchwormError } from "@inchworm/spec";
import type { Command } from "commander";
import { interruption, wholeNumber } from "../context.js";
import { writeFiles } from "../fit/files.js";
import { addLogOptions, type LogCommandOptions, logOptions } from "../log/options.js";
import { terminal } from "../terminal.js";
import { valueMarkdown } from "../value/card-markdown.js";
import { dayOf } from "../value/days.js";
import { forecastLines } from "../value/forecast-lines.js";
import { titleOf, valueSentences } from "../value/tell.js";
import { valueFile } from "../value/value-file.js";

interface ValueCommandOptions extends LogCommandOptions {
  readonly json?: boolean;
  readonly customer: string;
  readonly date: string;
  readonly amount?: string;
  readonly until?: number;
  readonly horizon: number;
  readonly out?: string;
}

export function addValue(program: Command): void {
  const command = program
    .command("value")
    .summary("what each customer will be worth, from a log of orders")
    .description(
      "Reads orders from a CSV, Parquet or NDJSON file, gzipped or not, with names or without, also with columns apart by blanks. Purchases of one customer on one day are one order; rows with an amount below 0 are returns. Fits BG/NBD, MBG/NBD and Pareto/NBD to orders and Gamma-Gamma to spending, picks the one that best foretells the last part of what it may see, and holds its forecast against later days, beside simple rules.",
    )
    .argument("<file>")
    .requiredOption("--customer <column>", "whose order it is: the column's name, or its number")
    .requiredOption("--date <column>", "on which day")
    .option("--amount <column>", "what it brought; A*B multiplies two columns")
    .option(
      "--until <day>",
      "forecast from the end of this day, and judge by what came after (default: forecast from the end of the file, and judge on its last part)",
      (text) => dayOf("--until", text),
    )
    .option("--horizon <days>", "how far to look ahead", wholeNumber("--horizon", 1), 365)
    .option(
      "--out <file>",
      "CSV file for the forecast of each customer; a card goes beside it as .md and .json",
    );
  addLogOptions(command)
    .option("--json", "print one JSON object, for programs")
    .addHelpText(
      "after",
      `
Examples:
  inchworm value orders.csv --customer id --date day --amount spend --out value.csv
  inchworm value CDNOW_sample.txt --customer 2 --date 3 --amount 5 --until 1997-09-30`,
    )
    .action(async (path: string, options: ValueCommandOptions) => {
      const began = performance.now();
      const { json, customer, date, amount, until, horizon, out } = options;
      const screen = terminal({ json });
      const files = filesOf(out, path);
      try {
        const found = await valueFile(path, {
          ...logOptions(options),
          customer,
          date,
          ...(amount !== undefined && { amount }),
          ...(until !== undefined && { until }),
          horizonDays: horizon,
          now: Date.now(),
          signal: interruption(),
          onProgress: screen.onProgress,
        });
        const { card } = found;
        if (files)
          await writeFiles([
            [files.forecast, forecastLines(found.levels, found.customers, found.forecast)],
            [files.card, valueMarkdown(card)],
            [files.json, `${JSON.stringify(card, null, 2)}\n`],
          ]);
        const seconds = (performance.now() - began) / 1000;
        screen.result({ ...card, ...(files && { files }), seconds });
        for (const sentence of valueSentences(card)) screen.say(sentence);
        screen.say(`  ${card.because}`);
        for (const { name, parameters, logLikelihood } of card.models) {
          const texts = Object.entries(parameters).map(
            ([key, value]) => `${key} ${value.toFixed(3)}`,
          );
          screen.say(
            `  ${titleOf(name)}: ${texts.join(", ")}; log likelihood ${logLikelihood.toFixed(2)}`,
          );
        }
        for (const note of card.notes) screen.say(`  ${note}`);
        if (files)
          screen.say(`Written in ${seconds.toFixed(1)} s: ${Object.values(files).join(", ")}`);
      } finally {
        screen.done();
      }
    });
}

/** @throws InchwormError "input" when a file would overwrite the log, or what is no card of ours */
function filesOf(out: string | undefined, input: string) {
  if (out === undefined) return undefined;
  if (!out.endsWith(".csv"))
    throw new InchwormError("input", `The forecast of each customer is a .csv file, not ${out}.`, {
      hint: "For example: --out value.csv",
    });
  const base = out.slice(0, -".csv".length);
  const files = { forecast: out, card: `${base}.md`, json: `${base}.json` };
  for (const file of Object.values(files))
    if (resolve(file) === resolve(input))
      throw new InchwormError("input", `${file} holds the orders; it is not overwritten.`, {
        hint: "Choose another place with --out.",
      });
  return files;
}
