import { InchwormError } from "@inchworm/spec";
import type { Command } from "commander";
import { interruption, listed, wholeNumber } from "../context.js";
import { writeFiles } from "../fit/files.js";
import { refuseOverwriting } from "../fit/scores.js";
import { terminal } from "../terminal.js";
import { peopleLines } from "../uplift/people-lines.js";
import { tellUplift } from "../uplift/tell.js";
import { upliftFile } from "../uplift/uplift-file.js";

interface UpliftCommandOptions {
  readonly json?: boolean;
  readonly treatment: string;
  readonly treated?: readonly string[];
  readonly control?: string;
  readonly outcome: string;
  readonly positive?: string;
  readonly drop?: readonly string[];
  readonly keep?: readonly string[];
  readonly propensity?: string;
  readonly estimatePropensities?: boolean;
  readonly value?: number;
  readonly cost?: number;
  readonly folds: number;
  readonly repeats?: number;
  readonly seed: number;
  readonly separator?: string;
  readonly out?: string;
}

export function addUplift(program: Command): void {
  program
    .command("uplift")
    .summary("whom a message changes, rather than who would have bought anyway")
    .description(
      "Learns from a CSV, Parquet or NDJSON file, gzipped or not, of people some of whom were treated: which of them the treatment changed. Ways to rank people race on rows that they had not seen; a ranking is taken only when it beats a random order beyond doubt, and otherwise the answer is that there is no signal, so that all or none should be treated. Qini is the area between the Qini curve and a random order over the same of the perfect order; intervals are 95 %, for all learners together. Columns that were filled in after the treatment must be left out with --drop. Several treated values are each held against the control.",
    )
    .argument("<file>")
    .requiredOption("--treatment <column>", "the column that says who was treated")
    .option(
      "--treated <value>",
      "its value of the treated; may be given several times (default: all but the control)",
      listed,
    )
    .option(
      "--control <value>",
      "its value of those who got nothing (default: the only other value, or one such as 0 or control)",
    )
    .requiredOption(
      "--outcome <column>",
      "what came of it: two values, or an amount; more is better",
    )
    .option(
      "--positive <value>",
      "the value of the outcome that counts (default: 1, yes or true, else the rarer of two)",
    )
    .option(
      "--drop <columns>",
      "columns not known before the treatment, separated by commas",
      listed,
    )
    .option("--keep <columns>", "columns to learn from even if they look like ids", listed)
    .option("--propensity <column>", "each row's chance to have been treated, where it differed")
    .option("--estimate-propensities", "people were not drawn by lot: estimate these chances")
    .option("--value <amount>", "what 1 of the outcome is worth", amount("--value", 0))
    .option("--cost <amount>", "what treating one person costs", amount("--cost"))
    .option(
      "--folds <number>",
      "parts that each judge what the others teach",
      wholeNumber("--folds", 2),
      5,
    )
    .option(
      "--repeats <number>",
      "how often folds are drawn anew (default: 4 below 5,000 rows, 2 below 20,000, else 1)",
      wholeNumber("--repeats", 1),
    )
    .option("--seed <number>", "seed of every random choice", wholeNumber("--seed", 0), 1)
    .option("--separator <character>", "column separator of a CSV file")
    .option(
      "--out <file>",
      "where to write a line of CSV for each person: group, best arm, effects",
    )
    .option("--json", "print one JSON object, for programs")
    .addHelpText(
      "after",
      `
Example:
  inchworm uplift data.csv --treatment segment --treated "Womens E-Mail" --control "No E-Mail" --outcome visit --drop spend,conversion`,
    )
    .action(async (path: string, options: UpliftCommandOptions) => {
      const began = performance.now();
      const { json, out, ...rest } = options;
      const screen = terminal({ json });
      try {
        refuseOverwriting(out, [path]);
        const { card, model, effects, places } = await upliftFile(path, {
          ...rest,
          signal: interruption(),
          onProgress: screen.onProgress,
        });
        if (out !== undefined) await writeFiles([[out, peopleLines(model, effects, places, rest)]]);
        const seconds = (performance.now() - began) / 1000;
        screen.result({ ...card, ...(out !== undefined && { out }), seconds });
        for (const line of tellUplift(card)) screen.say(line);
        if (out !== undefined) screen.say(`Written in ${seconds.toFixed(1)} s: ${out}`);
      } finally {
        screen.done();
      }
    });
}

/** A sum of money: at least 0, or above a number. */
function amount(option: string, above?: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (
      text.trim() !== "" &&
      Number.isFinite(value) &&
      (above === undefined ? value >= 0 : value > above)
    )
      return value;
    throw new InchwormError(
      "input",
      `${option} must be a number ${above === undefined ? "≥ 0" : `> ${above}`}, got "${text}".`,
    );
  };
}
