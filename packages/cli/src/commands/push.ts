import type { Command } from "commander";
import {
  type AccountOptions,
  accountOptions,
  destinationsOf,
  withAccounts,
} from "../accounts/connect.js";
import { each, failuresOf, sayFailures } from "../accounts/each.js";
import { type PushWishes, pushLatest, sayPushed } from "../accounts/push-all.js";
import { listed } from "../context.js";

export function addPush(program: Command): void {
  accountOptions(program.command("push"))
    .summary("carry out the latest plan")
    .description(
      "Writes what the latest plan of each account holds, and nothing else. Run it again to go on after any failure; a plan that no longer fits the store is refused.",
    )
    .option(
      "--lists",
      "make a list for each value of a category, such as a segment, where lists follow a field (HubSpot)",
    )
    .option("--verify", "read every written value back and compare")
    .option("--to <name>", "only this destination, such as mailchimp:tags; may be repeated", listed)
    .addHelpText("after", "\nExample:\n  inchworm plan && inchworm push --verify")
    .action((options: AccountOptions & PushWishes) =>
      withAccounts(options, async (workspace, accounts, { terminal }) => {
        const { done, failed } = await each(destinationsOf(accounts), (destination) =>
          pushLatest(workspace, destination, options),
        );
        if (done.length === 1 && failed.length === 0) {
          const [{ destination: _name, ...rest }] = done;
          terminal.result(rest);
        } else terminal.result({ pushes: done, failed: failuresOf(failed) });
        for (const pushed of done) sayPushed(terminal, pushed);
        sayFailures(terminal, failed);
      }),
    );
}
