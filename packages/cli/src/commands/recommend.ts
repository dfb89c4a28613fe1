import { resolve } from "node:path";
import { toOnnx } from "@inchworm/learn";
import { InchwormError } from "@inchworm/spec";
import type { Command } from "commander";
import { interruption, wholeNumber } from "../context.js";
import { percent } from "../fit/card-markdown.js";
import { writeFiles } from "../fit/files.js";
import { addLogOptions, type LogCommandOptions, logOptions } from "../log/options.js";
import type { InteractionColumns } from "../recommend/data.js";
import { listLines } from "../recommend/list-lines.js";
import {
  type KeptModel,
  listsOf,
  type RecommendCard,
  recommendFile,
} from "../recommend/recommend-file.js";
import type { SequenceFiles } from "../recommend/sequence-model.js";
import { plural, type Terminal, terminal } from "../terminal.js";

interface RecommendCommandOptions extends LogCommandOptions {
  readonly json?: boolean;
  readonly user?: string;
  readonly item?: string;
  readonly weight?: string;
  readonly time?: string;
  readonly format: string;
  readonly test?: string;
  readonly k: number;
  readonly seed: number;
  readonly sequenceModel?: string;
  readonly sequenceItems?: string;
  readonly out?: string;
  readonly onnx?: string;
}

export function addRecommend(program: Command): void {
  const command = program
    .command("recommend")
    .summary("what to offer each user next, from a log of who had what")
    .description(
      "Learns from a CSV, Parquet or NDJSON file, gzipped or not, with a row for each time a user had an item. Tries popularity, similar items, walks, EASE, a spectral filter, matrix factorisation and, with --time, sequences, with several settings and blended, on a part of the file; then judges all of them, ranking every item the user had not had, on --test or on another part.",
    )
    .argument("<file>")
    .option("--user <column>", "who: the column's name, or its number")
    .option("--item <column>", "had what")
    .option("--weight <column>", "how much it counts, above 0; A*B multiplies two columns")
    .option("--time <column>", "when; then the latest interactions are what models are judged on")
    .option("--format <format>", '"table", or "adjacency": lines of a user and items', "table")
    .option("--test <file>", "judge on this file of the same make; it has no say in what is chosen")
    .option("--k <number>", "length of the lists", wholeNumber("--k", 1), 20)
    .option("--seed <number>", "seed of every random choice", wholeNumber("--seed", 0), 1)
    .option(
      "--sequence-model <file>",
      "an ONNX sequence model of your own; it races with the others",
    )
    .option("--sequence-items <file>", "JSON list of the items by their numbers in that model")
    .option("--out <file>", "CSV file for the list of each user")
    .option("--onnx <file>", "the chosen model for onnxruntime; .items.json goes beside it");
  addLogOptions(command)
    .option("--json", "print one JSON object, for programs")
    .addHelpText(
      "after",
      `
Examples:
  inchworm recommend orders.csv --user customer --item product --time day --out lists.csv
  inchworm recommend train.txt --test test.txt --format adjacency --k 20
  inchworm recommend orders.csv --user customer --item product --time day \\
    --sequence-model sasrec.onnx --sequence-items items.json

The file of --sequence-model takes the numbers of each user's latest items, the last one last and 0 before the first,
[users, items] of int64 or int32, and gives a score for each number, [users, numbers] or one such for every item.

The file of --onnx has a row for each user: "history", what each item of theirs weighs, as many columns as there are
items, in the order of .items.json; "banned", true for items not to be given; "k", how many. It gives "items", numbers
in that order, and "scores". A "weighed_history" weighs by what came last: 1 for the last item, and 0.71 times that
for each one before. What none of the chosen models looks at, it does not ask for.`,
    )
    .action(async (path: string, options: RecommendCommandOptions) => {
      const began = performance.now();
      const screen = terminal(options);
      const { test, k, seed, out, onnx } = options;
      const columns = columnsOf(options);
      checkOut("lists", ".csv", out, path, test);
      checkOut("onnx", ".onnx", onnx, path, test);
      const sequence = sequenceOf(options);
      try {
        const { card, kept } = await recommendFile(path, {
          ...logOptions(options),
          ...(columns && { columns }),
          ...(test !== undefined && { test }),
          ...(sequence && { sequence }),
          k,
          seed,
          keep: out !== undefined || onnx !== undefined,
          now: Date.now(),
          signal: interruption(),
          onProgress: screen.onProgress,
        });
        const files = kept ? await writeKept(kept, options) : {};
        const written = Object.values(files);
        const seconds = (performance.now() - began) / 1000;
        screen.result({ ...card, ...(written.length > 0 && { files }), seconds });
        sayCard(screen, card);
        if (written.length > 0)
          screen.say(`Written in ${seconds.toFixed(1)} s: ${written.join(", ")}`);
      } finally {
        screen.done();
      }
    });
}

