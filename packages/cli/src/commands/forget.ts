import { createInterface } from "node:readline/promises";
import { InchwormError } from "@inchworm/spec";
import type { Command } from "commander";
import { type CommonOptions, common, withWorkspace } from "../context.js";
import { exitCodes } from "../exit-codes.js";
import { plural } from "../terminal.js";

export function addForget(program: Command): void {
  common(program.command("forget"))
    .summary("remove one person from everything here")
    .description(
      "Removes a person from history, features, scores, ledger and outbox, and keeps them from coming back with the next pull or import. Nothing is deleted in HubSpot.",
    )
    .argument("<person>", "an e-mail address, or system:id such as hubspot:101")
    .option("--yes", "do not ask")
    .addHelpText("after", "\nExample:\n  inchworm forget customer:C000123 --yes")
    .action((person: string, options: CommonOptions & { yes?: boolean }) =>
      withWorkspace(options, async (workspace, { terminal }) => {
        if (!options.yes && !(await confirmed())) {
          terminal.result({ removed: {}, models: [] });
          terminal.say("Nothing was removed.");
          process.exitCode = exitCodes.interrupted;
          return;
        }
        const result = await workspace.forget(person);
        terminal.result(result);
        const removed = Object.entries(result.removed).filter(([, rows]) => rows > 0);
        terminal.say(
          `Forgotten. Removed ${removed.map(([table, rows]) => `${rows} from ${table}`).join(", ")}.`,
        );
        if (result.models.length > 0)
          terminal.say(
            `${plural(result.models.length, "model")} had seen this person (${result.models.map(({ scorer }) => scorer).join(", ")}): train again to be rid of that.`,
          );
        terminal.say(
          "Scores that stand in HubSpot stay there: delete the contact or its properties there.",
        );
      }),
    );
}

async function confirmed(): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new InchwormError("input", "forget asks before it removes anything.", {
      hint: "Add --yes where nobody can answer.",
    });
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await lines.question("Remove this person from everything here, for good? [y/N] ");
  lines.close();
  return /^y(es)?$/i.test(answer.trim());
}
