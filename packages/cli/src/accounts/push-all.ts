import type { Workspace } from "@inchworm/core";
import { type Destination, InchwormError, type ListsMade } from "@inchworm/spec";
import type { PushReport, VerifyReport } from "@inchworm/sync";
import { exitCodes } from "../exit-codes.js";
import { format, plural, type Terminal } from "../terminal.js";

export interface Pushed {
  readonly destination: string;
  readonly push: PushReport;
  readonly verified?: VerifyReport;
  readonly lists?: ListsMade;
}

export interface PushWishes {
  readonly verify?: boolean;
  readonly lists?: boolean;
}

/** @throws InchwormError "stale-plan" when there is no plan; what pushing throws */
export async function pushLatest(
  workspace: Workspace,
  destination: Destination,
  wishes: PushWishes = {},
): Promise<Pushed> {
  const state = await workspace.store.latestPlan(destination.name);
  if (!state)
    throw new InchwormError("stale-plan", `There is no plan to push to ${destination.name}.`, {
      hint: "Make one and look at it first: inchworm plan.",
    });
  const push = await workspace.push(state.plan, destination);
  const lists = wishes.lists ? await workspace.makeLists(state.plan, destination) : undefined;
  const verified = wishes.verify ? await workspace.verify(state.plan, destination) : undefined;
  const { name } = destination;
  return { destination: name, push, ...(lists && { lists }), ...(verified && { verified }) };
}

/** Says what became of a push, and makes rows that went astray the command's exit code. */
export function sayPushed(
  terminal: Terminal,
  { destination, push, verified, lists }: Pushed,
): void {
  sayPush(terminal, push, destination);
  if (lists)
    terminal.say(
      `  ${plural(lists.created.length, "list")} made, ${format(lists.present.length)} stood already.`,
    );
  if (verified) sayVerified(terminal, verified);
  const astray = (verified?.mismatches ?? 0) + (verified?.missing ?? 0);
  if (push.failed + push.unknown + astray > 0) process.exitCode = exitCodes.partial;
}

export function sayPush(terminal: Terminal, report: PushReport, destination: string): void {
  terminal.say(
    `${destination}: ${report.resumed ? "went on with the plan, " : ""}${format(report.updated)} updated, ${format(report.cleared)} cleared, ${format(report.skipped)} skipped, ${format(report.failed)} failed${report.unknown > 0 ? `, ${format(report.unknown)} unknown` : ""}, in ${plural(report.requests, "request")} and ${report.seconds.toFixed(1)} s.`,
  );
  for (const [code, count] of Object.entries(report.failures).sort((a, b) => b[1] - a[1]))
    terminal.say(
      `  ${code} ${format(count)}: ${waysOut[code] ?? "the platform refused them; correct that there, then: inchworm retry"}`,
    );
}

/** What to do about rows that were not written, by the code they were left with. */
const waysOut: Readonly<Record<string, string>> = {
  gone: "deleted there; pull, then plan again",
  merged: "merged into another contact there; pull, then plan again",
  "not-mentioned": "the answer says nothing of them: inchworm retry",
  unknown: "no answer came: inchworm retry",
  unsubscribed: "left alone: they have unsubscribed",
  cleaned: "left alone: their address bounced",
  pending: "left alone: they have not confirmed yet",
  archived: "left alone: they are archived",
  INVALID_OPTION: "the property lacks an option; plan again, which adds what is missing",
};

export function sayVerified(terminal: Terminal, report: VerifyReport): void {
  terminal.say(
    `Read back: ${plural(report.compared, "value")} compared, ${plural(report.mismatches, "mismatch", "mismatches")}${report.missing > 0 ? `, ${plural(report.missing, "contact")} gone: pull, then plan again` : ""}.`,
  );
}
