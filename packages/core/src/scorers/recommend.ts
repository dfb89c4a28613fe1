import { createHash } from "node:crypto";
import { type FieldValue, InchwormError, type RankingCard } from "@inchworm/spec";
import type { Interactions as Pairs } from "@inchworm/store";
import type { Answers, Scorer } from "../scorer.js";
import { day } from "../windows.js";
import { orderChances, orderModel } from "./recommend-anyway.js";
import { horizonOf, judgeRecommenders, rankingWindows } from "./recommend-card.js";
import { type Basis, bases, recommendFields } from "./recommend-fields.js";
import { type Goods, goodsOf, idsOf } from "./recommend-goods.js";
import { listReasons, makeLists, type PeopleLists } from "./recommend-lists.js";
import {
  loadRecommender,
  type RecommendArtifact,
  readArtifact,
  repeatOf,
} from "./recommend-models.js";
import { chooseOffers } from "./recommend-offers.js";
import { type RecommendOptions, settingsOf } from "./recommend-options.js";
import { pastOf, placesOf, repeatGoods } from "./recommend-past.js";
import { homesOf, segmentRows, segmentsOf } from "./recommend-segments.js";

/** A backtest that looks less far ahead proves nothing. */
const leastHorizonDays = 7;

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
  const { kind, k, weights } = settings;
  const name = `recommend-${kind}`;
  const fields = recommendFields(kind);

  return {
    name,
    options: { ...options, kind },
    fields,

    async train(history, { asOf, seed, signal, onProgress }) {
      const work = signal ? { signal } : {};
      const step = (what: string, done: number) =>
        onProgress?.({ step: `${name}: ${what}`, done, total: 100 });
      const { first } = await history.summary(asOf);
      const horizonDays = first === undefined ? 0 : horizonOf(first, asOf, settings.horizonDays);
      if (horizonDays < leastHorizonDays)
        throw new InchwormError(
          "insufficient-data",
          `${name}: needs ${3 * leastHorizonDays} days of history, and there are ${first === undefined ? 0 : Math.floor((asOf - first) / day)}.`,
          { hint: "Import older orders, views or clicks that name an item." },
        );
      const evaluation = asOf - horizonDays * day;
      const catalogue = await history.items();
      const read = (span: { readonly asOf: number; readonly since?: number }) =>
        history.interactions({ ...span, kind, weights, ...work });
      const judge = async () => {
        step("reading what people had", 0);
        const before = await read({ asOf: evaluation });
        const after = await read({ asOf, since: evaluation });
        const goods = goodsOf(
          catalogue,
          idsOf(catalogue, kind, [...before.ids, ...after.ids]),
          settings,
        );
        const homes = await homesOf(history, before.contacts);
        return judgeRecommenders({
          settings,
          goods,
          before,
          after,
          homes,
          evaluation,
          seed,
          signal,
          onProgress: (share) => step("models race", Math.round(80 * share)),
        });
      };
      const { estimator, card, rates } = await judge();

      step("fitting again with the latest days", 85);
      const pairs = await read({ asOf });
      const goods = goodsOf(catalogue, idsOf(catalogue, kind, pairs.ids), settings);
      const { contacts } = pairs;
      const homes = await homesOf(history, contacts);
      const repeat = repeatGoods(pairs, goods);
      const past = pastOf(pairs, contacts, goods, repeat, settings, asOf);
      const segments = segmentsOf(homes, past.pointers);
      const model = await estimator.fit(
        { ...past.interactions, segments: segmentRows(homes, contacts.length, segments) },
        work,
      );
      const everybody = await history.features({ asOf, columns: ["tenure_days"], ...work });
      const withHistory = new Set(past.interactions.users).size;
      const fallbackShare = 1 - withHistory / Math.max(1, everybody.rows);
      const orders = kind === "offer" ? await orderModel(history, asOf, work) : undefined;
      step("done", 100);
      const { people, ...judged } = card;
      const whole: RankingCard = {
        kind: "ranking",
        scorer: name,
        question: questions[kind],
        ...judged,
        k,
        trainedAt: asOf,
        windows: rankingWindows(evaluation, asOf),
        counts: {
          trainingRows: past.interactions.users.length,
          people: withHistory,
          items: goods.ids.length,
          evaluationRows: people,
        },
        fallbackShare,
        calibration: [],
        drivers: [],
        seed,
        dataHash: digest(pairs, evaluation),
        notes: notes(goods, settings, fallbackShare, orders !== undefined),
      };
      const artifact: RecommendArtifact = {
        ids: goods.ids,
        repeat: Array.from(repeat.keys()).filter((item) => repeat[item] === 1),
        segments,
        model: model.save(),
        ...(kind === "offer" && { rates }),
        ...(orders && { orders }),
      };
      return { card: whole, artifact, seen: contacts };
    },

    async score(history, stored, { asOf, signal }) {
      const work = signal ? { signal } : {};
      const artifact = readArtifact(stored);
      const catalogue = await history.items();
      const { contacts } = await history.features({ asOf, columns: ["tenure_days"], ...work });
      const pairs = await history.interactions({ asOf, kind, weights, ...work });
      const known = new Set(artifact.ids);
      const later = idsOf(catalogue, kind, pairs.ids).filter((id) => !known.has(id));
      const goods = goodsOf(catalogue, [...artifact.ids, ...later], settings);
      const homes = await homesOf(history, contacts);
      const segments = segmentRows(homes, contacts.length, artifact.segments);
      const modelGoods = goodsOf(catalogue, artifact.ids, settings);
      const past = pastOf(pairs, contacts, modelGoods, repeatOf(artifact), settings, asOf);
      const model = loadRecommender(artifact.model, { ...past.interactions, segments });
      const had = new Uint8Array(goods.ids.length);
      placesOf(pairs.ids, goods).forEach((place) => {
        if (place >= 0) had[place] = 1;
      });
      const input = {
        model,
        goods,
        past,
        homes,
        segments,
        segmentNames: artifact.segments,
        contacts,
        had,
        settings,
        signal,
      };
      const length = kind === "offer" ? Math.min(50, artifact.ids.length) : k;
      const lists = await makeLists(input, length);
      const reasons = await listReasons(input, bases);
      if (kind !== "offer") return answersOf(lists, goods, contacts, reasons);
      const anyway = await orderChances(
        history,
        artifact.orders,
        contacts,
        asOf,
        settings.horizonDays,
        work,
      );
      const chosen = pickOffers(lists, goods, artifact, anyway, settings.budget);
      const best = shortened({ ...lists, items: chosen.items }, k);
      const answers = answersOf(best, goods, contacts, reasons);
      return {
        ...answers,
        fields: {
          ...answers.fields,
          recommend_offer_value: Array.from(
            chosen.values,
            (value): FieldValue => (Number.isNaN(value) ? null : Math.round(value * 100) / 100),
          ),
        },
      };
    },
  };

  function answersOf(
    lists: PeopleLists,
    goods: Goods,
    contacts: Int32Array,
    reasonsOf: (lists: PeopleLists, user: number) => string[],
  ): Answers {
    const names = ["first", "ids", "names", "reason", "basis"] as const;
    const columns = names.map(() => new Array<FieldValue>(contacts.length).fill(null));
    const reasons: string[][] = new Array(contacts.length);
    const abstained: (string | undefined)[] = new Array(contacts.length);
    for (let user = 0; user < contacts.length; user++) {
      const list = lists.items
        .subarray(user * lists.k, (user + 1) * lists.k)
        .filter((item) => item >= 0);
      reasons[user] = reasonsOf(lists, user);
      abstained[user] = list.length === 0 ? nothing[kind] : undefined;
      if (list.length === 0) continue;
      const ids = Array.from(list, (item) => goods.ids[item]);
      columns[0][user] = ids[0];
      columns[1][user] = ids.join(";");
      columns[2][user] = Array.from(list, (item) => goods.names[item]).join(" · ");
      columns[3][user] = reasons[user].join(" · ");
      columns[4][user] = bases[lists.basis[user]] satisfies Basis;
    }
    return {
      contacts,
      fields: Object.fromEntries(names.map((one, at) => [`recommend_${kind}_${one}`, columns[at]])),
      reasons,
      abstained,
    };
  }
}

