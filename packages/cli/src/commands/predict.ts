import { once } from "node:events";
import type { Command } from "commander";
import { interruption, listed } from "../context.js";
import { exitCodes } from "../exit-codes.js";
import { writeFiles } from "../fit/files.js";
import { predictFile, type Scored } from "../fit/predict-file.js";
import { loadModel } from "../fit/saved-model.js";
import { refuseOverwriting, scoreLines } from "../fit/scores.js";
import { plural, terminal } from "../terminal.js";

interface PredictOptions {
  readonly json?: boolean;
  readonly reasons?: boolean;
  readonly id?: readonly string[];
  readonly separator?: string;
  readonly out?: string;
}

export function addPredict(program: Command): void {
  program
    .command("predict")
    .summary("score each row of a table with a model that fit wrote")
    .description(
      "Gives each row of a CSV, Parquet or NDJSON file its probability, in the order of the file. The file needs the columns that the model was fitted on; further ones do not matter. Values that the model does not know count as missing.",
    )
    .argument("<model>", "model.json, as inchworm fit wrote it")
    .argument("<file>")
    .option("--out <file>", "CSV file for the scores (default: they are printed)")
    .option("--reasons", "the three columns that move each score most, in log-odds")
    .option("--id <columns>", "columns to be copied beside the scores, separated by commas", listed)
    .option("--separator <character>", "column separator of a CSV file")
    .option("--json", "print one JSON object, for programs")
    .addHelpText(
      "after",
      "\nExample:\n  inchworm predict model.json new-customers.csv --id customerID --reasons --out scores.csv",
    )
    .action(async (modelPath: string, path: string, options: PredictOptions) => {
      const { out, json, ...rest } = options;
      const screen = terminal({ json });
      try {
        refuseOverwriting(out, [modelPath, path]);
        const saved = loadModel(modelPath);
        const scored = await predictFile(saved, path, {
          ...rest,
          signal: interruption(),
          onProgress: screen.onProgress,
        });
        screen.done();
        const { target, positive } = saved;
        if (out !== undefined) {
          await writeFiles([[out, scoreLines(scored)]]);
          screen.say(
            `${plural(scored.probabilities.length, "row")} scored for ${target} = ${positive}: ${out}`,
          );
        } else if (!json) await print(scoreLines(scored));
        screen.result({
          target,
          positive,
          ...summary(scored),
          ...(out === undefined ? scoresOf(scored) : { out }),
        });
        if (!json) for (const note of scored.notes) process.stderr.write(`${note}\n`);
        if (scored.unreadable > 0) process.exitCode = exitCodes.partial;
      } finally {
        screen.done();
      }
    });
}

function summary({ probabilities, unreadable, notes }: Scored) {
  const known = probabilities.filter((probability) => !Number.isNaN(probability));
  const mean = known.reduce((sum, probability) => sum + probability, 0) / known.length;
  return { rows: probabilities.length, unreadable, mean: orNull(mean), notes };
}

const scoresOf = ({ probabilities, ids, reasons }: Scored) => ({
  probabilities: Array.from(probabilities, orNull),
  ...(ids.length > 0 && { ids: Object.fromEntries(ids.map(({ name, texts }) => [name, texts])) }),
  ...(reasons && { reasons }),
});

const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value);

/** Waits for a slow reader, and ends when it goes. */
async function print(lines: Iterable<string>): Promise<void> {
  const { stdout } = process;
  for (const some of lines) {
    if (stdout.destroyed) return;
    if (!stdout.write(some)) await once(stdout, "drain").catch(() => undefined);
  }
}
