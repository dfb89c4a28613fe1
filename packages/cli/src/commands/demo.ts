import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openWorkspace } from "@inchworm/core";
import type { ModelCard, ProbabilityCard, QuantityCard } from "@inchworm/spec";
import type { Command } from "commander";
import { sayPush, sayVerified } from "../accounts/push-all.js";
import { type CommonOptions, contextOf, usualScorers, wholeNumber } from "../context.js";
import { exitCodes } from "../exit-codes.js";
import { writeReport } from "../report/write-report.js";
import { format, plural } from "../terminal.js";
import { sayPlan } from "./plan.js";
import { sayScores } from "./score.js";
import { sayCard, sayUntrained, writeCards } from "./train.js";

interface DemoOptions extends CommonOptions {
  readonly contacts: number;
  readonly seed: number;
}

/** What a program may read of a demo: `.inchworm/demo/summary.json`. */
interface Summary {
  readonly contacts: number;
  readonly events: number;
  readonly cards: readonly {
    readonly scorer: string;
    readonly verdict: ModelCard["verdict"];
    readonly auc?: number;
    readonly aucLow?: number;
    readonly aucHigh?: number;
    readonly ruleAuc?: number;
    readonly calibrationError?: number;
    readonly mae?: number;
    readonly maeLow?: number;
    readonly maeHigh?: number;
    readonly ruleMae?: number;
    readonly unit?: string;
  }[];
  readonly push: {
    readonly updated: number;
    readonly skipped: number;
    readonly failed: number;
    readonly requests: number;
  };
  readonly verified: { readonly compared: number; readonly mismatches: number };
  readonly seconds: number;
}

const folder = ".inchworm/demo";

export function addDemo(program: Command): void {
  program
    .command("demo")
    .summary("see the whole way through on a made-up shop")
    .description(
      `Makes up a shop, runs a HubSpot stand-in on this machine, and goes the whole way: history in, features, models, scores, plan, push, and every value read back. Leaves everything in ${folder}.`,
    )
    .option("--contacts <count>", "size of the shop", wholeNumber("--contacts", 500), 20_000)
    .option("--seed <number>", "another shop", wholeNumber("--seed", 0), 1)
    .option("--json", "print the summary as one JSON object, for programs")
    .addHelpText("after", "\nExample:\n  inchworm demo --contacts 5000")
    .action(demo);
}

async function demo(options: DemoOptions): Promise<void> {
  const started = performance.now();
  const { hubspot } = await import("@inchworm/hubspot");
  const { hubspotProperties, hubspotSandbox, madeUpShop, shopProperties, writeShop } = await import(
    "@inchworm/sandbox"
  );
  const { terminal, signal } = await contextOf(options);
  const { onProgress } = terminal;
  const { contacts, seed } = options;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });

  terminal.say(`1. A made-up shop with ${plural(contacts, "contact")} (seed ${seed}).`);
  const shop = madeUpShop({ contacts, seed });
  const files = await writeShop(shop, join(folder, "files"), { onProgress, signal });

  terminal.say("2. A HubSpot stand-in on this machine, filled with those contacts.");
  const sandbox = await hubspotSandbox({
    tier: "professional",
    seed,
    properties: shopProperties,
  });
  const storePath = join(folder, "shop.duckdb");
  const workspace = await openWorkspace(storePath, { onProgress, signal, seed });
  try {
    for (const batch of shop.contacts()) sandbox.addContacts(batch.map(hubspotProperties));
    const portal = hubspot({
      accessToken: sandbox.token,
      baseUrl: sandbox.url,
      customerIdProperty: "customer_id",
      profilingOptOutProperty: "profiling_opt_out",
    });

    terminal.say("3. History in: files of the shop, contacts from HubSpot.");
    await workspace.import("items", files.items);
    await workspace.import("campaigns", files.campaigns);
    await workspace.import("orders", files.orders);
    await workspace.import("engagements", files.engagements);
    await workspace.pull(portal.contacts);
    const summary = await workspace.store.summary();
    terminal.say(
      `   ${plural(summary.contacts, "contact")}, ${plural(summary.events, "event")}; ${format(summary.profilingDenied)} people refuse profiling and are left out.`,
    );

    terminal.say("4. Models that had to beat a simple rule on later days.");
    const { cards, untrained } = await workspace.train(usualScorers());
    await writeCards(join(folder, "cards"), cards);
    for (const card of cards) sayCard(terminal, card);
    sayUntrained(terminal, untrained);

    terminal.say("5. Scores with reasons.");
    sayScores(terminal, await workspace.score());

    terminal.say("6. A dry run, then the push.");
    const plan = await workspace.plan(portal.scores);
    sayPlan(terminal, plan);
    const push = await workspace.push(plan);
    sayPush(terminal, push, portal.scores.name);

    terminal.say("7. Every value read back and compared.");
    const verified = await workspace.verify(plan);
    sayVerified(terminal, verified);
    const again = await workspace.plan(portal.scores);
    terminal.say(
      `   A second plan holds ${plural(again.updates + again.clears, "write")}: unchanged scores are not written.`,
    );

    terminal.say("8. A report.");
    const report = join(folder, "report.html");
    await writeReport(workspace, report);

    const seconds = (performance.now() - started) / 1000;
    const result: Summary = {
      contacts: summary.contacts,
      events: summary.events,
      cards: cards
        .filter((card) => card.kind === "probability" || card.kind === "quantity")
        .map(inShort),
      push: {
        updated: push.updated,
        skipped: plan.skips + push.skipped,
        failed: push.failed + push.unknown,
        requests: push.requests,
      },
      verified: { compared: verified.compared, mismatches: verified.mismatches },
      seconds: Math.round(seconds * 10) / 10,
    };
    await writeFile(join(folder, "summary.json"), `${JSON.stringify(result, null, 2)}\n`);
    terminal.result(result);
    terminal.say(
      `Done in ${result.seconds} s. Look around: ${folder}/summary.json, ${folder}/cards/churn.md,`,
    );
    terminal.say(`  ${report} (open it in a browser),`);
    terminal.say(`  npm run inchworm -- explain customer:C000004 --store ${storePath}`);
    if (result.push.failed + verified.mismatches + verified.missing > 0)
      process.exitCode = exitCodes.partial;
  } finally {
    terminal.done();
    await workspace.close();
    await sandbox.close();
  }
}

/** Of a scorer that gives a number. */
function inShort(card: ProbabilityCard | QuantityCard): Summary["cards"][number] {
  const { scorer, verdict } = card;
  if (card.kind === "quantity") {
    const { value, low, high } = card.metrics.mae;
    const { unit, rule } = card;
    return {
      scorer,
      verdict,
      mae: value,
      maeLow: low,
      maeHigh: high,
      ruleMae: rule.mae.value,
      unit,
    };
  }
  const { auc, calibrationError } = card.metrics;
  return {
    scorer,
    verdict,
    auc: auc.value,
    aucLow: auc.low,
    aucHigh: auc.high,
    ruleAuc: card.rule.auc.value,
    calibrationError: calibrationError.value,
  };
}
