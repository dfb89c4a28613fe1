import type { History as OneHistory } from "@inchworm/learn";
import { type EngagementType, InchwormError, type Instant } from "@inchworm/spec";
import type { Store } from "@inchworm/store";
import { goodsOf } from "./recommend-goods.js";
import { loadRecommender, readArtifact, repeatOf } from "./recommend-models.js";
import { settingsOf } from "./recommend-options.js";
import { pastOf } from "./recommend-past.js";
import { reasonDepth, reasonTeller } from "./recommend-reasons.js";
import { type ListRules, ruleOf } from "./recommend-rules.js";
import { homesOf } from "./recommend-segments.js";

/** What somebody did with an item just now or before. */
export interface ItemEvent {
  readonly item: string;
  /** Defaults to "view". */
  readonly type?: "order" | EngagementType;
}

export interface RecommendedItem {
  readonly id: string;
  readonly name: string;
  /** From what in the history it follows, in words, where something is like it. */
  readonly reason?: string;
}

export interface SimilarItem extends Omit<RecommendedItem, "reason"> {
  /** On the model's own scale, comparable within a list. */
  readonly likeness: number;
}

export interface Recommended {
  /** "popular" where nothing of the history is known to the model. */
  readonly basis: "personal" | "popular";
  readonly items: readonly RecommendedItem[];
}

/** A trained model held in memory, for answers on the spot. */
export interface Recommender {
  /** What to give somebody who did this and nothing else, such as a visitor of a minute ago: one solve, nothing is trained. */
  forEvents(events: readonly ItemEvent[], rules?: ListRules): Promise<Recommended>;
  /**
   * What to give a contact, by an e-mail address or `system:id`, from what the store knows of them at `asOf`.
   *
   * @throws InchwormError "not-found"; "input" when they have opted out of profiling
   */
  forPerson(person: string, rules: ListRules & { readonly asOf: Instant }): Promise<Recommended>;
  /** Items like this one, the most alike first, of those to be had. None for an item that the model does not know. */
  similar(item: string, k?: number): readonly SimilarItem[];
}

/** What recommending on the spot reads of a store. */
export type RecommenderStore = Pick<
  Store,
  "find" | "interactions" | "items" | "model" | "profiles"
>;
export type RecommenderKind = "product" | "content";

/**
 * Loads the latest model of recommendations with the catalogue as it stands; load again after training or when stock has changed.
 * `Workspace.recommend` does both by itself.
 *
 * @throws InchwormError "insufficient-data" when none is trained, or the latest was withheld
 * @example
 * const live = await openRecommender(shop.store);
 * const { items } = await live.forEvents([{ item: "SKU-1", type: "cart" }]);
 */
export async function openRecommender(
  store: RecommenderStore,
  kind: RecommenderKind = "product",
): Promise<Recommender> {
  return (await loadModel(store, kind))();
}

