import type { ScoreSummary } from "@inchworm/store";
import type { Command } from "commander";
import { type CommonOptions, common, withWorkspace } from "../context.js";
import { format, plural, type Terminal } from "../terminal.js";

export function addScore(program: Command): void {
  common(program.command("score"))
    .summary("score every contact with the trained models")
    .description(
      "Scores every contact as of the last day in history. People who refuse profiling get no score; a withheld scorer gives nobody one. Says when features or scores have moved so far since the training that a model should be trained again.",
    )
    .addHelpText("after", "\nExample:\n  inchworm score")
    .action((options: CommonOptions) =>
      withWorkspace(options, async (workspace, { terminal }) => {
        const summaries = await workspace.score();
        const withheld = (await workspace.store.models())
          .filter(({ card }) => card.verdict === "withheld")
          .map(({ scorer, card }) => ({ scorer, because: card.because }));
        terminal.result({ scores: summaries, withheld });
        sayScores(terminal, summaries);
        for (const { scorer, because } of withheld)
          terminal.say(`${scorer}: nobody is scored. ${because}`);
        const old = staleness(summaries, Date.now());
        if (old !== undefined) terminal.say(old);
      }),
    );
}

const day = 86_400_000;
/** History that ends longer ago than this makes scores of another time. */
const mostDaysOld = 14;

/** A warning when the scores speak of a day long past. */
export function staleness(summaries: readonly ScoreSummary[], now: number): string | undefined {
  if (summaries.length === 0) return undefined;
  const asOf = Math.max(...summaries.map((summary) => summary.asOf));
  const days = Math.floor((now - asOf) / day);
  if (days <= mostDaysOld) return undefined;
  const ends = new Date(asOf - day).toISOString().slice(0, 10);
  return `History ends on ${ends}, ${plural(days, "day")} ago, and the scores speak of that day: import or pull newer orders before you push.`;
}

/** A field with more values than this, such as RFM ranks, is no overview; `--json` has all. */
const mostValues = 12;

export function sayScores(terminal: Terminal, summaries: readonly ScoreSummary[]): void {
  for (const { scorer, asOf, scored, abstained, abstentions, categories, drift } of summaries) {
    const on = new Date(asOf).toISOString().slice(0, 10);
    terminal.say(
      `${scorer} as of ${on}: ${plural(scored, "contact")} scored, ${format(abstained)} not.`,
    );
    for (const [reason, count] of Object.entries(abstentions))
      terminal.say(`  no score, ${reason}: ${format(count)}`);
    for (const [field, values] of Object.entries(categories)) {
      if (Object.keys(values).length > mostValues) continue;
      const parts = Object.entries(values).map(([value, count]) => `${value} ${format(count)}`);
      terminal.say(`  ${field}: ${parts.join(", ")}`);
    }
    if (drift) terminal.say(`  drift: ${drift.because}`);
  }
}
