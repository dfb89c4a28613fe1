import type { Workspace } from "@inchworm/core";
import type { Command } from "commander";
import {
  type AccountOptions,
  accountOptions,
  type Connected,
  withAccounts,
} from "../accounts/connect.js";
import { type Failure, failuresOf, sayFailures, settleEach } from "../accounts/each.js";
import { pullAll, sayPeople, sayPulled } from "../accounts/pull-all.js";
import { pushLatest, sayPushed } from "../accounts/push-all.js";
import { type Context, scorersOf, wholeNumber } from "../context.js";
import { exitCodes } from "../exit-codes.js";
import { type Log, openLog } from "../run/log.js";
import { writeMetrics } from "../run/metrics.js";
import { sayPlan } from "./plan.js";
import { sayScores } from "./score.js";
import { sayCard, sayUntrained } from "./train.js";

interface RunOptions extends AccountOptions {
  readonly trainEvery: number;
  readonly log?: string;
  readonly metrics?: string;
}

const day = 86_400_000;

export function addRun(program: Command): void {
  accountOptions(program.command("run"))
    .summary("pull, train where due, score, plan and push: for a nightly schedule")
    .description(
      "Does the whole way through with all accounts. An account that cannot be read is not written to, and does not hold the others up. Safe to run again at any time; a second one at the same time is refused (exit code 6).",
    )
    .option(
      "--train-every <days>",
      "train again when the latest models are older than this",
      wholeNumber("--train-every", 1),
      14,
    )
    .option("--log <file>", "append what happens as JSON lines; - for stderr")
    .option("--metrics <file>", "write figures of the run for Prometheus, such as run.prom")
    .addHelpText(
      "after",
      "\nExample:\n  0 2 * * * cd /srv/shop && inchworm run --log run.log --metrics run.prom",
    )
    .action(async (options: RunOptions) => {
      const log = options.log === undefined ? undefined : openLog(options.log);
      try {
        await withAccounts(
          options,
          (workspace, accounts, context) => run(workspace, accounts, context, options, log),
          "make",
          {
            onGateEvent: (account, event) =>
              log?.logger[event.kind === "retry" || event.kind === "pause" ? "warn" : "info"](
                { account, ...event },
                "gate",
              ),
          },
        );
      } catch (error) {
        log?.logger.error(
          { reason: error instanceof Error ? error.message : String(error) },
          "failed",
        );
        throw error;
      } finally {
        log?.close();
      }
    });
}

async function run(
  workspace: Workspace,
  accounts: readonly Connected[],
  { config, terminal }: Context,
  options: RunOptions,
  log: Log | undefined,
): Promise<void> {
  const begun = Date.now();
  const failures: Failure[] = [];
  const failed = (step: string, list: readonly Failure[]) => {
    failures.push(...list);
    for (const { account, error } of list)
      log?.logger.error({ account, code: error.code, reason: error.message }, `${step} failed`);
  };
  log?.logger.info({ accounts: accounts.map(({ name }) => name) }, "run");

  const pulls = await settleEach(accounts, (account) => pullAll(workspace, account, false));
  failed("pull", pulls.failed);
  for (const pulled of pulls.done) {
    sayPulled(terminal, pulled);
    for (const { source, ...rest } of pulled.results)
      log?.logger.info({ source, ...rest }, "pulled");
    for (const skipped of pulled.skipped) log?.logger.warn(skipped, "not read");
  }
  await sayPeople(terminal, workspace);

  // without news from any account there is nothing to score anew
  const goesOn = pulls.done.length > 0;
  const trained = goesOn
    ? await trainIfDue(workspace, options.trainEvery, begun, () => scorersOf(config, undefined))
    : undefined;
  if (trained) {
    for (const card of trained.cards) {
      sayCard(terminal, card);
      log?.logger.info({ scorer: card.scorer, verdict: card.verdict }, "trained");
    }
    sayUntrained(terminal, trained.untrained);
  }

  const summaries = goesOn ? await workspace.score() : [];
  sayScores(terminal, summaries);
  for (const { scorer, scored, abstained, drift } of summaries)
    log?.logger.info(
      { scorer, scored, abstained, ...(drift && { drift: drift.because }) },
      "scored",
    );

  const fresh = new Set(pulls.done.map(({ account }) => account));
  const destinations = accounts
    .filter(({ name }) => fresh.has(name))
    .flatMap((account) => account.destinations);
  const pushes = await settleEach(destinations, async (destination) => {
    const plan = await workspace.plan(destination);
    sayPlan(terminal, plan);
    return { plan, ...(await pushLatest(workspace, destination)) };
  });
  failed("push", pushes.failed);
  for (const pushed of pushes.done) {
    sayPushed(terminal, pushed);
    log?.logger.info({ destination: pushed.destination, ...pushed.push }, "pushed");
  }

  const endedAt = Date.now();
  const { contacts } = await workspace.store.summary();
  const astray = pushes.done.some(({ push }) => push.failed + push.unknown > 0);
  const figures = {
    seconds: (endedAt - begun) / 1000,
    endedAt,
    failed: failures.length > 0 || astray,
    contacts,
    scored: Object.fromEntries(summaries.map(({ scorer, scored }) => [scorer, scored])),
    pushes: pushes.done,
    traffic: workspace.traffic(),
  };
  terminal.result({
    pulls: pulls.done,
    trained: trained?.cards.map(({ scorer, verdict }) => ({ scorer, verdict })) ?? [],
    scores: summaries,
    pushes: pushes.done,
    failed: failuresOf(failures),
    seconds: figures.seconds,
  });
  sayFailures(terminal, failures);
  log?.logger.info({ seconds: figures.seconds, failed: figures.failed }, "end");
  if (options.metrics !== undefined) await writeMetrics(options.metrics, figures);
  if (failures.length === 0 && astray) process.exitCode = exitCodes.partial;
}

/** Trains when nothing is trained yet, or the oldest of the latest models is due. */
async function trainIfDue(
  workspace: Workspace,
  everyDays: number,
  now: number,
  scorers: () => Parameters<Workspace["train"]>[0],
): Promise<Awaited<ReturnType<Workspace["train"]>> | undefined> {
  const models = await workspace.store.models();
  const oldest = Math.min(...models.map(({ trainedAt }) => trainedAt));
  if (models.length > 0 && now - oldest < everyDays * day) return undefined;
  return workspace.train(scorers());
}
