import { type ArtifactReader, makeArtifact, openArtifact } from "../artifact.js";
import { LearnError } from "../error.js";
import { type Favourites, loadFavourites, ranked, saveFavourites } from "./favourites.js";
import { type Histories, historiesOf, historyOf, takeHistories } from "./histories.js";
import { countFavourites } from "./popularity.js";
import type { Ranker } from "./ranker.js";
import { checkedRows, recommendAll, similarAll } from "./retrieve.js";
import type { RecommenderEstimator, RecommenderFitOptions, RecommenderModel } from "./types.js";

const version = 1;
/** Histories that are folded in to get ready, and how often. */
const warmingItems = 20;
const warmingRounds = 3;

/** What tells one kind of model from another. */
export interface Kind<R extends Ranker> {
  fit(histories: Histories, options: RecommenderFitOptions): Promise<R>;
  save(ranker: R): object;
  /** @throws LearnError "artifact" */
  load(data: ArtifactReader, itemCount: number): R;
  readonly favourites?: { readonly halfLife: number; readonly shrinkage: number };
}

/** A model that its makers can look into. */
export interface InnerModel extends RecommenderModel {
  readonly ranker: Ranker;
  readonly histories: Histories;
}

export function estimator<R extends Ranker>(
  kind: string,
  own: Kind<R>,
): RecommenderEstimator<InnerModel> {
  const counting = own.favourites ?? { halfLife: Infinity, shrinkage: 100 };
  return {
    kind,
    async fit(interactions, options = {}) {
      const histories = historiesOf(kind, interactions);
      if (histories.entries.indices.length === 0)
        throw new LearnError("input", `${kind}: there are no interactions to learn from.`);
      const ranker = await own.fit(histories, options);
      options.onProgress?.(1);
      return model(kind, own, ranker, histories, countFavourites(histories, counting));
    },
    load(artifact, interactions) {
      const data = openArtifact(artifact, kind, version);
      const itemCount = data.number("items", { min: 0, max: 2 ** 31 - 1, integer: true });
      if (itemCount !== interactions.itemCount)
        throw new LearnError(
          "input",
          `${kind}: the model knows ${itemCount} items, the interactions ${interactions.itemCount}.`,
          { hint: "Number the items as they were when the model was fitted." },
        );
      const favourites = loadFavourites(kind, data, itemCount);
      const ranker = own.load(data, itemCount);
      return model(kind, own, ranker, historiesOf(kind, interactions), favourites);
    },
  };
}

function model<R extends Ranker>(
  kind: string,
  own: Kind<R>,
  ranker: R,
  histories: Histories,
  favourites: Favourites,
): InnerModel {
  const { rows: userCount, columns: itemCount } = histories.entries;
  const foldIn: RecommenderModel["foldIn"] = async (history, options = {}) => {
    const one = historyOf(kind, history, itemCount);
    return recommendAll(kind, ranker, favourites, () => one, Int32Array.of(0), options);
  };
  return {
    kind,
    userCount,
    itemCount,
    ranker,
    histories,
    async recommend(users, options = {}) {
      const rows = checkedRows(kind, "user", users, userCount);
      return recommendAll(
        kind,
        ranker,
        favourites,
        (from, to) => takeHistories(histories, rows.subarray(from, to)),
        rows,
        options,
      );
    },
    foldIn,
    async prepare() {
      ranker.prepare?.();
      const one = ranked(favourites.all).subarray(0, warmingItems);
      // what is called often enough is compiled
      for (let round = 0; round < warmingRounds; round++)
        for (const item of one)
          await foldIn(
            { items: [item], weights: [1], times: [0] },
            { keepSeen: true, allow: (other) => other !== item },
          );
    },
    async similarItems(items, k = 10) {
      return similarAll(kind, ranker, checkedRows(kind, "item", items, itemCount), k, itemCount);
    },
    save: () =>
      makeArtifact(kind, version, {
        items: itemCount,
        favourites: saveFavourites(favourites),
        ...own.save(ranker),
      }),
  };
}
