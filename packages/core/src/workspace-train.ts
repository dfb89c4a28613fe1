import { createHash } from "node:crypto";
import { InchwormError, type Instant, type ModelCard } from "@inchworm/spec";
import type { ScoreSummary, Store } from "@inchworm/store";
import { backtest } from "./backtest/backtest.js";
import { mostLooked } from "./drift/look.js";
import { lookBack } from "./drift/look-back.js";
import { rememberingHistory } from "./drift/remembering-history.js";
import { holdOutNewcomers } from "./holdout/hold-out.js";
import { scoreWith } from "./score-with.js";
import type { History, Scorer } from "./scorer.js";
import type { Base } from "./workspace-base.js";
import type { TrainReport } from "./workspace-types.js";

/** See `Workspace.train`. */
export async function trainScorers(
  { store, seed, work, own, asOf }: Base,
  scorers: readonly Scorer[],
): Promise<TrainReport> {
  const { onProgress, signal } = work;
  const cutoff = await asOf();
  const { first = cutoff } = await store.summary(cutoff);
  const some = await someOf(store, cutoff);
  const cards: ModelCard[] = [];
  const untrained: { scorer: string; because: string }[] = [];
  let lacking: unknown;
  for (const scorer of scorers) {
    signal?.throwIfAborted();
    const { name, options: settings } = scorer;
    try {
      const previous = (await store.model(name))?.artifact;
      const trained = await scorer.train(store, {
        asOf: cutoff,
        seed,
        ...(previous !== undefined && { previous }),
        ...work,
      });
      const { artifact, seen } = trained;
      const looking = `${name}: looking back`;
      onProgress?.({ step: looking, done: 0, total: 1 });
      const past = await backtest(scorer, store, trained.card, cutoff, seed);
      const card = { ...trained.card, ...(past && { backtest: past }) };
      const reference =
        // of lists of items there is nothing to look back at
        card.verdict === "published" && card.kind !== "ranking"
          ? await lookBack(scorer, trained, some, { first, asOf: cutoff }, signal)
          : undefined;
      onProgress?.({ step: looking, done: 1, total: 1 });
      const id = modelId(card, settings);
      await store.saveModel(
        {
          id,
          scorer: name,
          options: settings,
          card,
          artifact,
          trainedAt: cutoff,
          ...(reference && { reference }),
        },
        seen,
      );
      own.set(name, scorer);
      cards.push(card);
    } catch (error) {
      if (!InchwormError.is(error, "insufficient-data")) throw error;
      untrained.push({ scorer: name, because: error.message });
      lacking ??= error;
    }
  }
  if (cards.length === 0 && lacking) throw lacking;
  return { cards, untrained };
}

/** See `Workspace.score`. */
export async function scoreAll({
  store,
  now,
  work,
  asOf,
  trained,
  scorerOf,
}: Base): Promise<readonly ScoreSummary[]> {
  const { onProgress } = work;
  const cutoff = await asOf();
  const models = await trained();
  const history = rememberingHistory(store);
  const some = await someOf(store, cutoff);
  for (const [index, model] of models.entries()) {
    onProgress?.({ step: `scoring ${model.scorer}`, done: index, total: models.length });
    await scoreWith(
      scorerOf(model.scorer, model.options),
      model,
      store,
      { history, some },
      {
        asOf: cutoff,
        ...work,
      },
    );
  }
  await holdOutNewcomers(store, { now: now(), asOf: cutoff });
  onProgress?.({ step: "scoring", done: models.length, total: models.length });
  return store.scoreSummary();
}

/** The history of so many people as it takes to tell drift. */
async function someOf(store: Store, asOf: Instant): Promise<History> {
  const { contacts } = await store.summary(asOf);
  return rememberingHistory(store, Math.min(1, mostLooked / Math.max(1, contacts)));
}

/** The same data, options and seed make the same model. */
function modelId(card: ModelCard, options: Readonly<Record<string, unknown>>): string {
  const settings = createHash("sha256").update(JSON.stringify(options)).digest("hex").slice(0, 8);
  return `${card.scorer}-${card.dataHash}-${settings}-${card.seed}`;
}
