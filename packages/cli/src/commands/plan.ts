import type { Plan } from "@inchworm/spec";
import type { Command } from "commander";
import {
  type AccountOptions,
  accountOptions,
  destinationsOf,
  withAccounts,
} from "../accounts/connect.js";
import { each, failuresOf, sayFailures } from "../accounts/each.js";
import { listed } from "../context.js";
import { format, plural, type Terminal } from "../terminal.js";

export function addPlan(program: Command): void {
  accountOptions(program.command("plan"))
    .summary("show what a push would write, without writing")
    .description(
      "Compares scores with what was last written and counts updates, clears, skips and requests. Writes nothing to any platform.",
    )
    .option("--to <name>", "only this destination, such as mailchimp:tags; may be repeated", listed)
    .addHelpText("after", "\nExample:\n  inchworm plan && inchworm push")
    .action((options: AccountOptions) =>
      withAccounts(options, async (workspace, accounts, { terminal }) => {
        const { done, failed } = await each(destinationsOf(accounts), (destination) =>
          workspace.plan(destination),
        );
        terminal.result(
          done.length === 1 && failed.length === 0
            ? { plan: done[0] }
            : { plans: done, failed: failuresOf(failed) },
        );
        for (const plan of done) sayPlan(terminal, plan);
        sayFailures(terminal, failed);
      }),
    );
}

export function sayPlan(terminal: Terminal, plan: Plan): void {
  terminal.say(
    `Plan ${plan.id.slice(0, 8)} for ${plan.destination}: ${plural(plan.updates, "update")}, ${plural(plan.clears, "clear")}, ${plural(plan.skips, "skip")}.`,
  );
  for (const [reason, count] of Object.entries(plan.skipReasons))
    terminal.say(`  skipped, ${reason}: ${format(count)}`);
  if (plan.missingFields.length > 0)
    terminal.say(`  creates first: ${plan.missingFields.join(", ")}`);
  terminal.say(
    `  ${plural(plan.requests, "request")}, ${duration(plan.minutes)}. Digest ${plan.digest.slice(0, 16)}.`,
  );
}

const duration = (minutes: number): string =>
  minutes < 1
    ? `about ${plural(Math.ceil(minutes * 60), "second")}`
    : `about ${plural(Math.ceil(minutes), "minute")}`;
