import { type Command, InvalidArgumentError } from "commander";
import { interruption, wholeNumber } from "../context.js";
import { modelFiles, writeFiles } from "../fit/files.js";
import { terminal } from "../terminal.js";
import { messagesFile, tellMessages } from "../text/messages-file.js";

interface MessagesCommandOptions {
  readonly json?: boolean;
  readonly text: string;
  readonly label: string;
  readonly test?: string;
  readonly accuracy?: number;
  readonly seed: number;
  readonly separator?: string;
  readonly out?: string;
}

export function addMessages(program: Command): void {
  program
    .command("messages")
    .summary("learn what customers' messages are about: intent, sentiment or topic")
    .description(
      "Learns from texts with labels which label a text has, in any language, and says how often it is right on texts it had not seen. With --accuracy it leaves to people what it is not sure enough of. It answers nobody by itself.",
    )
    .argument("<file>")
    .requiredOption("--text <column>", "the column of the texts")
    .requiredOption("--label <column>", "the column of what each is about")
    .option("--test <file>", "judge by this file (default: by folds of the first)")
    .option("--accuracy <share>", "how often its answers are to be right, such as 0.95", shareOf)
    .option("--seed <number>", "seed of every random choice", wholeNumber("--seed", 0), 1)
    .option("--separator <character>", "column separator of a CSV file")
    .option("--out <file>", "where to write the model, for textClassifier().load")
    .option("--json", "print one JSON object, for programs")
    .addHelpText(
      "after",
      `
Example:
  inchworm messages train.csv --text text --label category --test test.csv --accuracy 0.95`,
    )
    .action(async (path: string, options: MessagesCommandOptions) => {
      const began = performance.now();
      const { json, out, ...rest } = options;
      const screen = terminal({ json });
      try {
        if (out !== undefined) modelFiles(out, path);
        const { card, model } = await messagesFile(path, {
          ...rest,
          signal: interruption(),
          onProgress: screen.onProgress,
        });
        if (out !== undefined) await writeFiles([[out, `${JSON.stringify(model.save())}\n`]]);
        const seconds = (performance.now() - began) / 1000;
        screen.result({ ...card, ...(out !== undefined && { out }), seconds });
        for (const line of tellMessages(card)) screen.say(line);
        if (out !== undefined) screen.say(`Written in ${seconds.toFixed(1)} s: ${out}`);
      } finally {
        screen.done();
      }
    });
}

function shareOf(text: string): number {
  const share = Number(text);
  if (!(share > 0 && share < 1))
    throw new InvalidArgumentError("Give a share between 0 and 1, such as 0.95.");
  return share;
}
