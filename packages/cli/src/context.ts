import { existsSync } from "node:fs";
import {
  churn,
  contractChurn,
  frequency,
  leadScore,
  nextOrder,
  openWorkspace,
  recommend,
  type Scorer,
  segments,
  sendTime,
  timeZone,
  uplift,
  value,
  type Workspace,
  type WorkspaceOptions,
} from "@inchworm/core";
import { InchwormError, itemKinds } from "@inchworm/spec";
import type { Command } from "commander";
import { type Config, loadConfig } from "./config.js";
import { type Terminal, terminal } from "./terminal.js";

/** Options every command has. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly config?: string;
  readonly store?: string;
}

export interface Context {
  readonly terminal: Terminal;
  readonly config: Config;
  readonly storePath: string;
  readonly signal: AbortSignal;
}

export const common = (command: Command): Command =>
  command
    .option("--json", "print one JSON object, for programs")
    .option("--config <file>", "configuration (default: inchworm.config.ts of this folder, if any)")
    .option("--store <file>", 'the store (default: "shop.duckdb", or what the configuration says)');

export async function contextOf(options: CommonOptions): Promise<Context> {
  const config = await loadConfig(options.config);
  const storePath = options.store ?? config.store ?? "shop.duckdb";
  return { terminal: terminal(options), config, storePath, signal: interruption() };
}

/** What an interrupted command says. */
export const interrupted = (): InchwormError =>
  new InchwormError("aborted", "Interrupted.", {
    hint: "Nothing acknowledged is lost; run the same command again to go on.",
  });

let controller: AbortController | undefined;

/** The first Ctrl-C lets what is under way end in order; the second ends at once. One signal for the whole process. */
export function interruption(): AbortSignal {
  if (controller) return controller.signal;
  const first = new AbortController();
  controller = first;
  for (const name of ["SIGINT", "SIGTERM"] as const)
    process.once(name, () => {
      first.abort(interrupted());
      process.once(name, () => process.exit(130));
    });
  return first.signal;
}

/** What is done about a store that is not there: only history coming in makes one. */
export type Missing = "refuse" | "make";

/**
 * Runs `work` on the open store, and closes it whatever happens.
 *
 * @throws InchwormError "insufficient-data" when there is no store, unless it is to be made
 */
export async function withWorkspace<T>(
  options: CommonOptions & { readonly seed?: number },
  work: (workspace: Workspace, context: Context) => Promise<T>,
  missing: Missing = "refuse",
): Promise<T> {
  return inWorkspace(options, await contextOf(options), work, missing);
}

/** The same in a context that stands already. */
export async function inWorkspace<T>(
  options: CommonOptions & { readonly seed?: number },
  context: Context,
  work: (workspace: Workspace, context: Context) => Promise<T>,
  missing: Missing,
  more: Partial<WorkspaceOptions> = {},
): Promise<T> {
  const { terminal, config, storePath, signal } = context;
  if (missing === "refuse" && !existsSync(storePath))
    throw new InchwormError("insufficient-data", `There is no store at ${storePath}.`, {
      hint: "Import or pull first (inchworm import orders FILE), or check --store.",
    });
  const seed = options.seed ?? config.seed;
  const workspace = await openWorkspace(storePath, {
    onProgress: terminal.onProgress,
    signal,
    ...more,
    ...(seed !== undefined && { seed }),
  });
  try {
    return await work(workspace, context);
  } finally {
    terminal.done();
    await workspace.close();
  }
}

/** A whole number of at least `least`, or a clear refusal. */
export function wholeNumber(option: string, least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= least) return value;
    throw new InchwormError("input", `${option} must be a whole number ≥ ${least}, got "${text}".`);
  };
}

/** The values of an option that may be repeated. */
export const listed = (value: string, previous: readonly string[] = []): readonly string[] => [
  ...previous,
  value,
];

/** The scorers of a shop that says nothing else: all that need no settings but how far to look ahead. */
export function usualScorers(horizonDays?: number): Scorer[] {
  const horizon = horizonDays === undefined ? {} : { horizonDays };
  return [segments(), churn(horizon), value(horizon), nextOrder(), leadScore(horizon)];
}

/** Scorers that are trained only when they are named. */
const furtherScorers = (horizonDays?: number): Scorer[] => [
  segments({ by: "data" }),
  segments({ by: "micro" }),
  segments({ by: "time-zone" }),
  timeZone(),
  sendTime(),
  frequency(),
  uplift(horizonDays === undefined ? {} : { horizonDays }),
  contractChurn(horizonDays === undefined ? {} : { horizonDays }),
  // kinds of model race, which a nightly job of a large shop need not do every night
  ...itemKinds.map((kind) => recommend({ kind })),
];

/** A scorer of the configuration, asked about so many days ahead if its question has such an end. */
function looking(scorer: Scorer, horizonDays: number | undefined): Scorer {
  if (horizonDays === undefined) return scorer;
  const options = { ...scorer.options, horizonDays };
  switch (scorer.name) {
    case "churn":
      return churn(options);
    case "contract-churn":
      return contractChurn(options);
    case "value":
      return value(options);
    case "lead-score":
      return leadScore(options);
    case "uplift":
      return uplift(options);
    default:
      return scorer;
  }
}

/** The scorers asked for on the command line, else those of the configuration, else the usual ones. */
export function scorersOf(
  config: Config,
  names: string | undefined,
  horizonDays?: number,
): Scorer[] {
  const all =
    config.scorers?.map((scorer) => looking(scorer, horizonDays)) ?? usualScorers(horizonDays);
  if (names === undefined) return [...all];
  const known = [...all, ...(config.scorers ? [] : furtherScorers(horizonDays))];
  return names.split(",").map((name) => {
    const scorer = known.find((candidate) => candidate.name === name.trim());
    if (scorer) return scorer;
    throw new InchwormError("input", `There is no scorer "${name.trim()}".`, {
      hint: `Known are ${known.map((candidate) => candidate.name).join(", ")}.`,
    });
  });
}