/** Loads the latest model once; what it gives reads the catalogue, each time it is called. */
export async function loadModel(
  store: RecommenderStore,
  kind: RecommenderKind,
): Promise<() => Promise<Recommender>> {
  const scorer = `recommend-${kind}`;
  const stored = await store.model(scorer);
  if (stored?.card.verdict !== "published")
    throw new InchwormError(
      "insufficient-data",
      stored ? `${scorer}: ${stored.card.because}` : `${scorer} is not trained yet.`,
      { hint: `Train it first: shop.train([recommend({ kind: "${kind}" })]).` },
    );
  const settings = settingsOf({ ...stored.options, kind });
  const artifact = readArtifact(stored.artifact);
  const nobody = {
    userCount: 0,
    itemCount: artifact.ids.length,
    users: new Int32Array(0),
    items: new Int32Array(0),
    times: new Float64Array(0),
  };
  const model = loadRecommender(artifact.model, nobody);
  await model.prepare();
  const repeat = repeatOf(artifact);
  const all = Int32Array.from(artifact.ids, (_, item) => item);
  const similar = await model.similarItems(all, reasonDepth);

  return async () => {
    const goods = goodsOf(await store.items(), artifact.ids, settings);
    const tell = reasonTeller(goods, similar);

    const answer = async (
      history: OneHistory & { readonly items: Int32Array; readonly weights: Float32Array },
      bought: Uint8Array,
      banned: ReadonlySet<number>,
      rules: ListRules,
      homes?: readonly (string | undefined)[],
    ): Promise<Recommended> => {
      const may = ruleOf(goods, rules, homes);
      // no filter over all items: it would cost more than the answer
      const found = await model.foldIn(history, {
        k: rules.k ?? settings.k,
        keepSeen: true,
        allow: (item) => !banned.has(item) && may(item),
      });
      const listed = found.items.filter((item) => item >= 0);
      const isPersonal = history.items.length > 0 && found.popular[0] < listed.length;
      return {
        basis: isPersonal ? "personal" : "popular",
        items: Array.from(listed, (item) => {
          const reason = isPersonal ? tell({ ...history, bought }, item) : undefined;
          return {
            id: goods.ids[item],
            name: goods.names[item],
            ...(reason !== undefined && { reason }),
          };
        }),
      };
    };

    return {
      async forEvents(events, rules = {}) {
        const weights = new Map<number, number>();
        const had = new Set<number>();
        for (const { item, type = "view" } of events) {
          const place = goods.places.get(item);
          const weight = settings.weights[type] ?? 0;
          if (place === undefined || weight === 0) continue;
          weights.set(place, (weights.get(place) ?? 0) + weight);
          if (type === "order" || kind === "content") had.add(place);
        }
        const items = Int32Array.from(weights.keys());
        const history = {
          items,
          weights: Float32Array.from(weights.values()),
          times: Float64Array.from(items, (_, at) => at),
        };
        const bought = Uint8Array.from(items, (item) =>
          kind === "product" && had.has(item) ? 1 : 0,
        );
        const { keepSeen } = settings;
        const { restDays = settings.restDays } = rules;
        const isKept = (item: number) =>
          restDays === 0 && (keepSeen === true || (keepSeen === "repeat" && repeat[item] === 1));
        const banned = new Set([...had].filter((item) => !isKept(item)));
        return answer(history, bought, banned, rules);
      },

      async forPerson(person, { asOf, ...rules }) {
        const found = await store.find(person);
        if (!found)
          throw new InchwormError("not-found", "Nobody here has that name.", {
            hint: "Give an e-mail address or system:id, such as hubspot:101.",
          });
        if (found.profiling === "denied")
          throw new InchwormError("input", "This person has opted out of profiling.", {
            hint: "Show them what everybody is shown.",
          });
        const contacts = Int32Array.of(found.contact);
        const { weights, restDays } = settings;
        const pairs = await store.interactions({ asOf, kind, weights, contact: found.contact });
        const past = pastOf(
          pairs,
          contacts,
          goods,
          repeat,
          { ...settings, restDays: rules.restDays ?? restDays },
          asOf,
        );
        const { items, weights: own = new Float32Array(0), times } = past.interactions;
        const history = { items, weights: own, ...(times && { times }) };
        const isRegional = rules.region === undefined && goods.regions.some((one) => one);
        const homes = isRegional ? await homesOf(store, contacts) : undefined;
        return answer(history, past.bought, new Set(past.banned(0)), rules, [
          homes?.country(0),
          homes?.region(0),
        ]);
      },

      similar(item, k = 10) {
        const place = goods.places.get(item);
        if (place === undefined) return [];
        const found: SimilarItem[] = [];
        const from = place * similar.k;
        for (let at = from; at < from + similar.k && found.length < k; at++) {
          const other = similar.items[at];
          if (other < 0) break;
          if (goods.open[other] === 1)
            found.push({
              id: goods.ids[other],
              name: goods.names[other],
              likeness: similar.scores[at],
            });
        }
        return found;
      },
    };
  };
}
