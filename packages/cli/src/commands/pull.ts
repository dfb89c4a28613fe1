import type { Workspace } from "@inchworm/core";
import type { Hubspot } from "@inchworm/hubspot";
import type { Command } from "commander";
import {
  type Context,
  type HubspotCommandOptions,
  hubspotOptions,
  withPortal,
} from "../context.js";
import { format, plural } from "../terminal.js";

export function addPull(program: Command): void {
  hubspotOptions(program.command("pull"))
    .summary("read contacts from HubSpot")
    .description(
      "Reads contacts, merges, deletions and opt-outs from HubSpot: what changed since the last pull, or everything the first time. The token is read from HUBSPOT_TOKEN.",
    )
    .option("--full", "read everything again")
    .addHelpText(
      "after",
      "\nExample:\n  HUBSPOT_TOKEN=pat-… inchworm pull --customer-property customer_id --opt-out-property profiling_opt_out",
    )
    .action((options: HubspotCommandOptions & { full?: boolean }) => {
      const work = async (workspace: Workspace, portal: Hubspot, { config, terminal }: Context) => {
        const [result] = await workspace.pull({
          source: portal.contacts,
          full: options.full === true,
        });
        const { contacts, profilingDenied } = await workspace.store.summary();
        const property = options.optOutProperty ?? config.hubspot?.profilingOptOutProperty;
        const profilingOptOut = property === undefined ? "not read" : "read";
        terminal.result({ ...result, contacts, profilingDenied, profilingOptOut });
        const refusing = `${format(profilingDenied)} of whom refuse profiling`;
        terminal.say(
          `Read ${plural(result.records.contact ?? 0, "contact")} in ${plural(result.pages, "page")}. The store knows ${plural(contacts, "contact")}${property === undefined && profilingDenied === 0 ? "" : `, ${refusing}`}.`,
        );
        if (property === undefined)
          terminal.say(
            "Opt-outs from profiling are not read: name the property with --opt-out-property.",
          );
      };
      return withPortal(options, work, "make");
    });
}
