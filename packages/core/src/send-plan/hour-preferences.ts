import { type SendTimeModel, sendTimes, weekHours } from "@inchworm/learn";
import type { Instant } from "@inchworm/spec";
import type { Store } from "@inchworm/store";
import { uniform } from "../dataset.js";
import { readSendTime } from "../scorers/send-time.js";
import { rememberedDays } from "../scorers/send-time-train.js";
import { historyOf } from "../timing/history-of.js";
import { readTiming } from "../timing/read-timing.js";
import { day } from "../windows.js";
import { type DrawnHours, drawHours, rhythmsOf } from "./hour-draws.js";

/** A contact's own hours. */
export interface OwnHours {
  /** Chance of an answer by hour of the week. */
  readonly chances: ArrayLike<number>;
  /** Draws from what is known of it, each by hour of the week, to follow one of; none where the likeliest is to be taken. */
  readonly draws: readonly ArrayLike<number>[];
}

/** What is known of the hours at which people answer. */
export interface HourPreferences {
  /** By hour of the week. */
  readonly everyone: ArrayLike<number>;
  /** `undefined` where a contact has no time of their own. Asked in ascending order. */
  own(contact: number): OwnHours | undefined;
}

/** A model of send times, and what it calls zones. */
export interface HourModel {
  readonly model: SendTimeModel;
  readonly zoneNames: readonly string[];
}

export interface PreferenceOptions {
  readonly asOf: Instant;
  readonly channel: string;
  /** For the draws. */
  readonly seed: number;
  /** How many of each contact's hours. */
  readonly draws: number;
  /** Who may be asked for. Defaults to everybody. */
  readonly only?: ReadonlySet<number> | undefined;
  readonly signal?: AbortSignal | undefined;
}

type History = Pick<Store, "moments" | "profiles">;

/** Contacts whose hours are worked out at a time. */
const chunk = 4096;
/** Contacts that others' rhythms are looked for among. */
const mostAsked = 2048;

/** The model of send times, if one is published for the channel. */
export async function publishedHours(
  store: Pick<Store, "model">,
  channel: string,
): Promise<(HourModel & { readonly trainedAt: Instant }) | undefined> {
  const stored = await store.model("send-time");
  if (stored?.card.verdict !== "published") return undefined;
  const artifact = readSendTime(stored.artifact);
  if (artifact.channel !== channel) return undefined;
  return {
    model: sendTimes().load(artifact.model),
    zoneNames: artifact.zoneNames,
    trainedAt: stored.card.trainedAt,
  };
}

/** At which hours people answer, by what they did before a day. */
export async function hourPreferences(
  store: History,
  { model, zoneNames }: HourModel,
  { asOf, channel, seed, draws, only, signal }: PreferenceOptions,
): Promise<HourPreferences> {
  const since = asOf - rememberedDays * day;
  const { contacts, timing } = await readTiming(store, { asOf, since, channel, zoneNames, signal });
  const share = mostAsked / Math.max(1, contacts.length);
  const some = contacts.filter((contact) => uniform(contact, 0x7d5a) < share);
  const others =
    draws > 0 ? rhythmsOf(model, historyOf(timing, contacts, some)) : new Float32Array(0);
  const wanted = only ? contacts.filter((contact) => only.has(contact)) : contacts;
  let from = 0;
  let part = contacts.subarray(0, 0);
  let curves: Float32Array = new Float32Array(0);
  let drawn: DrawnHours = [];
  let reasons: Uint8Array = new Uint8Array(0);
  let next = 0;
  return {
    everyone: model.everyone,
    own(contact) {
      while (next < wanted.length && wanted[next] < contact) next++;
      if (wanted[next] !== contact) return undefined;
      if (next >= from + part.length) {
        from = next;
        part = wanted.subarray(from, from + chunk);
        const own = historyOf(timing, contacts, part);
        const best = model.best(own);
        curves = model.probabilities(own);
        reasons = best.reason;
        drawn = drawHours(model, own, part, best.ownShare, { draws, seed, others });
      }
      const row = next - from;
      if (reasons[row] !== 0) return undefined;
      const cells = [row * weekHours, (row + 1) * weekHours] as const;
      return {
        chances: curves.subarray(...cells),
        draws: drawn.map((one) => one.subarray(...cells)),
      };
    },
  };
}
