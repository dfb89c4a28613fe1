import { createHash } from "node:crypto";
import { InchwormError, type RankingCard } from "@inchworm/spec";
import type { Interactions as Pairs } from "@inchworm/store";
import type { History, Trained, TrainOptions } from "../scorer.js";
import { day } from "../windows.js";
import { orderModel } from "./recommend-anyway.js";
import { horizonOf, judgeRecommenders, rankingWindows } from "./recommend-card.js";
import { featuresOf } from "./recommend-features.js";
import { gatherPast } from "./recommend-gather.js";
import { goodsOf, idsOf } from "./recommend-goods.js";
import type { RecommendArtifact } from "./recommend-models.js";
import { notesOf } from "./recommend-notes.js";
import type { RecommendSettings } from "./recommend-options.js";
import { homesOf, segmentRows, segmentsOf } from "./recommend-segments.js";

/** A backtest that looks less far ahead proves nothing. */
const leastHorizonDays = 7;
/** Of more pairs, those of some people are judged: as many people as have about so many. */
const mostJudgedPairs = 4_000_000;

const questions = {
  product: "Which products to offer this customer next?",
  content: "Which content to show this person next?",
  offer: "Which offer to make this customer?",
};

/** Reads what people had once, lets kinds of model race and judges the best on later days, then fits it again on everything. */
export async function trainRecommend(
  history: History,
  settings: RecommendSettings,
  { asOf, seed, signal, onProgress }: TrainOptions,
): Promise<Trained> {
  const { kind, k, weights } = settings;
  const name = `recommend-${kind}`;
  const work = signal ? { signal } : {};
  const step = (what: string, done: number) =>
    onProgress?.({ step: `${name}: ${what}`, done: Math.round(done), total: 100 });
  const { first, contacts: people } = await history.summary(asOf);
  const horizonDays = first === undefined ? 0 : horizonOf(first, asOf, settings.horizonDays);
  if (horizonDays < leastHorizonDays)
    throw new InchwormError(
      "insufficient-data",
      `${name}: needs ${3 * leastHorizonDays} days of history, and there are ${first === undefined ? 0 : Math.floor((asOf - first) / day)}.`,
      { hint: "Import older orders, views or clicks that name an item." },
    );
  const evaluation = asOf - horizonDays * day;
  const catalogue = await history.items();
  const asked = { kind, weights, ...work };

  step("reading what people had", 0);
  const digest = digestOf(evaluation);
  let read = 0;
  const past = await gatherPast(history.interactionParts({ asOf, ...asked }), {
    goods: (ids) => goodsOf(catalogue, idsOf(catalogue, kind, ids), settings),
    rules: settings,
    asOf,
    onPart: (part) => {
      digest.add(part);
      read += part.contacts.length;
      step("reading what people had", Math.min(14, (15 * read) / Math.max(1, people)));
    },
  });
  const { contacts, goods, repeat, interactions } = past;
  const homes = await homesOf(history, contacts);

  const judge = async () => {
    step("reading what people had before", 15);
    const sample = Math.min(1, mostJudgedPairs / Math.max(1, interactions.users.length));
    const before = await history.interactions({ asOf: evaluation, sample, ...asked });
    const after = await history.interactions({ asOf, since: evaluation, sample, ...asked });
    return judgeRecommenders({
      settings,
      goods: goodsOf(catalogue, idsOf(catalogue, kind, [...before.ids, ...after.ids]), settings),
      before,
      after,
      homes: await homesOf(history, before.contacts),
      evaluation,
      pairs: interactions.users.length,
      seed,
      signal,
      onProgress: (share) => step("models race", 15 + 40 * share),
    });
  };
  const { estimator, card, rates, raced } = await judge();

  const segments = segmentsOf(homes, past.pointers);
  const model = await estimator.fit(
    {
      ...interactions,
      segments: segmentRows(homes, contacts.length, segments),
      ...featuresOf(goods),
    },
    { ...work, onProgress: (share) => step("learning from everything", 55 + 44 * share) },
  );
  const everybody = await history.features({ asOf, columns: ["tenure_days"], ...work });
  let withHistory = 0;
  for (let user = 0; user < contacts.length; user++)
    if (past.pointers[user + 1] > past.pointers[user]) withHistory++;
  const fallbackShare = 1 - withHistory / Math.max(1, everybody.rows);
  const orders = kind === "offer" ? await orderModel(history, asOf, work) : undefined;
  step("done", 100);
  const { people: judged, ...rest } = card;
  const whole: RankingCard = {
    kind: "ranking",
    scorer: name,
    question: questions[kind],
    ...rest,
    k,
    trainedAt: asOf,
    windows: rankingWindows(evaluation, asOf),
    counts: {
      trainingRows: interactions.users.length,
      people: withHistory,
      items: goods.ids.length,
      evaluationRows: judged,
    },
    fallbackShare,
    calibration: [],
    drivers: [],
    seed,
    dataHash: digest.done(),
    notes: notesOf(goods, settings, fallbackShare, orders !== undefined, {
      ...raced,
      people: withHistory,
      pairs: interactions.users.length,
    }),
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
}

/** Digest of who had what, and of the day of the backtest. */
function digestOf(evaluation: number) {
  const hash = createHash("sha256").update(`${evaluation}`);
  let isFirst = true;
  return {
    add({ contacts, rows, items, weights, times, ids }: Pairs): void {
      if (isFirst) hash.update(ids.join("\n"));
      isFirst = false;
      for (const values of [contacts, rows, items, weights, times])
        hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    },
    done: (): string => hash.digest("hex").slice(0, 16),
  };
}
