import type { Drift, Store, StoredModel } from "@inchworm/store";
import { toKeep } from "./backtest/backtest.js";
import { tellApart } from "./drift/apart.js";
import { driftSince } from "./drift/drift.js";
import { type Look, lookAt, lookOn, watched } from "./drift/look.js";
import { readReference } from "./drift/reference.js";
import type { Answers, History, ScoreOptions, Scorer } from "./scorer.js";

const nobody: Answers = { contacts: new Int32Array(0), fields: {}, reasons: [], abstained: [] };

/**
 * Scores everybody with a stored model and saves the scores, with what has moved since its training. A withheld model scores
 * nobody. `some` is the history of some of the people, enough to tell how those of the training's day were.
 */
export async function scoreWith(
  scorer: Scorer,
  { id: modelId, card, artifact, reference: stored }: StoredModel,
  store: Store,
  { history, some }: { readonly history: History; readonly some: History },
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
  const drift = reference && (await driftOf(lookAt(scorer, asOf, watching.seen(), answers)));
  await store.saveScores({ ...to, ...answers, ...(drift && { drift }) });
  const kept = toKeep(scorer, modelId, asOf, answers);
  if (kept) await store.keepScores(kept);

  async function driftOf(now: Look): Promise<Drift | undefined> {
    if (!reference) return undefined;
    const { signal } = options;
    // nothing can have moved on the day of the training
    if (reference.joint === undefined || reference.asOf === asOf)
      return driftSince(reference, now, card);
    const then = await lookOn(scorer, artifact, some, reference.asOf, signal);
    return driftSince(
      reference,
      now,
      card,
      await tellApart(then, now, card, { seed: card.seed, signal }),
    );
  }
}
