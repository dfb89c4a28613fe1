import type { SendEvaluation, SendPolicy } from "@inchworm/core";
import { InchwormError } from "@inchworm/spec";
import type { Command } from "commander";
import { type CommonOptions, common, listed, withWorkspace } from "../context.js";

interface SendReportOptions extends CommonOptions {
  readonly policy?: readonly string[];
  readonly channel: string;
}

export function addSendReport(program: Command): void {
  common(program.command("send-report"))
    .summary("would other hours have done better?")
    .description(
      "Tells from the messages of send-plan whose day is over what share would have been answered had another policy chosen the hours, with its interval. Says so where the log cannot tell.",
    )
    .argument("[campaign]", "only messages of this campaign (default: all that were planned)")
    .option(
      "--policy <policy>",
      "personal, everyone, random or a local hour 0 to 23; may be repeated (default: personal, everyone and random)",
      listed,
    )
    .option("--channel <name>", "only messages of this channel", "email")
    .addHelpText(
      "after",
      "\nExample:\n  inchworm send-report spring-sale --policy personal --policy 10",
    )
    .action((campaign: string | undefined, options: SendReportOptions) =>
      withWorkspace(options, async (workspace, { terminal }) => {
        const names = options.policy ?? ["personal", "everyone", "random"];
        const policies = names.map((name) => ({ name, policy: policyOf(name) }));
        const asked = { channel: options.channel, ...(campaign !== undefined && { campaign }) };
        const told: { name: string; found: SendEvaluation }[] = [];
        for (const { name, policy } of policies)
          told.push({ name, found: await workspace.evaluateSends(policy, asked) });
        terminal.result({
          messages: told[0].found.messages,
          campaigns: told[0].found.campaigns,
          answered: told[0].found.logged,
          policies: told.map(({ name, found }) => inShort(name, found)),
        });
        for (const { name, found } of told) terminal.say(`${titleOf(name)}: ${found.because}`);
      }),
    );
}

function policyOf(text: string): SendPolicy {
  if (text === "personal" || text === "everyone" || text === "random") return text;
  const hour = Number(text);
  if (text.trim() !== "" && Number.isInteger(hour) && hour >= 0 && hour < 24) return hour;
  throw new InchwormError("input", `There is no policy "${text}".`, {
    hint: "Known are personal, everyone, random, and a local hour from 0 to 23.",
  });
}

const titles: Readonly<Record<string, string>> = {
  personal: "Everybody's own best hour",
  everyone: "The best hour for everyone",
  random: "Hours by lot",
};

const titleOf = (policy: string): string => titles[policy] ?? `${policy}:00 for everybody`;

const inShort = (
  policy: string,
  {
    verdict,
    because,
    value,
    gain,
    effectiveSample,
    meanWeight,
    largestShare,
    rewardModel,
  }: SendEvaluation,
) => ({
  policy,
  verdict,
  because,
  ...(value && { value }),
  ...(gain && { gain }),
  effectiveSample,
  meanWeight,
  largestShare,
  rewardModel,
});
