import type { Workspace } from "@inchworm/core";
import type { RecordKind } from "@inchworm/spec";
import type { Command } from "commander";
import {
  type AccountOptions,
  accountOptions,
  type Connected,
  withAccounts,
} from "../accounts/connect.js";
import { each, failuresOf, sayFailures } from "../accounts/each.js";
import { type Pulled, pullAll, sayPeople, sayPulled } from "../accounts/pull-all.js";
import { type Context, listed } from "../context.js";

export function addPull(program: Command): void {
  accountOptions(program.command("pull"))
    .summary("read people and history from the platforms")
    .description(
      "Reads people, merges, deletions and opt-outs, and what else an account gives (orders, campaigns, engagements): what changed since the last pull, or everything the first time. Accounts stand in inchworm.config.ts; without one, in the environment: HUBSPOT_TOKEN, MAILCHIMP_API_KEY, SALESFORCE_CLIENT_ID.",
    )
    .option(
      "--source <name>",
      "only this source, such as salesforce:orders; may be repeated",
      listed,
    )
    .option("--full", "read everything again")
    .addHelpText(
      "after",
      "\nExample:\n  HUBSPOT_TOKEN=pat-… inchworm pull --customer-property customer_id --opt-out-property profiling_opt_out",
    )
    .action((options: AccountOptions & { full?: boolean }) => {
      const work = async (
        workspace: Workspace,
        accounts: readonly Connected[],
        { config, terminal }: Context,
      ) => {
        const { done, failed } = await each(accounts, (account) =>
          pullAll(workspace, account, options.full === true),
        );
        const { contacts, profilingDenied } = await workspace.store.summary();
        const property = options.optOutProperty ?? config.hubspot?.profilingOptOutProperty;
        const unread = config.accounts === undefined && property === undefined;
        terminal.result({
          ...inAll(done),
          sources: done.flatMap(({ results }) => results),
          skipped: done.flatMap(({ skipped }) => skipped),
          failed: failuresOf(failed),
          contacts,
          profilingDenied,
          sharedNames: await workspace.store.sharedNames(),
          ...(config.accounts === undefined && { profilingOptOut: unread ? "not read" : "read" }),
        });
        for (const pulled of done) sayPulled(terminal, pulled);
        await sayPeople(terminal, workspace);
        if (unread)
          terminal.say(
            "Opt-outs from profiling are not read: name the property with --opt-out-property.",
          );
        sayFailures(terminal, failed);
      };
      return withAccounts(options, work, "make");
    });
}

function inAll(done: readonly Pulled[]) {
  const results = done.flatMap((pulled) => pulled.results);
  const sum = (pick: (result: (typeof results)[number]) => number) =>
    results.reduce((total, result) => total + pick(result), 0);
  const records: Partial<Record<RecordKind, number>> = {};
  for (const result of results)
    for (const [kind, count] of Object.entries(result.records))
      records[kind as RecordKind] = (records[kind as RecordKind] ?? 0) + count;
  return {
    pages: sum(({ pages }) => pages),
    records,
    requests: sum(({ requests }) => requests),
    restarts: sum(({ restarts }) => restarts),
    seconds: sum(({ seconds }) => seconds),
  };
}
