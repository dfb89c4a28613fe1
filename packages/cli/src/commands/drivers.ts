import { drivers } from "@inchworm/learn";
import { InchwormError } from "@inchworm/spec";
import { type Command, Option } from "commander";
import { interruption, listed, wholeNumber } from "../context.js";
import type { ColumnOptions } from "../drivers/columns.js";
import { readCampaigns } from "../drivers/read-campaigns.js";
import { tellDrivers } from "../drivers/tell.js";
import { terminal } from "../terminal.js";

interface DriversCommandOptions extends ColumnOptions {
  readonly fdr: number;
  readonly comparisons: number;
  readonly separator?: string;
  readonly dateFormat?: string;
  readonly timeZone?: string;
  readonly decimal?: "." | ",";
  readonly json?: boolean;
}

export function addDrivers(program: Command): void {
  program
    .command("drivers")
    .summary("which words, hours, colours, media, forms and offers are clicked more, and for whom")
    .description(
      "Reads a file of campaigns or tested lines and tells which words, hours, weekdays, media, colours, forms and offers are clicked more, for everybody and for each audience. Each comes with an interval and a grade of its evidence: randomised (it varied within a test), adjusted (from campaign to campaign; audience, timing and all else corrected for) or correlational (it cannot be told apart from who was written to). Of what stands out, at most the share --fdr is expected to be chance.",
    )
    .argument("<file>", "CSV, Parquet or NDJSON, gzipped or not: one row per line or campaign")
    .option("--text <column>", "the headline or subject line")
    .option("--group <column>", "the test or campaign: rows of one are held against one another")
    .option("--shown <column>", "how many people were shown it, or sent it")
    .option("--clicked <column>", "how many of them clicked, or opened")
    .option("--segment <column>", "the audience; without it nothing across campaigns is adjusted")
    .option("--hour <column>", "the hour of the day it was sent")
    .option("--sent-at <column>", "when it was sent: gives hour, weekday, fatigue and trend")
    .option(
      "--factor <columns>",
      "further columns that may drive clicks, such as color,medium,form,offer (default: columns of such names)",
      listed,
    )
    .option("--image <column>", "files of pictures, to be looked at (needs the package sharp)")
    .option(
      "--same <columns>",
      "hold lines of a test against one another only where these agree",
      listed,
    )
    .option("--fdr <rate>", "rate of false discoveries among what stands out", rate, 0.1)
    .option(
      "--comparisons <number>",
      "leave out what is held against others less often than this",
      wholeNumber("--comparisons", 2),
      5,
    )
    .option("--separator <character>", "column separator of a CSV file")
    .option("--date-format <format>", "strptime format of times, such as %d/%m/%Y %H:%M")
    .option("--time-zone <zone>", "zone of hours, and of times without an offset (default: UTC)")
    .addOption(new Option("--decimal <mark>", "decimal mark of counts").choices([".", ","]))
    .option("--json", "print one JSON object, for programs")
    .addHelpText(
      "after",
      `
Columns that no option names are found by common names, and the answer tells which were.

Examples:
  inchworm drivers campaigns.csv
  inchworm drivers tests.csv --text headline --group test --shown impressions --clicked clicks
  inchworm drivers campaigns.csv --segment list --sent-at sent_at --factor color,medium --image banner --json`,
    )
    .action(async (path: string, options: DriversCommandOptions) => {
      const began = performance.now();
      const screen = terminal(options);
      const { fdr, comparisons } = options;
      try {
        const signal = interruption();
        const { onProgress } = screen;
        const { trials, columns, notes, images } = await readCampaigns(path, {
          ...options,
          signal,
          onProgress,
        });
        const report = await drivers({ fdr, comparisons }).fit(trials, {
          signal,
          onProgress: (share) =>
            onProgress({
              step: "learning what drives clicks",
              done: Math.floor(100 * share),
              total: 100,
              unit: "%",
            }),
        });
        const seconds = (performance.now() - began) / 1000;
        const said = [...notes, ...report.notes];
        screen.result({ ...report, notes: said, fdr, columns, ...(images && { images }), seconds });
        for (const line of tellDrivers(report, fdr)) screen.say(line);
        for (const note of said) screen.say(`  ${note}`);
      } finally {
        screen.done();
      }
    });
}

function rate(text: string): number {
  const value = text.endsWith("%") ? Number(text.slice(0, -1)) / 100 : Number(text);
  if (text.trim() !== "" && value > 0 && value <= 0.5) return value;
  throw new InchwormError("input", `--fdr must be above 0 and at most 0.5, got "${text}".`);
}