/** @throws InchwormError "input" when options are missing or do not go together */
function columnsOf(options: RecommendCommandOptions): InteractionColumns | undefined {
  const { user, item, weight, time, format } = options;
  if (format === "adjacency") {
    if (user ?? item ?? weight ?? time)
      throw new InchwormError("input", "Lines of a user and items have no columns to name.", {
        hint: "Leave --user, --item, --weight and --time out, or --format adjacency.",
      });
    return undefined;
  }
  if (format !== "table")
    throw new InchwormError("input", `--format is "table" or "adjacency", not "${format}".`);
  if (user === undefined || item === undefined)
    throw new InchwormError("input", "Who had what is not known.", {
      hint: "Name columns with --user and --item, or say --format adjacency.",
    });
  return {
    user,
    item,
    ...(weight !== undefined && { weight }),
    ...(time !== undefined && { time }),
  };
}

/** @throws InchwormError "input" when options are missing or do not go together */
function sequenceOf(options: RecommendCommandOptions): SequenceFiles | undefined {
  const { sequenceModel: model, sequenceItems: items, time, onnx } = options;
  if (model === undefined && items === undefined) return undefined;
  const refuse = (message: string, hint: string) => new InchwormError("input", message, { hint });
  if (model === undefined || items === undefined)
    throw refuse(
      "A sequence model goes by numbers of items.",
      "Give both --sequence-model FILE.onnx and --sequence-items FILE.json.",
    );
  if (time === undefined)
    throw refuse("A sequence model must know what came last.", "Name a column with --time.");
  if (onnx !== undefined)
    throw refuse(
      "What was imported is not written again.",
      "Leave out --onnx, or --sequence-model.",
    );
  return { model, items };
}

/** Writes what is asked for of the chosen model, and says where. */
async function writeKept(
  kept: KeptModel,
  { out, onnx, k }: Pick<RecommendCommandOptions, "out" | "onnx" | "k">,
): Promise<Readonly<Record<string, string>>> {
  const files: Record<string, string> = {};
  if (out !== undefined) {
    await writeFiles([[out, listLines(await listsOf(kept, k))]]);
    files.lists = out;
  }
  if (onnx !== undefined) {
    const items = onnx.replace(/\.onnx$/, ".items.json");
    await writeFiles([
      [onnx, toOnnx(kept.model, { foldIn: true })],
      [items, `${JSON.stringify(kept.itemNames)}\n`],
    ]);
    files.onnx = onnx;
    files.items = items;
  }
  return files;
}

function checkOut(
  what: "lists" | "onnx",
  ending: ".csv" | ".onnx",
  out: string | undefined,
  ...inputs: readonly (string | undefined)[]
): void {
  if (out === undefined) return;
  if (!out.endsWith(ending))
    throw new InchwormError(
      "input",
      what === "lists"
        ? `The lists are a .csv file, not ${out}.`
        : `The model is an .onnx file, not ${out}.`,
      { hint: what === "lists" ? "For example: --out lists.csv" : "For example: --onnx next.onnx" },
    );
  if (inputs.some((input) => input !== undefined && resolve(input) === resolve(out)))
    throw new InchwormError("input", `${out} holds the interactions; it is not overwritten.`, {
      hint: `Choose another place with ${what === "lists" ? "--out" : "--onnx"}.`,
    });
}

function sayCard(screen: Terminal, card: RecommendCard): void {
  const { users, items, interactions, models, chosen, k, method, blend } = card;
  screen.say(
    `${plural(interactions, "interaction")} of ${plural(users, "user")} with ${plural(items, "item")}, judged on ${method}, lists of ${k}`,
  );
  for (const { name, recall, ndcg, recallInterval, coverage, seconds } of models)
    screen.say(
      `  ${name.padEnd(11)} recall ${recall.toFixed(4)} (${recallInterval.map((bound) => bound.toFixed(4)).join(" to ")}), NDCG ${ndcg.toFixed(4)}, ${percent(coverage)} of the items, ${seconds.toFixed(1)} s${name === chosen ? "  chosen" : ""}`,
    );
  const parts = Object.entries(blend).map(([name, weight]) => `${name} ${percent(weight)}`);
  screen.say(`  the blend: ${parts.join(", ")}`);
  for (const note of card.notes) screen.say(`  ${note}`);
}
