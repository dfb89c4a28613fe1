import type { Workspace } from "@inchworm/core";
import { InchwormError } from "@inchworm/spec";
import type { PullResult } from "@inchworm/sync";
import { format, plural, type Terminal } from "../terminal.js";
import type { Connected } from "./connect.js";

export interface Pulled {
  readonly account: string;
  readonly results: readonly PullResult[];
  /** Sources that the token may not read, and why. */
  readonly skipped: readonly { readonly source: string; readonly because: string }[];
}

/**
 * Reads every source of an account, people first. One that the token has no permission for is left out and told; where not even
 * people can be read, that is the failure.
 */
export async function pullAll(
  workspace: Workspace,
  { name, sources }: Connected,
  full: boolean,
): Promise<Pulled> {
  const results: PullResult[] = [];
  const skipped: { source: string; because: string }[] = [];
  for (const [index, source] of sources.entries()) {
    try {
      results.push(...(await workspace.pull({ source, full })));
    } catch (error) {
      if (!InchwormError.is(error, "scope") || index === 0) throw error;
      skipped.push({ source: source.name, because: error.message });
    }
  }
  return { account: name, results, skipped };
}

const words: Readonly<Record<string, readonly [one: string, many: string]>> = {
  contact: ["contact", "contacts"],
  consent: ["consent", "consents"],
  item: ["item", "items"],
  order: ["order", "orders"],
  orderLine: ["order line", "order lines"],
  engagement: ["engagement", "engagements"],
  contract: ["contract", "contracts"],
  campaign: ["campaign", "campaigns"],
  message: ["message", "messages"],
};

export function sayPulled(terminal: Terminal, { results, skipped }: Pulled): void {
  for (const { source, pages, records } of results) {
    const parts = Object.entries(records)
      .filter(([kind, count]) => count > 0 && kind !== "consent")
      .map(([kind, count]) => plural(count, ...words[kind]));
    const what = parts.length > 0 ? parts.join(", ") : "nothing new";
    terminal.say(`${source}: read ${what} in ${plural(pages, "page")}.`);
  }
  for (const { source, because } of skipped) terminal.say(`${source}: not read. ${because}`);
}

/** What the store holds of people after a pull. */
export async function sayPeople(terminal: Terminal, workspace: Workspace): Promise<void> {
  const { contacts, profilingDenied } = await workspace.store.summary();
  const refusing =
    profilingDenied === 0 ? "" : `, ${format(profilingDenied)} of whom refuse profiling`;
  terminal.say(`The store knows ${plural(contacts, "contact")}${refusing}.`);
  for (const { system, people } of await workspace.store.sharedNames())
    terminal.say(
      `${plural(people, "person stands", "people stand")} several times in ${system}: duplicates there, or people who share an address. Merge them there, or leave it: each record gets the scores.`,
    );
}
