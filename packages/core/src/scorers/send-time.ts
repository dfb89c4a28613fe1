import {
  type Artifact,
  noPersonalTime,
  reactions,
  type SendTimes,
  sendTimes,
} from "@inchworm/learn";
import { type Campaign, type FieldValue, InchwormError } from "@inchworm/spec";
import { digest, distinct } from "../dataset.js";
import { judge } from "../judge.js";
import { atLeastOne } from "../probability/options.js";
import type { Scorer } from "../scorer.js";
import { type ReadTiming, readTiming } from "../timing/read-timing.js";
import type { ZoneResolver } from "../timing/types.js";
import { day } from "../windows.js";
import { sendTimeFields, timeOf, weekdayOf } from "./send-time-fields.js";
import { verdictOf } from "./send-time-gain.js";
import { type JudgedSends, judgeSends } from "./send-time-judge.js";
import { sendTimeReasons } from "./send-time-reasons.js";

export interface SendTimeOptions {
  /** Defaults to "email". */
  readonly channel?: Campaign["channel"];
  /** The days at the end of history that the model is judged on. Defaults to 30. */
  readonly judgedDays?: number;
  /** What tells zones beyond platform's field, country, region and phone prefix. Pass them again where the scores are made. */
  readonly zones?: readonly ZoneResolver[];
}

const name = "send-time";
const defaults = { channel: "email", judgedDays: 30 } as const;
/** Answers needed to learn from, and to judge by. */
const leastAnswers = 100;
/** Older habits are other habits. */
export const rememberedDays = 730;
const human = reactions.indexOf("open");

/** What the store keeps of it. */
export interface SendTimeArtifact {
  readonly channel: string;
  readonly model: Artifact;
  /** The places of zones that the model knows as groups. */
  readonly zoneNames: readonly string[];
}

/**
 * The hour of the week at which each contact answers best, on their own clock: answers per message at that hour, never what machines
 * opened. Judged on later messages beside the hours that are best for everyone at each person's own rate, and withheld unless own hours
 * brought more answers, or all answers are foretold better, beyond doubt. Contacts of whom too little is known have no time of their own, and the reason why.
 */
export function sendTime(options: SendTimeOptions = {}): Scorer {
  const { channel, zones: resolvers = [] } = { ...defaults, ...options };
  const judgedDays = atLeastOne(name, "judgedDays", options.judgedDays ?? defaults.judgedDays);

  return {
    name,
    options: { channel, judgedDays },
    fields: sendTimeFields,

    async train(history, { asOf, seed, signal, onProgress }) {
      const told = (share: number) => onProgress?.({ step: name, done: share, total: 1 });
      const from = asOf - judgedDays * day;
      const read = (until: number, since: number, zoneNames?: readonly string[]) =>
        readTiming(history, {
          asOf: until,
          since,
          channel,
          resolvers,
          signal,
          ...(zoneNames && { zoneNames }),
        });
      const past = await read(from, from - rememberedDays * day);
      requireAnswers("learn from", labelsOf(past));
      told(0.1);
      const judgedModel = await sendTimes({ seed }).fit(past.timing, { ...(signal && { signal }) });
      told(0.4);
      const whole = await read(asOf, asOf - rememberedDays * day, past.zoneNames);
      const sends = judgeSends(judgedModel, past, whole, { from, seed });
      requireAnswers("judge by", sends.labels);
      told(0.6);
      const model = await sendTimes({ seed }).fit(whole.timing, { ...(signal && { signal }) });
      told(0.9);
      const times = model.best(whole.timing);
      const card = judge({
        scorer: name,
        question: "At which hour of the week does this contact answer within 24 hours of sending?",
        windows: { training: [from - judgedDays * day], evaluation: from, refit: [from] },
        horizonDays: judgedDays,
        training: { rows: past.timing.sentAt.length, labels: labelsOf(past) },
        evaluation: { rows: sends.labels.length, labels: sends.labels },
        model: sends.model,
        rule: { name: "best hours for everyone, own rate", probabilities: sends.rule },
        drivers: [],
        trainedAt: asOf,
        seed,
        dataHash: digestOf(sends),
        also: { notes: notesOf(times, model.bestCell, model.reading) },
      });
      const artifact: SendTimeArtifact = {
        channel,
        model: model.save(),
        zoneNames: whole.zoneNames,
      };
      told(1);
      return {
        card: { ...card, ...verdictOf(card, sends.atBest) },
        artifact,
        seen: distinct(past.contacts, whole.contacts),
      };
    },

    async score(history, stored, { asOf, signal }) {
      const { model: saved, zoneNames } = readSendTime(stored);
      const model = sendTimes().load(saved);
      const { contacts, timing, zones, ...read } = await readTiming(history, {
        asOf,
        since: asOf - rememberedDays * day,
        channel,
        resolvers,
        zoneNames,
        signal,
      });
      const times = model.best(timing);
      const abstained = Array.from(times.reason, (reason) =>
        reason === 0 ? undefined : `no personal time: ${noPersonalTime[reason]}`,
      );
      const each = (value: (row: number) => FieldValue): FieldValue[] =>
        Array.from(contacts, (_, row) => (abstained[row] === undefined ? value(row) : null));
      const points = (gains: Float64Array) => each((row) => rounded(100 * gains[row], 10));
      return {
        contacts,
        fields: {
          send_hour: each((row) => times.best[row] % 24),
          send_weekday: each((row) => weekdayOf(times.best[row])),
          send_second: each((row) => timeOf(times.second[row])),
          send_gain: points(times.gain),
          send_gain_low: points(times.gainLow),
          send_gain_high: points(times.gainHigh),
          send_own_share: each((row) => rounded(times.ownShare[row], 100)),
          send_time_zone: each((row) => read.zoneNames[zones[row]]),
        },
        reasons: Array.from(contacts, (_, row) =>
          abstained[row] === undefined ? sendTimeReasons(timing, times, row, model.bestCell) : [],
        ),
        abstained,
      };
    },
  };
}

