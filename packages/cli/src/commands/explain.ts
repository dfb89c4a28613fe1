import type { ExplainedScore } from "@inchworm/core";
import type { Command } from "commander";
import { type CommonOptions, common, withWorkspace } from "../context.js";

export function addExplain(program: Command): void {
  common(program.command("explain"))
    .summary("say what is known and scored of one person, and why")
    .argument("<person>", "an e-mail address, or system:id such as hubspot:101 or customer:C000123")
    .addHelpText("after", "\nExample:\n  inchworm explain customer:C000123")
    .action((person: string, options: CommonOptions) =>
      withWorkspace(options, async (workspace, { terminal }) => {
        const found = await workspace.explain(person);
        terminal.result(found);
        const systems = found.identities.filter(({ system }) => system !== "email");
        terminal.say(
          `Contact ${found.contact}, known as ${systems.map(({ system, id }) => `${system}:${id}`).join(", ") || "an e-mail address"}.`,
        );
        if (found.profiling === "denied") {
          terminal.say(
            "Refuses profiling: not scored, and an old score is cleared by the next push.",
          );
          return;
        }
        if (found.scores.length === 0) terminal.say("No scores yet. Run inchworm score.");
        for (const score of found.scores) {
          const on = new Date(score.asOf).toISOString().slice(0, 10);
          terminal.say(`${score.scorer} as of ${on} (${score.question} ${quality(score)})`);
          if (score.abstained !== undefined) terminal.say(`  no score: ${score.abstained}`);
          else
            for (const [field, value] of Object.entries(score.values))
              if (!field.endsWith("_reason")) terminal.say(`  ${field}: ${value}`);
          for (const reason of score.reasons) terminal.say(`  because ${reason}`);
        }
        for (const { scorer, because } of found.withheld) terminal.say(`${scorer}: ${because}`);
      }),
    );
}

const quality = ({ auc, mae, unit }: ExplainedScore): string =>
  auc === undefined
    ? `Off by ${(mae ?? Number.NaN).toFixed(2)} ${unit} on average`
    : `AUC ${auc.toFixed(3)}`;
