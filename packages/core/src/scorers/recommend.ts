import type { Answers, Scorer } from "../scorer.js";
import { joinAnswers } from "./recommend-answers.js";
import { recommendFields } from "./recommend-fields.js";
import { type RecommendOptions, settingsOf } from "./recommend-options.js";
import { scoreRecommend } from "./recommend-score.js";
import { trainRecommend } from "./recommend-train.js";

/**
 * What to offer each contact next: products, content or offers, chosen from their own history by the kind of model that does best
 * on later days, or the favourites of their country, or of all, where there is no history. Must beat the popular list on a later
 * window that training never saw.
 *
 * Offers go by what each is expected to earn: the chance that it is taken times its margin, less its cost, within a budget. As long
 * as nothing is known of what offers change, the chance that the person orders anyway stands in for it: of somebody sure to buy,
 * no offer earns anything.
 */
export function recommend(options: RecommendOptions = {}): Scorer {
  const settings = settingsOf(options);
  const { kind } = settings;
  return {
    name: `recommend-${kind}`,
    options: { ...options, kind },
    fields: recommendFields(kind),
    train: (history, work) => trainRecommend(history, settings, work),
    async score(history, artifact, work) {
      const parts: Answers[] = [];
      for await (const part of scoreRecommend(history, artifact, settings, work)) parts.push(part);
      return joinAnswers(parts);
    },
    scoreInParts: (history, artifact, work) => scoreRecommend(history, artifact, settings, work),
  };
}
