import type { Workspace, WorkspaceOptions } from "@inchworm/core";
import { type Adapter, type Destination, InchwormError, type Source } from "@inchworm/spec";
import type { Command } from "commander";
import type { Config } from "../config.js";
import {
  type CommonOptions,
  type Context,
  common,
  contextOf,
  inWorkspace,
  listed,
  type Missing,
} from "../context.js";
import { type HubspotCommandOptions, hubspotFrom, platforms } from "./platforms.js";

/** Options of commands that talk to accounts. */
export interface AccountOptions extends CommonOptions, HubspotCommandOptions {
  readonly account?: readonly string[];
  readonly source?: readonly string[];
  readonly to?: readonly string[];
}

/** An account as the commands use it. */
export interface Connected {
  /** Such as "hubspot" or "hubspot:eu". */
  readonly name: string;
  readonly adapter: Adapter;
  readonly sources: readonly Source[];
  readonly destinations: readonly Destination[];
  /** Names of all that there are, chosen or not. */
  readonly known: { readonly sources: readonly string[]; readonly destinations: readonly string[] };
}

export const accountOptions = (command: Command): Command =>
  common(command)
    .option("--account <name>", "only this account, such as hubspot:eu; may be repeated", listed)
    .option("--hubspot-url <url>", "another address than HubSpot's, such as a stand-in's")
    .option("--customer-property <name>", "contact property that holds the shop's customer number")
    .option(
      "--opt-out-property <name>",
      "contact property that is true for people who refuse profiling",
    );

/**
 * Runs `work` on the open store with the accounts, whose settings are looked at before the store is touched.
 *
 * @throws InchwormError "insufficient-data" when there is no store, unless it is to be made
 */
export async function withAccounts<T>(
  options: AccountOptions,
  work: (workspace: Workspace, accounts: readonly Connected[], context: Context) => Promise<T>,
  missing: Missing = "refuse",
  more: Partial<WorkspaceOptions> = {},
): Promise<T> {
  const context = await contextOf(options);
  const accounts = await accountsOf(context.config, options);
  const run = (workspace: Workspace) => work(workspace, accounts, context);
  return inWorkspace(options, context, run, missing, more);
}

/**
 * The accounts of the configuration, else those whose tokens stand in the environment.
 *
 * @throws InchwormError "auth" when there is no token at all; "config" for settings that cannot be; "input" for an account that is none
 */
export async function accountsOf(
  config: Config,
  options: AccountOptions,
): Promise<readonly Connected[]> {
  const all = (await adaptersOf(config, options)).map((adapter) => connected(adapter, options));
  refuseUnknown(
    "source",
    options.source,
    all.flatMap(({ known }) => known.sources),
  );
  refuseUnknown(
    "destination",
    options.to,
    all.flatMap(({ known }) => known.destinations),
  );
  const twin = all.find(({ name }, index) => all.findIndex((one) => one.name === name) < index);
  if (twin)
    throw new InchwormError("config", `Two accounts are named "${twin.name}".`, {
      hint: `Tell them apart: the option "account" makes one of them "${twin.name}:…".`,
    });
  const { account: wanted } = options;
  if (wanted === undefined) return all;
  for (const name of wanted)
    if (!all.some((one) => one.name === name))
      throw new InchwormError("input", `There is no account "${name}".`, {
        hint: `There are ${all.map((one) => one.name).join(", ")}.`,
      });
  return all.filter(({ name }) => wanted.includes(name));
}

/** @throws InchwormError "config" when no account takes scores */
export function destinationsOf(accounts: readonly Connected[]): readonly Destination[] {
  const all = accounts.flatMap(({ destinations }) => destinations);
  if (all.length > 0) return all;
  throw new InchwormError("config", "None of the accounts takes scores.", {
    hint: "Name an account that does, or leave --account out.",
  });
}

async function adaptersOf(config: Config, options: AccountOptions): Promise<readonly Adapter[]> {
  if (config.accounts) {
    if (options.hubspotUrl ?? options.customerProperty ?? options.optOutProperty)
      throw new InchwormError(
        "input",
        "The configuration has its own accounts: --hubspot-url, --customer-property and --opt-out-property are for the one from the environment.",
        { hint: "Give them as options of hubspot() in inchworm.config.ts." },
      );
    return config.accounts;
  }
  const found = platforms.filter(({ isThere }) => isThere(process.env));
  // without any token the refusal of the platform that most people start with says what to do
  if (found.length === 0) return [await hubspotFrom(config, options)];
  return Promise.all(found.map(({ connect }) => connect(config, options)));
}

function refuseUnknown(
  what: string,
  wanted: readonly string[] | undefined,
  known: readonly string[],
): void {
  const stranger = wanted?.find((name) => !known.includes(name));
  if (stranger === undefined) return;
  throw new InchwormError("input", `There is no ${what} "${stranger}".`, {
    hint: `There are ${known.join(", ")}.`,
  });
}

/** Sources and destinations are further properties of an adapter. */
function connected(adapter: Adapter, { source, to }: AccountOptions): Connected {
  const parts = Object.values(adapter).filter(
    (part): part is Source | Destination =>
      typeof part === "object" && part !== null && typeof part.read === "function",
  );
  const isDestination = (part: Source | Destination): part is Destination => "write" in part;
  const sources = parts.filter((part): part is Source => !isDestination(part));
  const destinations = parts.filter(isDestination);
  const named = <T extends { readonly name: string }>(
    all: readonly T[],
    names: readonly string[] | undefined,
  ): readonly T[] => (names ? all.filter(({ name }) => names.includes(name)) : all);
  return {
    name: adapter.account.system,
    adapter,
    sources: named(sources, source ?? adapter.reads),
    destinations: named(destinations, to ?? adapter.writes),
    known: {
      sources: sources.map(({ name }) => name),
      destinations: destinations.map(({ name }) => name),
    },
  };
}
