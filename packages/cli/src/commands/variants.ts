import { type AnswerCurve, type VariantVerdict, variantTest } from "@inchworm/learn";
import { InchwormError } from "@inchworm/spec";
import { type Command, Option } from "commander";
import { interruption, wholeNumber } from "../context.js";
import { readVariants, type VariantColumns } from "../drivers/read-variants.js";
import { format, terminal } from "../terminal.js";

interface VariantsOptions extends VariantColumns {
  readonly mode: "thompson" | "fixed";
  readonly confidence: number;
  readonly loss: number;
  readonly least: number;
  readonly size?: number;
  readonly curve?: AnswerCurve;
  readonly separator?: string;
  readonly json?: boolean;
}

export function addVariants(program: Command): void {
  program
    .command("variants")
    .summary("what to send next in a test of variants, and whether there is a winner")
    .description(
      "Reads how often each variant was shown and clicked so far and tells the shares of the next batch (as likely as each is the best), the chance that each is the best, what is expected to be lost by it, and whether to stop and send the winner to the rest. Run it again after every batch.",
    )
    .argument("<file>", "CSV, Parquet or NDJSON: one row per variant, or per variant and batch")
    .option("--variant <column>", "which variant")
    .option("--shown <column>", "how many people were shown it, or sent it")
    .option("--clicked <column>", "how many of them clicked, or opened, so far")
    .option("--batch <column>", "what was sent at one time, so that good hours favour no variant")
    .option("--hours <column>", "hours since the batch was sent; goes with --curve")
    .option(
      "--curve <list>",
      "how soon answers come: hours and the share that has come by then, such as 1:0.35,4:0.6,24:0.9,72:1",
      curve,
    )
    .addOption(
      new Option("--mode <mode>", "better variants to more people, or all to as many")
        .choices(["thompson", "fixed"])
        .default("thompson"),
    )
    .option(
      "--confidence <share>",
      "chance of being best that ends the test",
      share("--confidence"),
      0.95,
    )
    .option(
      "--loss <share>",
      "share of its clicks that the winner may be expected to lose",
      share("--loss"),
      0.01,
    )
    .option(
      "--least <people>",
      "people who are shown each variant before one is dropped or wins",
      wholeNumber("--least", 1),
      100,
    )
    .option("--size <people>", "people of the next batch", wholeNumber("--size", 1))
    .option("--separator <character>", "column separator of a CSV file")
    .option("--json", "print one JSON object, for programs")
    .addHelpText(
      "after",
      `
Examples:
  inchworm variants results.csv
  inchworm variants results.csv --batch wave --hours age --curve 1:0.35,4:0.6,24:0.9,72:1 --size 5000 --json`,
    )
    .action(async (path: string, options: VariantsOptions) => {
      const screen = terminal(options);
      const { mode, confidence, loss, least, size, curve: soon, separator } = options;
      try {
        if (options.hours !== undefined && soon === undefined)
          throw new InchwormError("input", "--hours says nothing without --curve.", {
            hint: "Say how soon answers come, for example --curve 1:0.35,4:0.6,24:0.9,72:1.",
          });
        const read = await readVariants(path, options, {
          signal: interruption(),
          onProgress: screen.onProgress,
          ...(separator !== undefined && { separator }),
        });
        let test = variantTest({
          variants: read.variants,
          mode,
          confidence,
          loss,
          least,
          ...(soon && { curve: soon }),
        });
        for (const batch of read.batches) test = test.add(batch);
        const verdict = test.next(size);
        const { columns, notes } = read;
        screen.result({ ...verdict, batches: read.batches.length, columns, notes });
        for (const line of told(verdict, size)) screen.say(line);
        for (const note of notes) screen.say(`  ${note}`);
      } finally {
        screen.done();
      }
    });
}

function told({ standings, because }: VariantVerdict, size: number | undefined): string[] {
  const percent = (value: number, digits = 1) => `${(100 * value).toFixed(digits)} %`;
  const rows = [
    ["variant", "shown", "rate", "best", "lost", "next"],
    ...standings.map(({ variant, shown, rate, low, high, best, loss, share: next }) => [
      variant,
      format(shown),
      `${percent(rate, 2)} (${(100 * low).toFixed(2)} to ${(100 * high).toFixed(2)})`,
      percent(best),
      percent(loss / rate),
      `${percent(next)}${size === undefined ? "" : `, ${format(next * size)} people`}`,
    ]),
  ];
  const widths = rows[0].map((_, at) => Math.max(...rows.map((row) => [...row[at]].length)));
  return [
    ...rows.map((row) =>
      row
        .map((cell, at) => cell + " ".repeat(widths[at] - [...cell].length))
        .join("  ")
        .trimEnd(),
    ),
    because,
  ];
}

const share =
  (option: string) =>
  (text: string): number => {
    const value = text.endsWith("%") ? Number(text.slice(0, -1)) / 100 : Number(text);
    if (text.trim() !== "" && value > 0 && value < 1) return value;
    throw new InchwormError(
      "input",
      `${option} must be a share such as 95% or 0.95, got "${text}".`,
    );
  };

function curve(text: string): AnswerCurve {
  const pairs = text.split(",").map((pair) => pair.split(":").map(Number));
  if (pairs.every((pair) => pair.length === 2 && pair.every(Number.isFinite)))
    return { hours: pairs.map(([hours]) => hours), shares: pairs.map(([, come]) => come) };
  throw new InchwormError(
    "input",
    `--curve must be hours and shares such as 1:0.35,24:1, got "${text}".`,
  );
}