const questions = {
  product: "Which products to offer this customer next?",
  content: "Which content to show this person next?",
  offer: "Which offer to make this customer?",
};
const nothing = {
  product: "no product is left to recommend",
  content: "no content is left to recommend",
  offer: "no offer is worth its cost",
};

/** Ranks each person's offers by what they are expected to earn. An offer that names no margin earns 1. */
function pickOffers(
  { k, items, basis }: PeopleLists,
  { margins, costs }: Goods,
  { rates }: RecommendArtifact,
  anyway: Float64Array,
  budget: number | undefined,
) {
  const people = basis.length;
  const earned = new Float64Array(people * k);
  for (let at = 0; at < items.length; at++) {
    if (items[at] < 0) continue;
    const person = Math.floor(at / k);
    const chances = basis[person] === 0 ? rates?.personal : rates?.popular;
    const margin = Number.isNaN(margins[items[at]]) ? 1 : margins[items[at]];
    earned[at] = (chances?.[at % k] ?? 0) * margin * (1 - anyway[person]);
  }
  const known = costs.map((cost) => (cost > 0 ? cost : 0));
  return chooseOffers({ people, k, items, margins: earned, costs: known }, budget);
}

function shortened({ k, items, basis }: PeopleLists, length: number): PeopleLists {
  const short = new Int32Array(basis.length * length).fill(-1);
  const kept = Math.min(k, length);
  for (let user = 0; user < basis.length; user++)
    short.set(items.subarray(user * k, user * k + kept), user * length);
  return { k: length, items: short, basis };
}

