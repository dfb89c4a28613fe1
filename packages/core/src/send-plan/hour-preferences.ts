import { sendTimes, weekHours } from "@inchworm/learn";
import type { Instant } from "@inchworm/spec";
import type { Store } from "@inchworm/store";
import { readSendTime, rememberedDays } from "../scorers/send-time.js";
import { historyOf } from "../timing/history-of.js";
import { readTiming } from "../timing/read-timing.js";
import { day } from "../windows.js";
import type { HourPreferences } from "./make-send-plan.js";

/** Contacts whose hours are worked out at a time. */
const chunk = 8192;

/** At which hours people answer, by the model of send times, if one is published for the channel. */
export async function hourPreferences(
  store: Pick<Store, "model" | "moments" | "profiles">,
  { asOf, channel, signal }: { asOf: Instant; channel: string; signal?: AbortSignal | undefined },
): Promise<HourPreferences | undefined> {
  const stored = await store.model("send-time");
  if (stored?.card.verdict !== "published") return undefined;
  const artifact = readSendTime(stored.artifact);
  if (artifact.channel !== channel) return undefined;
  const { zoneNames } = artifact;
  const model = sendTimes().load(artifact.model);
  const since = asOf - rememberedDays * day;
  const { contacts, timing } = await readTiming(store, { asOf, since, channel, zoneNames, signal });
  let from = 0;
  let part = contacts.subarray(0, 0);
  let curves: Float32Array = new Float32Array(0);
  let reasons: Uint8Array = new Uint8Array(0);
  let next = 0;
  return {
    everyone: model.everyone,
    own(contact) {
      while (next < contacts.length && contacts[next] < contact) next++;
      if (contacts[next] !== contact) return undefined;
      if (next >= from + part.length) {
        from = next;
        part = contacts.subarray(from, from + chunk);
        const own = historyOf(timing, contacts, part);
        curves = model.probabilities(own);
        reasons = model.best(own).reason;
      }
      const row = next - from;
      return reasons[row] === 0
        ? curves.subarray(row * weekHours, (row + 1) * weekHours)
        : undefined;
    },
  };
}
