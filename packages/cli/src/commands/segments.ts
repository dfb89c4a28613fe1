import { toOnnx } from "@inchworm/learn";
import { InchwormError } from "@inchworm/spec";
import type { Command } from "commander";
import { interruption, listed, wholeNumber } from "../context.js";
import { modelFiles, writeFiles } from "../fit/files.js";
import { assignmentLines } from "../segments/assignment-lines.js";
import { type SegmentsCard, segmentsMarkdown } from "../segments/card.js";
import type { OrderColumns } from "../segments/orders.js";
import { loadSegments, saveSegments } from "../segments/saved.js";
import { segmentFile } from "../segments/segment-file.js";
import { format, plural, type Terminal, terminal } from "../terminal.js";

interface SegmentsCommandOptions {
  readonly json?: boolean;
  readonly customer?: string;
  readonly date?: string;
  readonly amount?: string;
  readonly dateFormat?: string;
  readonly timeZone?: string;
  readonly decimal?: string;
  readonly header?: boolean;
  readonly columns?: readonly string[];
  readonly k?: number;
  readonly micro?: number;
  readonly previous?: string;
  readonly seed: number;
  readonly separator?: string;
  readonly out?: string;
}

export function addSegments(program: Command): void {
  program
    .command("segments")
    .summary("find groups in a log of orders or in any table, and say what sets them apart")
    .description(
      "Finds the segments that are in a CSV, Parquet or NDJSON file, gzipped or not. Of a log of orders (--customer, --date, --amount) it sorts customers by how long ago, how often and for how much they bought, beside the usual names for recency, frequency and money; of any other table it sorts rows by the columns of numbers. There are as many segments as refits on bootstrap samples agree on, one where nothing separates the rows.",
    )
    .argument("<file>")
    .option("--customer <column>", "of a log of orders: who bought")
    .option("--date <column>", "of a log of orders: when")
    .option(
      "--amount <column>",
      "of a log of orders: for how much; A*B for a product of two columns",
    )
    .option("--date-format <format>", 'how dates are written, such as "%d/%m/%Y"')
    .option("--time-zone <zone>", "time zone whose calendar tells days apart (default: UTC)")
    .option("--decimal <mark>", 'mark before the fraction of a number, "." or ","')
    .option("--header", "the first line of a log names its columns")
    .option("--no-header", "the first line of a log is data; columns go by number")
    .option(
      "--columns <columns>",
      "columns to sort by, separated by commas: numbers, categories, yes or no (default: all numbers but ids)",
      listed,
    )
    .option("--k <number>", "so many segments, whatever the data say", wholeNumber("--k", 1))
    .option(
      "--micro <number>",
      "so many small segments, joined into a tree",
      wholeNumber("--micro", 2),
    )
    .option("--previous <model>", "a model of an earlier run, whose ids and names live on")
    .option("--seed <number>", "seed of every random choice", wholeNumber("--seed", 0), 1)
    .option("--separator <character>", "column separator of a CSV file")
    .option("--out <file>", "where to write the model; .onnx, .md and .csv go beside it")
    .option("--json", "print one JSON object, for programs")
    .addHelpText(
      "after",
      `
Examples:
  inchworm segments orders.csv --customer id --date day --amount spend
  inchworm segments customers.csv --columns visits,spend --out segments.json
  inchworm segments customers.csv --previous segments.json --out segments.json`,
    )
    .action(async (path: string, options: SegmentsCommandOptions) => {
      const began = performance.now();
      const screen = terminal(options);
      const { separator, columns, previous, k, micro, seed, out } = options;
      const files = out === undefined ? undefined : filesOf(out, path);
      try {
        if (k !== undefined && micro !== undefined)
          throw new InchwormError(
            "input",
            "Both --k and --micro say how many segments there are.",
            {
              hint: "Leave one of them out.",
            },
          );
        const { card, saved, assignments } = await segmentFile(path, {
          orders: ordersOf(options),
          log: logOf(options),
          seed,
          ...(separator !== undefined && { separator }),
          ...(columns && { columns }),
          ...(k !== undefined && { k }),
          ...(micro !== undefined && { micro }),
          ...(previous !== undefined && { previous: loadSegments(previous) }),
          signal: interruption(),
          onProgress: screen.onProgress,
        });
        if (files)
          await writeFiles([
            [files.model, `${JSON.stringify(saveSegments(saved, card))}\n`],
            [files.onnx, toOnnx(saved.model)],
            [files.card, segmentsMarkdown(card)],
            [files.assignments, assignmentLines(assignments, card.segments)],
          ]);
        const seconds = (performance.now() - began) / 1000;
        const { k: count, segments, stability, ...rest } = card;
        screen.result({
          k: count,
          segments,
          assignments,
          stability,
          ...rest,
          ...(files && { files }),
          seconds,
        });
        sayCard(screen, card);
        if (files)
          screen.say(`Written in ${seconds.toFixed(1)} s: ${Object.values(files).join(", ")}`);
        else screen.say("  Keep the segments, and who is in them: --out segments.json");
      } finally {
        screen.done();
      }
    });
}

function filesOf(out: string, input: string) {
  const files = modelFiles(out, input);
  return { ...files, assignments: files.model.replace(/\.json$/, ".csv") };
}

function ordersOf({
  customer,
  date,
  amount,
  columns,
}: SegmentsCommandOptions): OrderColumns | undefined {
  const given = { customer, date, amount };
  const missing = (["customer", "date", "amount"] as const).filter(
    (name) => given[name] === undefined,
  );
  if (missing.length === 3) return undefined;
  if (missing.length > 0)
    throw new InchwormError(
      "input",
      `A log of orders needs ${missing.map((name) => `--${name}`).join(" and ")} too.`,
      { hint: "For any other table leave --customer, --date and --amount out." },
    );
  if (columns)
    throw new InchwormError("input", "--columns is for tables that are no log of orders.", {
      hint: "Leave it out, or leave out --customer, --date and --amount.",
    });
  return { customer: customer as string, date: date as string, amount: amount as string };
}

function logOf({ dateFormat, timeZone, decimal, header }: SegmentsCommandOptions) {
  if (decimal !== undefined && decimal !== "." && decimal !== ",")
    throw new InchwormError("input", `--decimal must be "." or ",", got "${decimal}".`);
  return {
    now: Date.now(),
    ...(dateFormat !== undefined && { dateFormat }),
    ...(timeZone !== undefined && { timeZone }),
    ...(decimal !== undefined && { decimal: decimal as "." | "," }),
    ...(header !== undefined && { header }),
  };
}

const mostShown = 40;

function sayCard(screen: Terminal, card: SegmentsCard): void {
  screen.say(card.because);
  for (const { id, name, size, description } of card.segments.slice(0, mostShown)) {
    const share = `${((100 * size) / card.rows).toFixed(1)} %`;
    screen.say(`  ${id} ${name}: ${format(size)} (${share})`);
    screen.say(`      ${description}`);
  }
  if (card.segments.length > mostShown)
    screen.say(`  and ${card.segments.length - mostShown} more`);
  if (card.rfm)
    screen.say(
      `  by recency, frequency and money: ${card.rfm.map(({ name, size }) => `${name} ${format(size)}`).join(", ")}`,
    );
  screen.say(
    `  ${plural(card.rows, card.rfm ? "customer" : "row")}, by ${card.columns.join(", ")}; refits agree to ${card.stability.toFixed(2)}, rules hold for ${(100 * card.fidelity).toFixed(0)} %`,
  );
  for (const { column, because } of card.leftOut) screen.say(`  left out, ${because}: ${column}`);
  for (const note of card.notes) screen.say(`  ${note}`);
}
