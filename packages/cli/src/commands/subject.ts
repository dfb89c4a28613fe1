import { languageOf, lintLine } from "@inchworm/learn";
import { InchwormError } from "@inchworm/spec";
import type { Command } from "commander";
import { terminal } from "../terminal.js";
import { loadLines } from "../text/saved-lines.js";
import { type LineFileOptions, learnLines, lineOptions, signed } from "./subjects.js";

interface SubjectOptions extends LineFileOptions {
  readonly json?: boolean;
  readonly campaigns?: string;
  readonly model?: string;
}

export function addSubject(program: Command): void {
  lineOptions(
    program
      .command("subject")
      .summary("score a subject line before it is sent")
      .description(
        "Scores a line against the median line of the account's own tests, with an interval and what each word adds, and points out what a careful colleague would. It sends nothing.",
      )
      .argument("<line...>", "one or more lines, each in quotes")
      .option("--campaigns <file>", "lines that were tested before")
      .option("--model <file>", "or a model that inchworm subjects wrote"),
  )
    .option("--json", "print one JSON object, for programs")
    .addHelpText(
      "after",
      `
Examples:
  inchworm subject "Your order ships free today" --campaigns campaigns.csv
  inchworm subject "Your order ships free today" "Free shipping ends tonight" --model subjects.json`,
    )
    .action(async (lines: string[], options: SubjectOptions) => {
      const screen = terminal(options);
      try {
        const { campaigns, model: saved } = options;
        if ((campaigns === undefined) === (saved === undefined))
          throw new InchwormError(
            "input",
            campaigns === undefined
              ? "A line is scored by what was tested before."
              : "--campaigns and --model both say what to score by.",
            { hint: "Give one of --campaigns campaigns.csv and --model subjects.json." },
          );
        const { model, notes } =
          campaigns !== undefined
            ? await learnLines(campaigns, options, screen)
            : { model: loadLines(saved as string), notes: [] };
        const scores = model.score(lines).map((score, at) => ({
          text: lines[at],
          language: languageOf(lines[at]),
          ...score,
          words: model.reasons(lines[at]),
          lint: lintLine(lines[at]),
        }));
        const { tells, prior, proof } = model;
        const judged = { tells, ...(prior && { prior }), proof, notes };
        screen.result(
          scores.length === 1 ? { ...scores[0], ...judged } : { lines: scores, ...judged },
        );
        for (const { text, effect, low, high, better, words, lint } of scores) {
          screen.say(`"${text}"`);
          screen.say(
            tells || prior
              ? `  ${signed(effect)} clicks against this account's median line (80 %: ${signed(low)} to ${signed(high)}); better with a chance of ${Math.round(100 * better)} %`
              : `  nobody can tell from these tests: they show no word that holds (80 %: ${signed(low)} to ${signed(high)})`,
          );
          const strongest = words.slice(0, 5);
          if ((tells || prior) && strongest.length > 0)
            screen.say(
              `  ${strongest.map((one) => `${one.word} ${signed(Math.expm1(one.effect))}`).join(", ")}`,
            );
          for (const { rule, says } of lint) screen.say(`  ${rule}: ${says}`);
        }
        if (prior) screen.say(`  ${prior.because}`);
        for (const note of notes) screen.say(`  ${note}`);
      } finally {
        screen.done();
      }
    });
}
