import { InchwormError } from "@inchworm/spec";
import type { PushReport, VerifyReport } from "@inchworm/sync";
import type { Command } from "commander";
import { type HubspotCommandOptions, hubspotOptions, withPortal } from "../context.js";
import { exitCodes } from "../exit-codes.js";
import { format, plural, type Terminal } from "../terminal.js";

export function addPush(program: Command): void {
  hubspotOptions(program.command("push"))
    .summary("carry out the latest plan")
    .description(
      "Writes what the latest plan holds, and nothing else. Run it again to go on after any failure; a plan that no longer fits the store is refused.",
    )
    .option("--verify", "read every written value back and compare")
    .addHelpText("after", "\nExample:\n  inchworm plan && inchworm push --verify")
    .action((options: HubspotCommandOptions & { verify?: boolean }) =>
      withPortal(options, async (workspace, portal, { terminal }) => {
        const state = await workspace.store.latestPlan(portal.scores.name);
        if (!state)
          throw new InchwormError("stale-plan", "There is no plan to push.", {
            hint: "Make one and look at it first: inchworm plan.",
          });
        const report = await workspace.push(state.plan, portal.scores);
        const verified = options.verify
          ? await workspace.verify(state.plan, portal.scores)
          : undefined;
        terminal.result({ push: report, ...(verified && { verified }) });
        sayPush(terminal, report);
        if (verified) sayVerified(terminal, verified);
        const astray = (verified?.mismatches ?? 0) + (verified?.missing ?? 0);
        if (report.failed + report.unknown + astray > 0) process.exitCode = exitCodes.partial;
      }),
    );
}

export function sayPush(terminal: Terminal, report: PushReport): void {
  terminal.say(
    `${report.resumed ? "Went on with the plan: " : ""}${format(report.updated)} updated, ${format(report.cleared)} cleared, ${format(report.skipped)} skipped, ${format(report.failed)} failed${report.unknown > 0 ? `, ${format(report.unknown)} unknown` : ""}, in ${plural(report.requests, "request")} and ${report.seconds.toFixed(1)} s.`,
  );
  for (const [code, count] of Object.entries(report.failures).sort((a, b) => b[1] - a[1]))
    terminal.say(
      `  ${code} ${format(count)}: ${waysOut[code] ?? "HubSpot refused them; correct that there, then plan and push again"}`,
    );
}

/** What to do about rows that were not written, by the code they were left with. */
const waysOut: Readonly<Record<string, string>> = {
  gone: "deleted in HubSpot; pull, then plan again",
  merged: "merged into another contact in HubSpot; pull, then plan again",
  "not-mentioned": "HubSpot's answer says nothing of them; plan and push again",
  unknown: "no answer came; plan and push again",
  INVALID_OPTION: "the property lacks an option; plan again, which adds what is missing",
};

export function sayVerified(terminal: Terminal, report: VerifyReport): void {
  terminal.say(
    `Read back: ${plural(report.compared, "value")} compared, ${plural(report.mismatches, "mismatch", "mismatches")}${report.missing > 0 ? `, ${plural(report.missing, "contact")} gone: pull, then plan again` : ""}.`,
  );
}
