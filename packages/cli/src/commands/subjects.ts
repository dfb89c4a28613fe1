import { subjectLines, type WordEffect } from "@inchworm/learn";
import type { Command } from "commander";
import { interruption, listed, wholeNumber } from "../context.js";
import { modelFiles, writeFiles } from "../fit/files.js";
import { format, plural, type Terminal, terminal } from "../terminal.js";
import { type LineColumns, lineColumns } from "../text/columns.js";
import { readLines } from "../text/read-lines.js";

export interface LineFileOptions extends Partial<LineColumns> {
  readonly same?: readonly string[];
  readonly together?: string;
  readonly folds: number;
  readonly seed: number;
  readonly separator?: string;
}

interface SubjectsOptions extends LineFileOptions {
  readonly json?: boolean;
  readonly out?: string;
}

/** The options that say how a file of tested lines is read. */
export const lineOptions = (command: Command): Command =>
  command
    .option("--text <column>", "the line (default: text, subject, headline or the like)")
    .option("--group <column>", "the test or campaign within which lines are compared")
    .option("--shown <column>", "how many people were shown it")
    .option("--clicked <column>", "how many of them clicked, or opened")
    .option(
      "--same <columns>",
      "compare only lines that agree in these, such as the picture",
      listed,
    )
    .option("--together <column>", "never part what agrees in this between learning and judging")
    .option("--folds <number>", "folds of cross-validation", wholeNumber("--folds", 2), 5)
    .option("--seed <number>", "seed of every random choice", wholeNumber("--seed", 0), 1)
    .option("--separator <character>", "column separator of a CSV file");

export function addSubjects(program: Command): void {
  lineOptions(
    program
      .command("subjects")
      .summary("learn from tested subject lines or headlines which words are clicked more")
      .description(
        "Reads lines that were tested against one another – subject lines, headlines, calls to action – and tells which words and which style are clicked more, each with an interval, and how well the winner of a pair that it never saw can be told. Only lines of one test are compared, so that audience and hour cancel out.",
      )
      .argument("<file>"),
  )
    .option("--out <file>", "where to write the model, for inchworm subject --model")
    .option("--json", "print one JSON object, for programs")
    .addHelpText(
      "after",
      `
Examples:
  inchworm subjects campaigns.csv --text headline --group test --shown impressions --clicked clicks
  inchworm subjects campaigns.csv --same eyecatcher --out subjects.json`,
    )
    .action(async (path: string, options: SubjectsOptions) => {
      const began = performance.now();
      const screen = terminal(options);
      try {
        if (options.out !== undefined) modelFiles(options.out, path);
        const { model, notes } = await learnLines(path, options, screen);
        if (options.out !== undefined)
          await writeFiles([[options.out, `${JSON.stringify(model.save())}\n`]]);
        const seconds = (performance.now() - began) / 1000;
        screen.result({
          ...model.proof,
          tells: model.tells,
          ...(model.prior && { prior: model.prior }),
          words: model.words,
          style: model.style,
          notes,
          seed: options.seed,
          ...(options.out !== undefined && { out: options.out }),
          seconds,
        });
        const { proof } = model;
        screen.say(
          `${plural(proof.lines, "line")} in ${plural(proof.contests, "test")} that can be compared: ${plural(proof.pairs, "pair")}`,
        );
        if (proof.accuracy !== null)
          screen.say(
            `  the better of a pair told right: ${percent(proof.accuracy)}${proof.significantAccuracy === null ? "" : `; of the ${format(proof.significantPairs)} that differ beyond chance ${percent(proof.significantAccuracy)}`} (guessing: 50 %)`,
          );
        if (model.prior) screen.say(`  ${model.prior.because}`);
        else if (!model.tells)
          screen.say("  Words tell nothing here that holds on tests not seen: no score is given.");
        sayEffects(screen, "words", model.words);
        sayEffects(screen, "style, per standard deviation", model.style);
        for (const note of notes) screen.say(`  ${note}`);
        screen.say(
          options.out === undefined
            ? '  Score new lines: --out subjects.json, then inchworm subject "…" --model subjects.json'
            : `Written in ${seconds.toFixed(1)} s: ${options.out}`,
        );
      } finally {
        screen.done();
      }
    });
}

/** Learns from a file of tested lines. */
export async function learnLines(path: string, options: LineFileOptions, screen: Terminal) {
  const { same, together, folds, seed, separator } = options;
  const signal = interruption();
  const columns = await lineColumns(path, options, separator);
  const { trials, notes } = await readLines(path, {
    columns,
    ...(same && { same }),
    ...(together !== undefined && { together }),
    ...(separator !== undefined && { separator }),
    signal,
    onProgress: screen.onProgress,
  });
  const model = await subjectLines({ folds, seed }).fit(trials, {
    signal,
    onProgress: (share) =>
      screen.onProgress({
        step: "learning from lines",
        done: Math.floor(100 * share),
        total: 100,
        unit: "%",
      }),
  });
  return { model, notes };
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
export const signed = (effect: number): string =>
  `${effect < 0 ? "−" : "+"}${Math.abs(100 * effect).toFixed(1)} %`;

function sayEffects(screen: Terminal, title: string, effects: readonly WordEffect[]): void {
  const clear = effects.filter((one) => one.clear);
  if (effects.length === 0) return;
  if (clear.length === 0) {
    screen.say(`  ${title}: none of ${format(effects.length)} stands out from chance`);
    return;
  }
  screen.say(
    `  ${title}: ${format(clear.length)} of ${format(effects.length)} stand out from chance`,
  );
  for (const { word, effect, low, high, contests } of clear.slice(0, 12))
    screen.say(
      `    ${signed(effect).padStart(8)}  ${word}  (${signed(low)} to ${signed(high)}; ${plural(contests, "test")})`,
    );
}
