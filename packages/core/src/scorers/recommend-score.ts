import type { OnProgress } from "@inchworm/spec";
import type { Answers, History } from "../scorer.js";
import { answersOf } from "./recommend-answers.js";
import { orderChances } from "./recommend-anyway.js";
import { bases } from "./recommend-fields.js";
import { gatherPast } from "./recommend-gather.js";
import { goodsOf, idsOf } from "./recommend-goods.js";
import { type ListInput, listMaker, listReasons, type PeopleLists } from "./recommend-lists.js";
import {
  loadRecommender,
  type RecommendArtifact,
  readArtifact,
  repeatOf,
} from "./recommend-models.js";
import { pickOffers } from "./recommend-offers.js";
import type { RecommendSettings } from "./recommend-options.js";
import { placesOf } from "./recommend-past.js";
import { homesOf, segmentRows } from "./recommend-segments.js";

export interface ScoreWork {
  readonly asOf: number;
  /** Defaults to 16,384. */
  readonly peopleAtATime?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

/** Lists for everybody, so many people at a time: only what models read of their past is held of all. */
export async function* scoreRecommend(
  history: History,
  stored: unknown,
  settings: RecommendSettings,
  work: ScoreWork,
): AsyncGenerator<Answers, void, undefined> {
  const { kind, k } = settings;
  const { asOf, peopleAtATime = 16_384, signal, onProgress } = work;
  const artifact = readArtifact(stored);
  const step = (what: string, done: number, total: number) =>
    onProgress?.({ step: `recommend-${kind}: ${what}`, done, total });
  const input = await readEverybody(history, artifact, settings, work, step);
  const { contacts, goods } = input;
  const reasons = await listReasons(input, bases);
  const length = kind === "offer" ? Math.min(50, artifact.ids.length) : k;
  const make = listMaker(input, length);
  const everybody: PeopleLists[] = [];
  for (let from = 0; from < contacts.length; from += peopleAtATime) {
    signal?.throwIfAborted();
    step("making lists", from, contacts.length);
    const lists = await make(from, Math.min(contacts.length, from + peopleAtATime));
    if (kind === "offer") everybody.push(lists);
    else yield answersOf(kind, lists, goods, contacts, reasons);
  }
  step("making lists", contacts.length, contacts.length);
  if (kind !== "offer") return;
  // a budget is spent on everybody together
  const whole = joined(everybody, length);
  const rules = { ...(signal && { signal }) };
  const anyway = await orderChances(
    history,
    artifact.orders,
    contacts,
    asOf,
    settings.horizonDays,
    rules,
  );
  const chosen = pickOffers(whole, goods, artifact, anyway, settings.budget);
  for (const { from, basis } of everybody) {
    const to = from + basis.length;
    const items = chosen.items.subarray(from * length, to * length);
    const best = shortened({ from, k: length, items, basis }, k);
    yield answersOf(kind, best, goods, contacts, reasons, chosen.values.subarray(from, to));
  }
}

async function readEverybody(
  history: History,
  artifact: RecommendArtifact,
  settings: RecommendSettings,
  { asOf, signal }: ScoreWork,
  step: (what: string, done: number, total: number) => void,
): Promise<ListInput> {
  const { kind, weights } = settings;
  const rules = { ...(signal && { signal }) };
  const catalogue = await history.items();
  const { contacts } = await history.features({ asOf, columns: ["tenure_days"], ...rules });
  const modelGoods = goodsOf(catalogue, artifact.ids, settings);
  let ids: readonly string[] = [];
  let people = 0;
  step("reading what people had", 0, contacts.length);
  const past = await gatherPast(history.interactionParts({ asOf, kind, weights, ...rules }), {
    contacts,
    goods: (had) => {
      ids = had;
      return modelGoods;
    },
    repeat: repeatOf(artifact),
    rules: settings,
    asOf,
    onPart: (part) => {
      people += part.contacts.length;
      step("reading what people had", Math.min(people, contacts.length), contacts.length);
    },
  });
  const known = new Set(artifact.ids);
  const later = idsOf(catalogue, kind, ids).filter((id) => !known.has(id));
  const goods = goodsOf(catalogue, [...artifact.ids, ...later], settings);
  const had = new Uint8Array(goods.ids.length);
  for (const place of placesOf(ids, goods)) if (place >= 0) had[place] = 1;
  const homes = await homesOf(history, contacts);
  const segments = segmentRows(homes, contacts.length, artifact.segments);
  const model = loadRecommender(artifact.model, { ...past.interactions, segments });
  return {
    model,
    goods,
    past,
    homes,
    segments,
    segmentNames: artifact.segments,
    contacts,
    had,
    settings,
  };
}

function joined(parts: readonly PeopleLists[], k: number): PeopleLists {
  const people = parts.reduce((sum, { basis }) => sum + basis.length, 0);
  const whole = { from: 0, k, items: new Int32Array(people * k), basis: new Uint8Array(people) };
  for (const { from, items, basis } of parts) {
    whole.items.set(items, from * k);
    whole.basis.set(basis, from);
  }
  return whole;
}

function shortened({ from, k, items, basis }: PeopleLists, length: number): PeopleLists {
  const short = new Int32Array(basis.length * length).fill(-1);
  const kept = Math.min(k, length);
  for (let user = 0; user < basis.length; user++)
    short.set(items.subarray(user * k, user * k + kept), user * length);
  return { from, k: length, items: short, basis };
}
