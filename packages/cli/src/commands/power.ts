import type { Command } from "commander";
import { wholeNumber } from "../context.js";
import { amountOrShare, anyNumber, shareOf } from "../experiment/numbers.js";
import { type PowerOptions, powerReport } from "../experiment/plan.js";
import { terminal } from "../terminal.js";

interface PowerCommandOptions extends PowerOptions {
  readonly json?: boolean;
}

export function addPower(program: Command): void {
  program
    .command("power")
    .summary("before a campaign: the smallest effect that a list and a holdout can show")
    .description(
      "Says before anything is sent what an experiment on a list of this size can show, and how many people another effect would take. No file is read.",
    )
    .requiredOption(
      "--base <rate>",
      "what happens without the campaign: a rate such as 0.03 or 3%, or with --deviation a mean",
      base,
    )
    .requiredOption("--contacts <number>", "people on the list", wholeNumber("--contacts", 4))
    .option("--holdout <share>", "share that is not treated", shareOf("--holdout"), 0.1)
    .option(
      "--deviation <number>",
      "standard deviation of an amount, such as spend; without it the outcome is a yes or no",
      anyNumber("--deviation"),
    )
    .option(
      "--correlation <number>",
      "how closely the outcome goes with what is known from before, 0 to 1 (default: 0)",
      anyNumber("--correlation"),
    )
    .option(
      "--effect <effect>",
      'ask about this effect too: 0.005, or "10%" of the base',
      amountOrShare("--effect"),
    )
    .option("--arms <number>", "arms beside the control", wholeNumber("--arms", 1), 1)
    .option("--confidence <share>", "confidence of the claim", shareOf("--confidence"), 0.95)
    .option("--power <share>", "chance of showing an effect that is there", shareOf("--power"), 0.8)
    .option("--json", "print one JSON object, for programs")
    .addHelpText(
      "after",
      `
Examples:
  inchworm power --base 0.03 --contacts 50000 --holdout 0.1
  inchworm power --base 3% --contacts 50000 --effect 10%
  inchworm power --base 24 --deviation 80 --contacts 20000 --holdout 0.5 --correlation 0.6

--json prints { base, contacts, holdout, control, treated, confidence, power, detectable?: { absolute, relative, rate }, because,
  effect?: { absolute, relative, chance, contactsNeeded? }, holdouts: [{ holdout, relative? }] }. Rates are shares: 0.01 is one
  percentage point. "relative" is the increase as a share of the base. "detectable" is left out when nothing can be shown.`,
    )
    .action((options: PowerCommandOptions) => {
      const screen = terminal(options);
      const report = powerReport(options);
      screen.result(report);
      screen.say(report.because);
      const { effect } = report;
      if (effect)
        screen.say(
          `  an effect of ${percent(effect.relative)} is seen in ${Math.round(100 * effect.chance)} of 100 experiments${effect.contactsNeeded === undefined ? "" : `; to see it in ${Math.round(100 * report.power)} takes ${effect.contactsNeeded.toLocaleString("en-US")} contacts`}`,
        );
      screen.say("  with other shares held out:");
      for (const { holdout, relative } of report.holdouts)
        screen.say(
          `    ${percent(holdout).padStart(5)}: ${relative === undefined ? "nothing can be shown" : `from ${percent(relative)} on`}`,
        );
    });
}

const percent = (share: number): string => `${Number((100 * share).toPrecision(3))} %`;

function base(text: string): number {
  const trimmed = text.trim();
  return trimmed.endsWith("%") ? shareOf("--base")(trimmed) : anyNumber("--base")(trimmed);
}
