import { noPersonalTime, sendTimes } from "@inchworm/learn";
import { type Campaign, type FieldValue, InchwormError } from "@inchworm/spec";
import { atLeastOne } from "../probability/options.js";
import type { Scorer } from "../scorer.js";
import { readTiming } from "../timing/read-timing.js";
import type { ZoneResolver } from "../timing/types.js";
import { day } from "../windows.js";
import { sendTimeFields, timeOf, weekdayOf } from "./send-time-fields.js";
import { sendTimeReasons } from "./send-time-reasons.js";
import { actsOf, rememberedDays, type SendTimeArtifact, trainSendTime } from "./send-time-train.js";

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

/**
 * The hour of the week at which each contact answers best, on their own clock: answers per message at that hour, never what machines
 * opened. Judged on later messages beside the hours that are best for everyone at each person's own rate, and withheld unless own hours
 * brought more answers, or all answers are foretold better, beyond doubt. Contacts of whom too little is known have no time of their own,
 * and the reason why. Where fewer than 100 messages were answered, it is the hour at which each contact is active, by visits and orders,
 * judged by those of later days; no gain is told then.
 */
export function sendTime(options: SendTimeOptions = {}): Scorer {
  const { channel, zones: resolvers = [] } = { ...defaults, ...options };
  const judgedDays = atLeastOne(name, "judgedDays", options.judgedDays ?? defaults.judgedDays);

  return {
    name,
    options: { channel, judgedDays },
    fields: sendTimeFields,

    train: (history, given) => trainSendTime(history, { ...given, channel, judgedDays, resolvers }),

    async score(history, stored, { asOf, signal }) {
      const { model: saved, zoneNames } = readSendTime(stored);
      const model = sendTimes().load(saved);
      const { contacts, zones, ...read } = await readTiming(history, {
        asOf,
        since: asOf - rememberedDays * day,
        channel,
        resolvers,
        zoneNames,
        signal,
      });
      const timing = model.basis === "sends" ? read.timing : actsOf(read.timing);
      const times = model.best(timing);
      const abstained = Array.from(times.reason, (reason) =>
        reason === 0 ? undefined : `no personal time: ${noPersonalTime[reason]}`,
      );
      const each = (value: (row: number) => FieldValue): FieldValue[] =>
        Array.from(contacts, (_, row) => (abstained[row] === undefined ? value(row) : null));
      const points = (gains: Float64Array) =>
        each((row) => (model.basis === "sends" ? rounded(100 * gains[row], 10) : null));
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
