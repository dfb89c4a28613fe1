import {
  reactions,
  type SendTimeModel,
  type SendTimes,
  sendTimes,
  type TimingHistory,
} from "@inchworm/learn";
import { InchwormError, type Instant } from "@inchworm/spec";
import { digest, distinct } from "../dataset.js";
import { judge } from "../judge.js";
import type { History, Trained, TrainOptions } from "../scorer.js";
import { type ReadTiming, readTiming } from "../timing/read-timing.js";
import type { ZoneResolver } from "../timing/types.js";
import { day } from "../windows.js";
import { actsVerdict, judgeActs } from "./send-time-acts.js";
import { timeOf } from "./send-time-fields.js";
import { verdictOf } from "./send-time-gain.js";
import { judgeSends } from "./send-time-judge.js";

export interface SendTimeTraining extends TrainOptions {
  readonly channel: string;
  readonly judgedDays: number;
  readonly resolvers: readonly ZoneResolver[];
}

/** What the store keeps of it. */
export interface SendTimeArtifact {
  readonly channel: string;
  readonly model: ReturnType<SendTimeModel["save"]>;
  /** The places of zones that the model knows as groups. */
  readonly zoneNames: readonly string[];
}

const scorer = "send-time";
/** Answers needed to learn from, and to judge by; acts where there are no answers. */
const leastAnswers = 100;
/** Older habits are other habits. */
export const rememberedDays = 730;
const human = reactions.indexOf("open");

/**
 * Learns hours from messages and answers or, where too few were answered, from what people did of their own accord, and judges them on
 * later days.
 */
export async function trainSendTime(
  history: History,
  { asOf, seed, signal, onProgress, channel, judgedDays, resolvers }: SendTimeTraining,
): Promise<Trained> {
  const told = (share: number) => onProgress?.({ step: scorer, done: share, total: 1 });
  const from = asOf - judgedDays * day;
  const read = (until: Instant, since: Instant, zoneNames: readonly string[] = []) =>
    readTiming(history, { asOf: until, since, channel, resolvers, signal, zoneNames });
  const past = await read(from, from - rememberedDays * day);
  const bySends = answersIn(past) >= leastAnswers;
  const acts = past.timing.activity.cells.length;
  if (!bySends && acts < leastAnswers) refuse("learn from", answersIn(past), acts);
  told(0.1);
  const fit = (timing: ReadTiming["timing"]) =>
    sendTimes({ seed }).fit(bySends ? timing : actsOf(timing), { ...(signal && { signal }) });
  const judgedModel = await fit(past.timing);
  told(0.4);
  const whole = await read(asOf, asOf - rememberedDays * day, past.zoneNames);
  const judged = bySends
    ? judgedBySends(judgedModel, past, whole, from, seed)
    : judgedByActs(judgedModel, past, await read(asOf, from, past.zoneNames), seed);
  told(0.6);
  const model = await fit(whole.timing);
  told(0.9);
  const times = model.best(bySends ? whole.timing : actsOf(whole.timing));
  const { contacts, labels, rule, question, verdict, training } = judged;
  const card = judge({
    scorer,
    question,
    windows: { training: [from - judgedDays * day], evaluation: from, refit: [from] },
    horizonDays: judgedDays,
    training,
    evaluation: { rows: labels.length, labels },
    model: judged.model,
    rule,
    drivers: [],
    trainedAt: asOf,
    seed,
    dataHash: digest({
      contacts,
      labels,
      columns: [{ name: "model", kind: "number", values: Float32Array.from(judged.model) }],
    }),
    also: { notes: notesOf(times, model) },
  });
  const artifact: SendTimeArtifact = { channel, model: model.save(), zoneNames: whole.zoneNames };
  told(1);
  return {
    card: { ...card, ...verdict(card) },
    artifact,
    seen: distinct(past.contacts, whole.contacts),
  };
}

/** Sends that hardly anybody answered say nothing of hours. */
export function actsOf({ contacts, activity, groups }: TimingHistory): TimingHistory {
  return { contacts, ...(activity && { activity }), ...(groups && { groups }) };
}

function judgedBySends(
  model: SendTimeModel,
  past: ReadTiming,
  whole: ReadTiming,
  from: Instant,
  seed: number,
) {
  const sends = judgeSends(model, past, whole, { from, seed });
  const answers = sends.labels.reduce((sum, label) => sum + label, 0);
  if (answers < leastAnswers || answers === sends.labels.length) refuse("judge by", answers, 0);
  const labels = Float64Array.from(past.timing.sends.reactions, (one) => (one >= human ? 1 : 0));
  return {
    ...sends,
    question: "At which hour of the week does this contact answer within 24 hours of sending?",
    rule: { name: "best hours for everyone, own rate", probabilities: sends.rule },
    training: { rows: labels.length, labels },
    verdict: (card: Parameters<typeof verdictOf>[0]) => verdictOf(card, sends.atBest),
  };
}

function judgedByActs(model: SendTimeModel, past: ReadTiming, later: ReadTiming, seed: number) {
  const acts = judgeActs(model, past, later, seed);
  if (acts.labels.length < 2 * leastAnswers) refuse("judge by", 0, acts.labels.length / 2);
  const learned = past.timing.activity.cells.length;
  return {
    ...acts,
    question: "At which hour of the week is this contact active?",
    rule: { name: "own acts counted by hour", probabilities: acts.rule },
    training: { rows: learned, labels: new Float64Array(learned).fill(1) },
    verdict: () => actsVerdict(acts, seed),
  };
}

const answersIn = ({ timing }: ReadTiming): number =>
  timing.sends.reactions.reduce((sum, reaction) => sum + (reaction >= human ? 1 : 0), 0);

function refuse(purpose: string, answers: number, acts: number): never {
  throw new InchwormError(
    "insufficient-data",
    `${scorer}: to ${purpose}, needs ${leastAnswers} messages that people answered (and some that they did not), or as many visits and orders; there are ${answers} and ${acts}: ${Math.max(0, leastAnswers - Math.max(answers, acts))} are missing.`,
    { hint: "Import what was sent and opened: inchworm import engagements FILE." },
  );
}

function notesOf(
  { reason, gain }: SendTimes,
  { bestCell, basis, reading }: SendTimeModel,
): string[] {
  const personal = [...reason.keys()].filter((row) => reason[row] === 0);
  const mean = personal.reduce((sum, row) => sum + gain[row], 0) / Math.max(1, personal.length);
  const share = (part: number, whole: number) =>
    `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`;
  const have = `${personal.length} of ${reason.length} contacts (${share(personal.length, reason.length)}) have a time of their own`;
  if (basis === "activity")
    return [
      `${have}; ${timeOf(bestCell)} is the busiest hour of everyone.`,
      "Hours are told by visits and orders alone, for too few messages were answered: nothing is known of how much more people would answer, and no gain is told.",
    ];
  return [
    `${have}; their expected gain is ${(100 * mean).toFixed(1)} points on average over ${timeOf(bestCell)}, the best hour for everyone.`,
    reading === "later"
      ? "People answer at hours of their own after a message has come."
      : "People answer at the hour of sending.",
  ];
}
