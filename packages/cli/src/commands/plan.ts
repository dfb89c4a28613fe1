import type { Plan } from "@inchworm/spec";
import type { Command } from "commander";
import { type HubspotCommandOptions, hubspotOptions, withPortal } from "../context.js";
import { format, plural, type Terminal } from "../terminal.js";

export function addPlan(program: Command): void {
  hubspotOptions(program.command("plan"))
    .summary("show what a push would write, without writing")
    .description(
      "Compares scores with what was last written and counts updates, clears, skips and requests. Writes nothing to HubSpot.",
    )
    .addHelpText("after", "\nExample:\n  inchworm plan && inchworm push")
    .action((options: HubspotCommandOptions) =>
      withPortal(options, async (workspace, portal, { terminal }) => {
        const plan = await workspace.plan(portal.scores);
        terminal.result({ plan });
        sayPlan(terminal, plan);
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
