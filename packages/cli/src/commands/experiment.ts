import type { Looking } from "@inchworm/learn";
import { InchwormError } from "@inchworm/spec";
import type { Command } from "commander";
import { interruption, listed, wholeNumber } from "../context.js";
import { type ExperimentFileOptions, experimentFile } from "../experiment/experiment-file.js";
import { amountOrShare, anyNumber, shareOf } from "../experiment/numbers.js";
import { sayExperiment } from "../experiment/tell.js";
import { terminal } from "../terminal.js";

interface ExperimentCommandOptions
  extends Omit<ExperimentFileOptions, "looking" | "signal" | "onProgress"> {
  readonly planned?: number;
  readonly looks?: string;
  readonly peek?: boolean;
  readonly json?: boolean;
}

export function addExperiment(program: Command): void {
  program
    .command("experiment")
    .summary("what a campaign or test brought, from a file of who was treated how")
    .description(
      "Reads a CSV, Parquet or NDJSON file, gzipped or not, with one row per person, and says one of three things: brought x ± y; no effect larger than z; cannot tell, and what it would take. Nothing is claimed when arms have sizes that the design does not explain. Yes or no, amounts, and amounts that a few people make are told apart by themselves.",
    )
    .argument("<file>")
    .requiredOption("--arm <column>", "who was treated how")
    .requiredOption("--outcome <column>", "what came of it: a number, or yes and no")
    .option("--control <name>", "the arm that nothing was done to (default: the one called so)")
    .option("--positive <value>", "the outcome that counts, where it is a word")
    .option(
      "--before <columns>",
      "what was known of people before, such as what they spent, to make the interval narrower: one column of numbers as it is (CUPED), several or words by what trees expect, out of fold (CUPAC)",
      listed,
    )
    .option("--per <column>", "of a ratio: what each person adds below the line, such as clicks")
    .option("--segment <column>", "look at the effect in each of these groups too")
    .option("--id <column>", "whose row it is: rows of one person count once")
    .option(
      "--shares <shares>",
      'shares by design, such as "control=0.1,mail=0.9", or the control\'s alone (default: equal, else the usual split that sizes fit)',
    )
    .option(
      "--worth <effect>",
      'the smallest effect that would matter, such as 0.01 or "5%" of the control\'s (default: 10%)',
      amountOrShare("--worth"),
    )
    .option(
      "--confidence <share>",
      "how often intervals are to hold the truth (default: 0.95)",
      shareOf("--confidence"),
      0.95,
    )
    .option(
      "--planned <people>",
      "people planned in all, where this is a look before the end: group-sequential",
      wholeNumber("--planned", 1),
    )
    .option(
      "--looks <shares>",
      "shares of them at which there were looks before (default: every quarter)",
    )
    .option("--peek", "looks at any time: an interval that holds whenever one stops (always valid)")
    .option(
      "--missing <number>",
      "what an empty outcome stands for, such as 0 (default: not known, and left out)",
      anyNumber("--missing"),
    )
    .option("--seed <number>", "seed of every random choice", wholeNumber("--seed", 0), 1)
    .option("--separator <character>", "column separator of a CSV file")
    .option("--json", "print one JSON object, for programs")
    .addHelpText(
      "after",
      `
Examples:
  inchworm experiment campaign.csv --arm group --outcome bought
  inchworm experiment campaign.csv --arm group --outcome spend --before spent_last_year --control holdout
  inchworm experiment campaign.csv --arm group --outcome bought --planned 50000
  inchworm experiment clicks.csv --arm group --outcome revenue --per clicks --segment country

--json prints { rows, people, arm, outcome, positive?, kind: "rate" | "amount" | "ratio", heavyTailed, control, worth, confidence,
  verdict: "brought" | "no effect" | "cannot tell", because, effect: { value, low, high, error, p },
  sampleRatio: { counts, expected, p, ok }, sharesGuessed, arms: [{ arm, assigned, missing, mean, deviation }],
  effects: [{ arm, effect, relative?, unadjusted?, varianceCut?, detectable, needed?, verdict, because }],
  segments?: [{ arm, segment, rows, effect, difference, q, differs }], before?: { columns, method }, notes, seed, seconds }.
"effect" is that of the arm which the verdict is about. Rates are shares: 0.01 is one percentage point.`,
    )
    .action(async (path: string, options: ExperimentCommandOptions) => {
      const began = performance.now();
      const screen = terminal(options);
      try {
        const { json: _, planned, looks, peek, ...rest } = options;
        const told = await experimentFile(path, {
          ...rest,
          looking: lookingOf({ planned, looks, peek }),
          signal: interruption(),
          onProgress: screen.onProgress,
        });
        const seconds = (performance.now() - began) / 1000;
        const meant =
          told.effects.find(
            ({ arm, because }) => told.because.endsWith(because) && told.because.startsWith(arm),
          ) ?? told.effects[0];
        screen.result({
          ...told,
          confidence: options.confidence,
          effect: meant.effect,
          seed: options.seed,
          seconds,
        });
        sayExperiment(screen, told);
      } finally {
        screen.done();
      }
    });
}

function lookingOf({
  planned,
  looks,
  peek,
}: {
  readonly planned: number | undefined;
  readonly looks: string | undefined;
  readonly peek: boolean | undefined;
}): Looking {
  if (planned === undefined) {
    if (peek || looks !== undefined)
      throw new InchwormError("input", `${peek ? "--peek" : "--looks"} needs --planned.`, {
        hint: "Say how many people are to take part in all, roughly: --planned 50000.",
      });
    return { kind: "once" };
  }
  if (peek) return { kind: "always-valid", planned };
  const earlier = looks?.split(",").map((part) => shareOf("--looks")(part.trim()));
  return { kind: "group-sequential", planned, ...(earlier && { earlier }) };
}
