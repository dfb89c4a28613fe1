import { cardMarkdown } from "@inchworm/core";
import { InchwormError } from "@inchworm/spec";
import type { Command } from "commander";
import { type CommonOptions, common, withWorkspace } from "../context.js";
import { cardLines } from "../report/card-lines.js";

interface CardOptions extends CommonOptions {
  readonly markdown?: boolean;
}

export function addCard(program: Command): void {
  common(program.command("card"))
    .summary("show how good a scorer is, with small charts")
    .description(
      "Prints the model card of a scorer: its verdict and why, every measure beside the simple rule, who is found how soon, what was foretold against what came, and what it leans on.",
    )
    .argument("<scorer>", 'which, such as "churn"')
    .option("--markdown", "print it as Markdown, for a document")
    .addHelpText(
      "after",
      `
Examples:
  inchworm card churn
  inchworm card value --markdown > value.md

--json prints the card itself, as inchworm train writes it beside the others.`,
    )
    .action((scorer: string, options: CardOptions) =>
      withWorkspace(options, async ({ store }, { terminal }) => {
        const models = await store.models();
        if (models.length === 0)
          throw new InchwormError("insufficient-data", "Nothing is trained yet.", {
            hint: "Train first: inchworm train.",
          });
        const model = models.find((each) => each.scorer === scorer);
        if (!model)
          throw new InchwormError("input", `There is no card of "${scorer}".`, {
            hint: `There are cards of ${models.map((each) => each.scorer).join(", ")}.`,
          });
        terminal.result(model.card);
        if (options.markdown) terminal.say(cardMarkdown(model.card).trimEnd());
        else for (const line of cardLines(model.card)) terminal.say(line);
      }),
    );
}
