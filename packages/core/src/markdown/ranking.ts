import type { RankingCard } from "@inchworm/spec";
import { type CardParts, measured, percent } from "./format.js";

export function rankingParts({ k, counts, metrics, rule, gain, ...card }: RankingCard): CardParts {
  const beside = card.beside.map(
    ({ name, recall, ndcg, coverage }) =>
      `| ${name} | ${measured(recall)} | ${measured(ndcg)} | ${percent(coverage)} |`,
  );
  return {
    rows: [
      [`recall of ${k}`, metrics.recall, rule.recall],
      [`NDCG of ${k}`, metrics.ndcg, rule.ndcg],
      ["share of all items that are in a list", metrics.coverage, rule.coverage],
      ["novelty, bits", metrics.novelty, rule.novelty],
      ["popularity over that of what people had", metrics.popularityLift, rule.popularityLift],
    ],
    gain: `recall ${measured(gain.recall)}, NDCG ${measured(gain.ndcg)}`,
    learnedFrom: `${counts.trainingRows} pairs of ${counts.people} people and ${counts.items} items by ${card.model},`,
    judgedOn: `${counts.evaluationRows} people`,
    tables: [
      `${percent(card.fallbackShare)} of all people have no history: they get favourites in place of a list of their own.`,
      "",
      ...(beside.length > 0
        ? [
            `| beside it | recall of ${k} | NDCG of ${k} | coverage |`,
            "|---|---|---|---|",
            ...beside,
            "",
          ]
        : []),
    ],
  };
}
