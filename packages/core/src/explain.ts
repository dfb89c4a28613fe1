import { InchwormError } from "@inchworm/spec";
import type { ContactScore, FoundContact, Store } from "@inchworm/store";

/** What is known and said of one person. */
export interface Explained extends FoundContact {
  readonly scores: readonly (ContactScore & { readonly question: string; readonly auc: number })[];
  /** Scorers that give nobody a score, and why. */
  readonly withheld: readonly { readonly scorer: string; readonly because: string }[];
}

/** @throws InchwormError "not-found" */
export async function explain(store: Store, person: string): Promise<Explained> {
  const found = await store.find(person);
  if (!found)
    throw new InchwormError("not-found", "Nobody here has that name.", {
      hint: "Give an e-mail address or system:id, such as hubspot:101. A person who opted out is still found; one who was forgotten is not.",
    });
  const cards = new Map((await store.models()).map(({ scorer, card }) => [scorer, card]));
  const scores = await store.scoresOf(found.contact);
  return {
    ...found,
    scores: scores.flatMap((score) => {
      const card = cards.get(score.scorer);
      return card ? [{ ...score, question: card.question, auc: card.metrics.auc.value }] : [];
    }),
    withheld: [...cards.values()]
      .filter(({ verdict }) => verdict === "withheld")
      .map(({ scorer, because }) => ({ scorer, because })),
  };
}
