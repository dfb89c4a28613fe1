import type { Command } from "commander";
import { common, withWorkspace } from "../context.js";
import { fileOptions, type ImportCommandOptions, importInto } from "./import.js";

export function addLabel(program: Command): void {
  const label = program
    .command("label")
    .summary("say what became of somebody, for the next training")
    .description(
      'What people know better than the history: corrections such as "this one did not churn", and outcomes that no system saw.',
    )
    .addHelpText("after", "\nExample:\n  inchworm label import labels.csv && inchworm train");
  fileOptions(common(label.command("import")))
    .summary("read labels from a CSV, Parquet or NDJSON file")
    .description(
      `Reads what people say became of others. The file has the columns person (an e-mail address, system:id or a customer number), scorer,
label (yes or no: whether what the scorer foretells came) and day (when), and may have origin and author. The next training takes a label in
place of what it observed in the days around. The last word on a person, scorer and day counts; the same file twice changes nothing.`,
    )
    .argument("<file>")
    .addHelpText("after", "\nExample:\n  inchworm label import labels.csv && inchworm train")
    .action((file: string, options: ImportCommandOptions) =>
      withWorkspace(options, (workspace, { terminal }) =>
        importInto(workspace, terminal, "labels", file, options),
      ),
    );
}
