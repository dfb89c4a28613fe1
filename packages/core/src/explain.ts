import { InchwormError, type ModelCard } from "@inchworm/spec";
import type { ContactScore, FoundContact, Store } from "@inchworm/store";

/** What is known and said of one person. */
export interface Explained extends FoundContact {
  readonly scores: readonly ExplainedScore[];
  /** Scorers that give nobody a score, and why. */
  readonly withheld: readonly { readonly scorer: string; readonly because: string }[];
}

/**
 * A score, the question it answers, and how good the answers were on later days: the AUC of a probability, the error of a quantity,
 * the NDCG of lists.
 */
export interface ExplainedScore extends ContactScore {
  readonly question: string;
  readonly auc?: number;
  /** Mean absolute error, in `unit`. */
  readonly mae?: number;
  readonly unit?: string;
  readonly ndcg?: number;
}

/** @throws InchwormError "not-found" */
export async function explain(store: Store, person: string): Promise<Explained> {
  const found = await store.find(person);
  if (!found)
    throw new InchwormError("not-found", "Nobody here has that name.", {
      hint: "Give an e-mail address or system:id, such as hubspot:101. A person who opted out is still found; one who was forgotten is not.",
    });
  const models = new Map((await store.models()).map((model) => [model.scorer, model]));
  const withheld: { scorer: string; because: string }[] = [];
  for (const { scorer, card } of models.values())
    if (card.verdict === "withheld") withheld.push({ scorer, because: card.because });
  const scores: ExplainedScore[] = [];
  for (const score of await store.scoresOf(found.contact)) {
    const model = models.get(score.scorer);
    if (!model || model.card.verdict === "withheld") continue;
    if (model.id === score.modelId)
      scores.push({ ...score, question: model.card.question, ...quality(model.card) });
    else
      withheld.push({
        scorer: score.scorer,
        because: "It was trained again since it scored: score again.",
      });
  }
  return { ...found, scores, withheld };
}

function quality(card: ModelCard): Pick<ExplainedScore, "auc" | "mae" | "unit" | "ndcg"> {
  if (card.kind === "probability") return { auc: card.metrics.auc.value };
  if (card.kind === "ranking") return { ndcg: card.metrics.ndcg.value };
  if (card.kind === "uplift") return {};
  return { mae: card.metrics.mae.value, unit: card.unit };
}