function notes(
  goods: Goods,
  { kind, newItems, restDays }: ReturnType<typeof settingsOf>,
  fallbackShare: number,
  hasOrders: boolean,
): string[] {
  const closed = goods.open.reduce((sum, open) => sum + 1 - open, 0);
  const priced = goods.margins.reduce((sum, margin) => sum + (Number.isNaN(margin) ? 0 : 1), 0);
  return [
    `${(100 * fallbackShare).toFixed(1)} % of all people have no history and get favourites: see the basis field.`,
    "Judged on all items that the category rules let through, whatever was in stock then.",
    `${closed} of ${goods.ids.length} items are ruled out or not to be had today.`,
    ...(restDays > 0 ? [`Nothing is given again within ${restDays} days.`] : []),
    ...(newItems > 0
      ? [
          `The last ${newItems === 1 ? "place" : `${newItems} places`} of a list may go to items that nobody has had yet; the backtest cannot judge those.`,
        ]
      : []),
    ...(kind === "offer"
      ? [
          `Offers go by the chance that they are taken, times margin, less cost; ${goods.ids.length - priced} of ${goods.ids.length} name no margin, and count as earning 1.`,
          hasOrders
            ? "What offers change has not been measured: the chance that somebody orders anyway stands in for it."
            : "Too few have ordered to tell who would order anyway: nobody is held back for it.",
        ]
      : []),
  ];
}

/** Digest of who had what, and of the day of the backtest. */
function digest({ contacts, rows, items, weights, times, ids }: Pairs, evaluation: number): string {
  const hash = createHash("sha256").update(`${evaluation}`).update(ids.join("\n"));
  for (const values of [contacts, rows, items, weights, times])
    hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  return hash.digest("hex").slice(0, 16);
}