const rounded = (value: number, parts: number): number => Math.round(value * parts) / parts;

/** @throws InchwormError "artifact" when it is not one of this scorer's */
export function readSendTime(stored: unknown): SendTimeArtifact {
  const { channel, model, zoneNames } = (stored ?? {}) as Partial<SendTimeArtifact>;
  if (channel && model && Array.isArray(zoneNames)) return { channel, model, zoneNames };
  throw new InchwormError("artifact", `${name}: what the store holds is not its model.`, {
    hint: `Train again: inchworm train --scorers ${name}.`,
  });
}

const labelsOf = ({ timing }: ReadTiming): Float64Array =>
  Float64Array.from(timing.sends.reactions, (reaction) => (reaction >= human ? 1 : 0));

function requireAnswers(purpose: string, labels: Float64Array): void {
  const answers = labels.reduce((sum, label) => sum + label, 0);
  if (answers >= leastAnswers && labels.length > answers) return;
  throw new InchwormError(
    "insufficient-data",
    `${name}: to ${purpose}, needs ${leastAnswers} messages that people answered (and some that they did not), there are ${answers}: ${Math.max(0, leastAnswers - answers)} are missing.`,
    { hint: "Import what was sent and opened: inchworm import engagements FILE." },
  );
}

const digestOf = ({ contacts, labels, model }: JudgedSends): string =>
  digest({
    contacts,
    labels,
    columns: [{ name: "model", kind: "number", values: Float32Array.from(model) }],
  });

function notesOf({ reason, gain }: SendTimes, bestCell: number, reading: string): string[] {
  const personal = [...reason.keys()].filter((row) => reason[row] === 0);
  const mean = personal.reduce((sum, row) => sum + gain[row], 0) / Math.max(1, personal.length);
  const share = (part: number, whole: number) =>
    `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`;
  return [
    `${personal.length} of ${reason.length} contacts (${share(personal.length, reason.length)}) have a time of their own; their expected gain is ${(100 * mean).toFixed(1)} points on average over ${timeOf(bestCell)}, the best hour for everyone.`,
    reading === "later"
      ? "People answer at hours of their own after a message has come."
      : "People answer at the hour of sending.",
  ];
}
