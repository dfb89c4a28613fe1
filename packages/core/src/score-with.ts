import type { Store, StoredModel } from "@inchworm/store";
import { toKeep } from "./backtest/backtest.js";
import { driftSince } from "./drift/drift.js";
import { lookAt, watched } from "./drift/look.js";
import { readReference } from "./drift/reference.js";
import type { Answers, History, ScoreOptions, Scorer } from "./scorer.js";

const nobody: Answers = { contacts: new Int32Array(0), fields: {}, reasons: [], abstained: [] };

/**
 * Scores everybody with a stored model and saves the scores, with what has moved since its training. A withheld model scores
 * nobody.
 */
export async function scoreWith(
  scorer: Scorer,
  { id: modelId, card, artifact, reference: stored }: StoredModel,
  store: Store,
  history: History,
  options: ScoreOptions,
): Promise<void> {
  const { asOf } = options;
  const to = { scorer: scorer.name, modelId, asOf };
  if (card.verdict === "withheld") return store.saveScores({ ...to, ...nobody });
  const reference = readReference(stored);
  if (scorer.scoreInParts && !reference && !scorer.outcome)
    return store.saveScoreParts(to, scorer.scoreInParts(history, artifact, options));
  const watching = watched(history, asOf);
  const answers = await scorer.score(watching.history, artifact, options);
  const drift =
    reference && driftSince(reference, lookAt(scorer, asOf, watching.seen(), answers), card);
  await store.saveScores({ ...to, ...answers, ...(drift && { drift }) });
  const kept = toKeep(scorer, modelId, asOf, answers);
  if (kept) await store.keepScores(kept);
}
