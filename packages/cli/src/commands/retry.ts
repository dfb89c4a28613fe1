import type { RetryReport } from "@inchworm/sync";
import type { Command } from "commander";
import {
  type AccountOptions,
  accountOptions,
  destinationsOf,
  withAccounts,
} from "../accounts/connect.js";
import { each, failuresOf, sayFailures } from "../accounts/each.js";
import { sayPushed } from "../accounts/push-all.js";
import { listed } from "../context.js";
import { format, plural, type Terminal } from "../terminal.js";

const mostListed = 20;

export function addRetry(program: Command): void {
  accountOptions(program.command("retry"))
    .summary("try again what could not be written")
    .description(
      "Reads back what had no answer, sends what failed once more, and lets the next plan hold records that plans had given up after failing three times in a row.",
    )
    .option("--list", "show what failed, by record and reason, and try nothing")
    .option("--to <name>", "only this destination, such as mailchimp:tags; may be repeated", listed)
    .addHelpText("after", "\nExample:\n  inchworm retry --list\n  inchworm retry")
    .action((options: AccountOptions & { list?: boolean }) =>
      withAccounts(options, async (workspace, accounts, { terminal }) => {
        const destinations = destinationsOf(accounts);
        if (options.list) {
          const letters = [];
          for (const { name } of destinations)
            for (const letter of await workspace.store.deadLetters(name))
              letters.push({ destination: name, ...letter });
          terminal.result({ deadLetters: letters });
          terminal.say(`${plural(letters.length, "record")} could not be written.`);
          for (const { destination, recordId, code, failures, at } of letters.slice(0, mostListed))
            terminal.say(
              `  ${destination} ${recordId}: ${code}, ${failures === 0 ? "no answer" : plural(failures, "plan")}, last ${new Date(at).toISOString().slice(0, 10)}`,
            );
          if (letters.length > mostListed)
            terminal.say(`  and ${format(letters.length - mostListed)} more: --json has all.`);
          return;
        }
        const { done, failed } = await each(destinations, async (destination) => ({
          destination: destination.name,
          ...(await workspace.retry(destination)),
        }));
        terminal.result({ retries: done, failed: failuresOf(failed) });
        for (const report of done) sayRetried(terminal, report);
        sayFailures(terminal, failed);
      }),
    );
}

function sayRetried(
  terminal: Terminal,
  { destination, found, reopened, revived, push, stale }: RetryReport & { destination: string },
): void {
  if (found + reopened + revived === 0) {
    terminal.say(`${destination}: nothing had failed.`);
    return;
  }
  if (found > 0)
    terminal.say(`${destination}: ${plural(found, "row")} without an answer had been written.`);
  if (push) sayPushed(terminal, { destination, push });
  if (revived > 0)
    terminal.say(
      `${destination}: the next plan holds ${plural(revived, "record")} again${stale === undefined ? "" : ` (the latest no longer fits: ${stale})`}. Next: inchworm plan && inchworm push.`,
    );
}
