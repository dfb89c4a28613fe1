import { InchwormError } from "@inchworm/spec";
import type { Command } from "commander";
import { type CommonOptions, common, wholeNumber, withWorkspace } from "../context.js";
import { sayProof } from "../experiment/tell-proof.js";

interface ProofCommandOptions extends CommonOptions {
  readonly days: number;
  readonly asOf?: number;
}

export function addProof(program: Command): void {
  common(program.command("proof"))
    .summary("what campaigns and scores have brought since the start, against who went without")
    .description(
      "Compares, for every decision that was kept (inchworm holdout --decide, or shop.decide), those who were treated with those held out: who ordered and what they spent, the cost of each order that came of it, what the experiment could still show, and alarms where scores have moved or promise too much. The same log and day give the same report.",
    )
    .option(
      "--days <number>",
      "how long after a decision outcomes count",
      wholeNumber("--days", 1),
      30,
    )
    .option("--as-of <day>", "as it stood at the start of this day, such as 2025-06-01", instant)
    .addHelpText(
      "after",
      `
Example:
  inchworm proof --days 28

--json prints { asOf, days, universal?: { outcome, result }, scorers: [{ scorer?, since, campaigns, verdict, because, pooled?,
  incremental?: { value, low, high }, cost, alarms: [{ kind: "drift" | "inflation", because }] }], campaigns: [{ campaign, scorer?,
  holdout?, since, people, treated, verdict, because, ordered?, spend?, incremental?, cost, costPerIncremental?: { value, low, high? },
  detectable? }], notes }; "ordered", "spend" and "result" are as inchworm experiment prints them.`,
    )
    .action((options: ProofCommandOptions) =>
      withWorkspace(options, async (shop, { terminal }) => {
        const { days, asOf } = options;
        const proof = await shop.proof({ days, ...(asOf !== undefined && { asOf }) });
        terminal.result(proof);
        sayProof(terminal, proof);
      }),
    );
}

function instant(text: string): number {
  const at = Date.parse(/^\d{4}-\d{2}-\d{2}$/.test(text.trim()) ? `${text.trim()}T00:00Z` : text);
  if (Number.isFinite(at)) return at;
  throw new InchwormError("input", `--as-of must be a day such as 2025-06-01, got "${text}".`);
}
