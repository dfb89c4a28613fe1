import { boughtTogether } from "./bought-together.js";
import {
  loadModel,
  type Recommended,
  type Recommender,
  type RecommenderKind,
} from "./scorers/recommender.js";
import type { Base } from "./workspace-base.js";
import type { Workspace } from "./workspace-types.js";

/** What a workspace recommends; `forgetModels` is to be called when models have changed. */
export function recommending({ store, asOf, work }: Base): Pick<
  Workspace,
  "recommend" | "similarItems" | "boughtTogether"
> & {
  readonly forgetModels: () => void;
} {
  const models = new Map<RecommenderKind, () => Promise<Recommender>>();
  const recommenderOf = async (kind: RecommenderKind): Promise<Recommender> => {
    const model = models.get(kind) ?? (await loadModel(store, kind));
    models.set(kind, model);
    return model();
  };

  return {
    async recommend(people, { kind = "product", ...rules } = {}) {
      const recommender = await recommenderOf(kind);
      // visitors need no history, and what day it is takes longer to find than their list
      const today = people.some((who) => typeof who === "string") ? await asOf() : 0;
      const lists: Recommended[] = [];
      for (const who of people) {
        work.signal?.throwIfAborted();
        lists.push(
          typeof who === "string" && (await mayBeProfiled(who))
            ? await recommender.forPerson(who, { ...rules, asOf: today })
            : await recommender.forEvents(typeof who === "string" ? [] : who, rules),
        );
      }
      return lists;
    },

    async similarItems(item, { kind = "product", k } = {}) {
      return (await recommenderOf(kind)).similar(item, k);
    },

    async boughtTogether(options = {}) {
      const { signal } = work;
      return boughtTogether(store, { asOf: await asOf(), ...(signal && { signal }), ...options });
    },

    forgetModels: () => models.clear(),
  };

  /** Who is not known, or has opted out of profiling, is given what everybody is. */
  async function mayBeProfiled(person: string): Promise<boolean> {
    const found = await store.find(person);
    return found !== undefined && found.profiling !== "denied";
  }
}
