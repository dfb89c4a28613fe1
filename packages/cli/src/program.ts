import { InchwormError } from "@inchworm/spec";
import { Command, CommanderError } from "commander";
import { addCard } from "./commands/card.js";
import { addDemo } from "./commands/demo.js";
import { addDoctor } from "./commands/doctor.js";
import { addDrivers } from "./commands/drivers.js";
import { addExperiment } from "./commands/experiment.js";
import { addExplain } from "./commands/explain.js";
import { addFit } from "./commands/fit.js";
import { addForget } from "./commands/forget.js";
import { addHoldout } from "./commands/holdout.js";
import { addImport } from "./commands/import.js";
import { addInit } from "./commands/init.js";
import { addLabel } from "./commands/label.js";
import { addMessages } from "./commands/messages.js";
import { addPlan } from "./commands/plan.js";
import { addPower } from "./commands/power.js";
import { addPredict } from "./commands/predict.js";
import { addProof } from "./commands/proof.js";
import { addPull } from "./commands/pull.js";
import { addPush } from "./commands/push.js";
import { addRecommend } from "./commands/recommend.js";
import { addReport } from "./commands/report.js";
import { addRetry } from "./commands/retry.js";
import { addRun } from "./commands/run.js";
import { addSandbox } from "./commands/sandbox.js";
import { addScore } from "./commands/score.js";
import { addSegments } from "./commands/segments.js";
import { addSendPlan } from "./commands/send-plan.js";
import { addSendReport } from "./commands/send-report.js";
import { addSubject } from "./commands/subject.js";
import { addSubjects } from "./commands/subjects.js";
import { addTrain } from "./commands/train.js";
import { addUplift } from "./commands/uplift.js";
import { addValue } from "./commands/value.js";
import { addVariants } from "./commands/variants.js";
import { interrupted } from "./context.js";
import { exitCodeOf, exitCodes } from "./exit-codes.js";

/** The command with all that it can do. With `json` it says nothing of a wrong option itself: the caller does. */
export function program(json = false): Command {
  const root = new Command("inchworm")
    .configureOutput(json ? { outputError() {}, writeErr() {} } : {})
    .description(
      "Measured, explainable predictions for the marketing platforms people already use.",
    )
    .version("0.1.0")
    .showHelpAfterError("(run with --help to see what is possible)")
    .exitOverride()
    .addHelpText(
      "after",
      `
A first look, with nothing to set up:
  inchworm demo

The way through, with your own data:
  inchworm init                        write inchworm.config.ts
  inchworm import orders orders.csv    history in
  inchworm pull                        contacts from HubSpot (token in HUBSPOT_TOKEN)
  inchworm train && inchworm score     learn, and judge what was learned
  inchworm plan && inchworm push       look, then write
  inchworm retry                       write again what failed
  inchworm report --open               see what was learned and written
  inchworm run                         all of it, every night
  inchworm send-plan CAMPAIGN          who gets it when
  inchworm send-report                 would other hours have done better?
  inchworm holdout                     who is left without, so that gain can be told
  inchworm proof                       what campaigns and scores have brought

Any flat table, without a store:
  inchworm fit data.csv --target Churn && inchworm predict model.json new.csv
  inchworm segments table.csv --columns visits,spend

Any table of people some of whom were treated:
  inchworm uplift data.csv --treatment group --treated mail --control none --outcome visit

Any file of tested lines, or of messages with labels:
  inchworm subjects campaigns.csv --text headline --group test --shown impressions --clicked clicks
  inchworm messages train.csv --text text --label category
  inchworm drivers campaigns.csv --segment list --sent-at sent_at
  inchworm variants results.csv

Any campaign: what can be shown before it, and what it brought:
  inchworm power --base 0.03 --contacts 50000 --holdout 0.1
  inchworm experiment campaign.csv --arm group --outcome bought

Any log of orders or interactions, without a store:
  inchworm value orders.csv --customer id --date day --amount spend
  inchworm recommend interactions.csv --user u --item i

Exit codes: 0 done, 1 a fault of ours, 2 wrong input or setting, 3 some rows failed, 4 token or permission,
5 try again later, 6 store in use, 7 an earlier step is needed first, 130 interrupted.`,
    );
  for (const add of [
    addDemo,
    addInit,
    addImport,
    addPull,
    addLabel,
    addTrain,
    addScore,
    addPlan,
    addPush,
    addRetry,
    addRun,
    addSendPlan,
    addSendReport,
    addExplain,
    addForget,
    addDoctor,
    addSandbox,
    addFit,
    addPredict,
    addRecommend,
    addValue,
    addSegments,
    addUplift,
    addSubjects,
    addSubject,
    addMessages,
    addDrivers,
    addVariants,
    addPower,
    addExperiment,
    addHoldout,
    addProof,
    addReport,
    addCard,
  ])
    add(root);
  for (const command of root.commands)
    command.exitOverride().showHelpAfterError("(run with --help to see what is possible)");
  return root;
}

/** Runs one command line and gives the exit code. Every failure is one clear line that says what to do; with `--json` it is an object. */
export async function run(argv: readonly string[]): Promise<number> {
  const json = argv.includes("--json");
  try {
    await program(json).parseAsync(argv as string[], { from: "user" });
    return Number(process.exitCode ?? exitCodes.ok);
  } catch (thrown) {
    const error = isAborted(thrown) ? interrupted() : thrown;
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return exitCodes.ok;
      if (json) sayError(misuse(error), json);
      return exitCodes.usage;
    }
    sayError(error, json);
    return exitCodeOf(error);
  }
}

/** Whoever noticed the interruption first says so in its own words; people get the same ones each time. */
const isAborted = (error: unknown): boolean =>
  error instanceof Error && (error as { code?: unknown }).code === "aborted";

function misuse({ message }: CommanderError): InchwormError {
  const said = message.replace(/^error: /, "").replace(/\s*\n\s*/g, " ");
  return new InchwormError("input", said, { hint: "Run with --help to see what is possible." });
}

function sayError(error: unknown, json: boolean): void {
  const known = InchwormError.is(error);
  const message = error instanceof Error ? error.message : String(error);
  const hint = known ? error.hint : undefined;
  if (json) {
    const code = known ? error.code : "internal";
    process.stdout.write(`${JSON.stringify({ error: { code, message, hint } })}\n`);
    return;
  }
  process.stderr.write(`inchworm: ${message}${hint === undefined ? "" : ` ${hint}`}\n`);
  if (!known && error instanceof Error && process.env.INCHWORM_DEBUG)
    process.stderr.write(`${error.stack}\n`);
}
