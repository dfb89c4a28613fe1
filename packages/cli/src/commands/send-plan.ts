import { InchwormError } from "@inchworm/spec";
import type { Command } from "commander";
import { type CommonOptions, common, listed, wholeNumber, withWorkspace } from "../context.js";
import { type CampaignOptions, campaignOf } from "../send-plan/campaign.js";
import { peopleIn } from "../send-plan/people.js";
import { inShort, sayPlan } from "../send-plan/tell.js";
import { writePlan } from "../send-plan/write-plan.js";

interface SendPlanOptions extends CommonOptions, CampaignOptions {
  readonly people?: string;
  readonly out?: string;
  readonly segments?: string;
  readonly by?: string;
}

export function addSendPlan(program: Command): void {
  common(program.command("send-plan"))
    .summary("who gets a campaign when, on their own clocks")
    .description(
      "Plans each person's hour within the window: their own best where the model of send times knows one, else the best for everyone, and some by lot, so that it can be told later whether the hours helped. Keeps consent, quiet hours and limits. Sends nothing.",
    )
    .argument("<campaign>", "the id by which its events will come back")
    .option("--channel <name>", "email, sms, push, ad or other", "email")
    .option("--from <time>", "start of the window, such as 2025-06-01T06:00Z (default: now)")
    .option(
      "--hours <number>",
      "length of the window, 1 to 168 (default: 24)",
      wholeNumber("--hours", 1),
    )
    .option("--quiet <hours>", 'local hours without messages, or "none" (default: 21-8)')
    .option(
      "--cap <messages/days>",
      'most messages per person in so many days; may be repeated; or "none" (default: 1/1, 3/7 and 8/30)',
      listed,
    )
    .option("--gap <minutes>", "least time between two messages", wholeNumber("--gap", 0))
    .option("--explore <share>", "share of people with an hour by lot (default: 0.1)", share)
    .option(
      "--hour <hour>",
      "local hour as long as no model tells (default: 10)",
      wholeNumber("--hour", 0),
    )
    .option(
      "--batch-size <number>",
      "most people in a batch (default: 1000)",
      wholeNumber("--batch-size", 1),
    )
    .option("--people <file>", "only these: an e-mail address or system:id on each line")
    .option("--seed <number>", "another seed explores with other people", wholeNumber("--seed", 0))
    .option("--out <file>", "CSV file with a line for each message")
    .option(
      "--segments <folder>",
      "CSV files of people by local hour, for platforms that send to segments",
    )
    .option(
      "--by <system>",
      'name of people in files: "email", or a system such as hubspot',
      "email",
    )
    .addHelpText(
      "after",
      "\nExample:\n  inchworm send-plan spring-sale --hours 48 --cap 1/1 --cap 3/7 --out spring-sale.csv",
    )
    .action((id: string, options: SendPlanOptions) =>
      withWorkspace(options, async (workspace, { terminal }) => {
        const campaign = campaignOf(id, options);
        const people = options.people === undefined ? undefined : await peopleIn(options.people);
        const plan = await workspace.sendPlan(campaign, people ? { people } : {});
        const files = await writePlan(workspace, plan, options);
        terminal.result({ plan: inShort(plan), ...(files.length > 0 && { files }) });
        sayPlan(terminal, plan, files);
      }),
    );
}

function share(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= 0 && value <= 1) return value;
  throw new InchwormError("input", `--explore must be a number from 0 to 1, got "${text}".`);
}
