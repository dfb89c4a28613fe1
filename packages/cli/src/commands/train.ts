import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cardMarkdown, type PreviewReport, type TrainReport } from "@inchworm/core";
import type {
  Measured,
  ModelCard,
  ProbabilityCard,
  QuantityCard,
  RankingCard,
  UpliftModelCard,
} from "@inchworm/spec";
import type { Command } from "commander";
import { type CommonOptions, common, scorersOf, wholeNumber, withWorkspace } from "../context.js";
import { format, plural, type Terminal } from "../terminal.js";

interface TrainOptions extends CommonOptions {
  readonly scorers?: string;
  readonly horizon?: number;
  readonly seed?: number;
  readonly cards: string;
  readonly preview?: boolean;
}

export function addTrain(program: Command): void {
  common(program.command("train"))
    .summary("learn from history, and say how good it is")
    .description(
      "Trains each scorer on past days and judges it on later ones it never saw. A scorer that does not beat its simple rule is withheld.",
    )
    .option(
      "--scorers <names>",
      "which, separated by commas (default: segments, churn, value, next-order, lead-score; recommend-product, -content and -offer only when named)",
    )
    .option(
      "--horizon <days>",
      "how far churn, value and lead-score look ahead (default: 90, 365 and 90)",
      wholeNumber("--horizon", 1),
    )
    .option("--seed <number>", "seed of every random choice (default: 1)", wholeNumber("--seed", 0))
    .option("--cards <folder>", "where model cards are written", ".inchworm/cards")
    .option("--preview", "only count what each scorer could learn from, and train nothing")
    .addHelpText("after", "\nExample:\n  inchworm train --scorers segments,churn --horizon 60")
    .action((options: TrainOptions) =>
      withWorkspace(options, async (workspace, { config, terminal }) => {
        if (options.preview) {
          const preview = await workspace.preview(
            scorersOf(config, options.scorers, options.horizon),
          );
          terminal.result({ preview });
          sayPreview(terminal, preview);
          return;
        }
        const { cards, untrained } = await workspace.train(
          scorersOf(config, options.scorers, options.horizon),
        );
        await writeCards(options.cards, cards);
        terminal.result({ cards, untrained });
        for (const card of cards) sayCard(terminal, card);
        sayUntrained(terminal, untrained);
        terminal.say(`Cards: ${options.cards}`);
      }),
    );
}

export async function writeCards(folder: string, cards: readonly ModelCard[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const card of cards) {
    await writeFile(join(folder, `${card.scorer}.json`), `${JSON.stringify(card, null, 2)}\n`);
    await writeFile(join(folder, `${card.scorer}.md`), cardMarkdown(card));
  }
}

export function sayCard(terminal: Terminal, card: ModelCard): void {
  terminal.say(`${card.scorer}: ${card.verdict}. ${card.because}`);
  terminal.say(`  ${numbersOf(card)}`);
  const { prior, notes = [], opens, backtest } = card;
  if (prior) terminal.say(`  ${prior.because}`);
  for (const note of notes) terminal.say(`  ${note}`);
  if (opens)
    terminal.say(
      `  with e-mail opens among the features ${opens.with.value.toFixed(3)}, without them ${opens.without.value.toFixed(3)}`,
    );
  if (backtest) terminal.say(`  ${backtest.because}`);
}

function numbersOf(card: ModelCard): string {
  if (card.kind === "probability") return ofProbability(card);
  if (card.kind === "uplift") return ofUplift(card);
  return card.kind === "quantity" ? ofQuantity(card) : ofRanking(card);
}

const three = ({ value, low, high }: Measured): string =>
  `${value.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;

const ofProbability = ({ metrics, counts, baseRate, rule }: ProbabilityCard): string =>
  [
    `AUC ${three(metrics.auc)}, ${rule.name} ${three(rule.auc)}; calibration error ${metrics.calibrationError.value.toFixed(3)}; lift in the top tenth ${metrics.liftTopDecile.value.toFixed(2)}`,
    `  judged on ${format(counts.evaluationRows)} customers, ${(baseRate * 100).toFixed(1)} % positive; learned from ${format(counts.trainingRows)} rows`,
  ].join("\n");

const ofQuantity = ({ metrics, counts, mean, rule, unit }: QuantityCard): string =>
  [
    `mean error ${three(metrics.mae)} ${unit}, ${rule.name} ${three(rule.mae)}${metrics.coverage80 ? `; ${(metrics.coverage80.value * 100).toFixed(1)} % of the truths in the 80 % interval` : ""}`,
    `  judged on ${format(counts.evaluationRows)} customers, ${mean.toFixed(2)} ${unit} on average; learned from ${format(counts.trainingRows)} rows`,
  ].join("\n");

const ofRanking = ({ metrics, counts, rule, k, model, fallbackShare }: RankingCard): string =>
  [
    `NDCG of ${k} ${three(metrics.ndcg)}, ${rule.name} ${three(rule.ndcg)}; recall ${three(metrics.recall)}; ${(metrics.coverage * 100).toFixed(1)} % of all items in a list`,
    `  judged on ${format(counts.evaluationRows)} people; learned by ${model} from ${format(counts.trainingRows)} pairs of a person and an item; ${(fallbackShare * 100).toFixed(1)} % have no history and get favourites`,
  ].join("\n");

const ofUplift = ({ metrics, counts, rule, arm, control, model }: UpliftModelCard): string =>
  [
    `Qini ${three(metrics.qini)}; effect on the 30 % ranked highest ${metrics.uplift30.toFixed(4)}, on all ${rule.effect.value.toFixed(4)}`,
    `  ${arm} against ${control}: ${format(counts.trainingRows)} people, ${format(counts.treated)} of them treated, ranked by ${model} and judged by models that had not seen them`,
  ].join("\n");

export function sayPreview(terminal: Terminal, reports: readonly PreviewReport[]): void {
  for (const { scorer, counts, because } of reports) {
    if (!counts) {
      terminal.say(`${scorer}: ${because}`);
      continue;
    }
    const { population, positives, negatives, needed } = counts;
    const missing = needed - Math.min(positives, negatives);
    terminal.say(
      `${scorer}: of ${plural(population, "person", "people")} asked about, ${format(positives)} did and ${format(negatives)} did not; ${format(needed)} of each are needed${missing > 0 ? `: ${format(missing)} are missing` : ""}.`,
    );
  }
}

export function sayUntrained(terminal: Terminal, untrained: TrainReport["untrained"]): void {
  for (const { scorer, because } of untrained) terminal.say(`${scorer}: not trained. ${because}`);
}
