import { toOnnx } from "@inchworm/learn";
import type { Command } from "commander";
import { interruption, listed, wholeNumber } from "../context.js";
import type { FitCard } from "../fit/card.js";
import { cardMarkdown, percent } from "../fit/card-markdown.js";
import { modelFiles, writeFiles } from "../fit/files.js";
import { fitFile } from "../fit/fit-file.js";
import { saveModel } from "../fit/saved-model.js";
import { format, plural, type Terminal, terminal } from "../terminal.js";

interface FitCommandOptions {
  readonly json?: boolean;
  readonly target: string;
  readonly positive?: string;
  readonly drop?: readonly string[];
  readonly keep?: readonly string[];
  readonly time?: string | true;
  readonly folds: number;
  readonly repeats?: number;
  readonly seed: number;
  readonly separator?: string;
  readonly out: string;
}

export function addFit(program: Command): void {
  program
    .command("fit")
    .summary("learn to predict a column of any table, and say how good it is")
    .description(
      "Learns from a CSV, Parquet or NDJSON file, gzipped or not, and writes a model, the same as ONNX, and a card in Markdown. Numbers, dates and categories are told apart by content; ids, which have another value in every row, are left out. It is judged on rows it had not seen, beside a simple baseline: in folds drawn with the seed, each with the same share of both outcomes, or with --time on the last 20 % of the rows.",
    )
    .argument("<file>")
    .requiredOption("--target <column>", "the column to be predicted")
    .option(
      "--positive <value>",
      "its value to be predicted (default: 1, yes or true, else the rarer of two)",
    )
    .option("--drop <columns>", "columns not to learn from, separated by commas", listed)
    .option("--keep <columns>", "columns to learn from even if they look like ids", listed)
    .option("--time [column]", "judge on the last 20 % in the order of this column, or of the file")
    .option(
      "--folds <number>",
      "parts that each judge what the others teach",
      wholeNumber("--folds", 2),
      5,
    )
    .option(
      "--repeats <number>",
      "how often folds are drawn anew (default: 3 below 20,000 rows, else 1)",
      wholeNumber("--repeats", 1),
    )
    .option("--seed <number>", "seed of every random choice", wholeNumber("--seed", 0), 1)
    .option("--separator <character>", "column separator of a CSV file")
    .option("--out <file>", "where the model is written; .onnx and .md go beside it", "model.json")
    .option("--json", "print one JSON object, for programs")
    .addHelpText(
      "after",
      "\nExample:\n  inchworm fit customers.csv --target Churn --positive Yes --drop customerID --out churn.json",
    )
    .action(async (path: string, options: FitCommandOptions) => {
      const { out, json, ...rest } = options;
      const began = performance.now();
      const screen = terminal({ json });
      const files = modelFiles(out, path);
      try {
        const { card, saved } = await fitFile(path, {
          ...rest,
          signal: interruption(),
          onProgress: screen.onProgress,
        });
        await writeFiles([
          [files.model, `${JSON.stringify(saveModel(saved, card))}\n`],
          [files.onnx, toOnnx(saved.model)],
          [files.card, cardMarkdown(card)],
        ]);
        const seconds = (performance.now() - began) / 1000;
        screen.result({ ...card, files, seconds });
        sayCard(screen, card);
        screen.say(`Written in ${seconds.toFixed(1)} s: ${Object.values(files).join(", ")}`);
      } finally {
        screen.done();
      }
    });
}

function sayCard(screen: Terminal, card: FitCard): void {
  const { crossValidation: own } = card;
  screen.say(`${card.target} = ${card.positive}: ${card.because}`);
  screen.say(
    `  log loss ${own.logLoss.value.toFixed(4)}, calibration error ${own.calibrationError.value.toFixed(3)}, lift in the top tenth ${own.liftTopDecile.value.toFixed(2)}; judged on ${plural(own.rows, "row")} by ${own.method}`,
  );
  screen.say(
    `  ${card.learner} on ${format(card.rows)} rows and ${plural(card.columns, "column")}, ${percent(card.baseRate)} positive`,
  );
  const top = card.importance.filter(({ gain }) => gain > 0).slice(0, 5);
  screen.say(
    `  what counts: ${top.map(({ column, gain }) => `${column} ${percent(gain)}`).join(", ") || "nothing"}`,
  );
  for (const { column, because } of card.leakage)
    screen.say(`  looks like leakage: ${column}: ${because}`);
  if (card.leakage.length > 0)
    screen.say(
      `  if these are filled in after the outcome: --drop ${JSON.stringify(card.leakage.map(({ column }) => column).join(","))}`,
    );
  for (const because of new Set(card.leftOut.map((one) => one.because))) {
    const columns = card.leftOut.filter((one) => one.because === because);
    screen.say(`  left out, ${because}: ${columns.map(({ column }) => column).join(", ")}`);
  }
  for (const note of card.notes) screen.say(`  ${note}`);
}
