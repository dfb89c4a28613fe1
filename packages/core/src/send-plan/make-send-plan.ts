import { createHash } from "node:crypto";
import { timeZoneClock } from "@inchworm/learn";
import type { Instant } from "@inchworm/spec";
import { type Store, sendRefusals } from "@inchworm/store";
import { heldOut } from "../holdout/held-out.js";
import { arrange, type Row } from "./arrange.js";
import { chooser } from "./choose.js";
import type { HourPreferences } from "./hour-preferences.js";
import { audienceOf } from "./people.js";
import { recent, sentTo } from "./recent.js";
import { type Settings, settingsOf } from "./settings.js";
import { freeSlots, type Slots, slotsOf } from "./slots.js";
import { armNames, type SendPlan, type SendPlanAudience, type SendPlanCampaign } from "./types.js";
import { type Whereabouts, whereabouts } from "./whereabouts.js";

export interface MakeOptions {
  readonly now: Instant;
  readonly seed: number;
  /** Absent where no model tells. */
  readonly preferences?: HourPreferences | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Plans a campaign: who gets it, and when. Nobody who does not allow it, nothing in the night, no limit broken; the same store, now
 * and seed give the same plan.
 *
 * @throws InchwormError "input" for a campaign that cannot be planned as asked, or is transactional
 */
export async function makeSendPlan(
  store: Store,
  campaign: SendPlanCampaign,
  audience: SendPlanAudience,
  options: MakeOptions,
): Promise<SendPlan> {
  const settings = settingsOf(campaign, options);
  const { signal } = options;
  const { id, channel, from, until } = settings;
  const wanted = await audienceOf(store, audience);
  const reachable = await store.reachable({ channel, campaign: id, now: options.now });
  if (reachable.transactional && campaign.kind === undefined)
    settingsOf({ ...campaign, kind: "transactional" }, options);
  const where = await whereabouts(store, reachable, options.now);
  const held = await heldOut(store, id);
  const messages = sentTo(await recent(store, settings, signal));
  const slots = new Map<number, Slots>();
  const slotsIn = (zone: number): Slots => {
    const known = slots.get(zone) ?? slotsOf(timeZoneClock(where.names[zone]), settings);
    slots.set(zone, known);
    return known;
  };
  const choose = chooser(settings, options.preferences?.everyone);
  const skipped: Record<string, number> = {};
  const skip = (why: string, count = 1) => {
    if (count > 0) skipped[why] = (skipped[why] ?? 0) + count;
  };
  skip("nobody here has that name", wanted.unknown);
  const rows: Row[] = [];
  let placeless = 0;
  for (const [row, contact] of reachable.contacts.entries()) {
    if (wanted.contacts && !wanted.contacts.has(contact)) continue;
    const refusal = sendRefusals[reachable.refusals[row]];
    if (refusal !== "") {
      skip(refusal);
      continue;
    }
    // so that what the campaign brings can be told
    if (held.has(contact)) {
      skip("held out");
      continue;
    }
    const zone = where.zones[row];
    const own = slotsIn(zone);
    const choice =
      own.at.length === 0
        ? undefined
        : choose({
            contact,
            slots: own,
            free: freeSlots(own, settings.caps, messages(contact), settings),
            own: options.preferences?.own(contact),
            profiled: reachable.profiled[row] === 1,
          });
    if (choice === undefined) {
      skip(
        own.at.length === 0
          ? "no hour of the window is allowed"
          : "had as many messages as the limits allow",
      );
      continue;
    }
    if (where.guessed[row] === 1) placeless++;
    const { slot, arm, propensity } = choice;
    const [at, localHour] = [own.at[slot], own.cells[slot]];
    rows.push({ contact, at, localHour, zone, arm, propensity });
  }
  const arranged = arrange(rows, settings);
  return {
    id: idOf(settings, arranged),
    campaign: id,
    channel,
    createdAt: options.now,
    from,
    until,
    ...arranged,
    zoneNames: where.names,
    skipped,
    notes: notesOf(settings, where, placeless, options.preferences !== undefined),
  };
}

/** The rules of a plan, as they are kept with it. */
export function rulesOf(campaign: SendPlanCampaign, options: MakeOptions): unknown {
  return settingsOf(campaign, options);
}

function idOf(
  settings: Settings,
  { contacts, at, arms }: Pick<SendPlan, "contacts" | "at" | "arms">,
): string {
  const bytes = [contacts, at, arms].map(
    ({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength),
  );
  const hash = createHash("sha256").update(JSON.stringify(settings));
  for (const part of bytes) hash.update(part);
  return hash.digest("hex").slice(0, 16);
}

function notesOf(
  { explore, hour }: Settings,
  where: Whereabouts,
  placeless: number,
  known: boolean,
): string[] {
  return [
    ...(placeless > 0
      ? [
          `${placeless} people have no known time zone: their hours, the quiet ones too, are those of ${where.names[where.usual]}.`,
        ]
      : []),
    ...(known
      ? []
      : [
          `No model tells at which hours people answer: all but the ${armNames[2]} ones get the hour nearest to ${hour}:00.`,
        ]),
    ...(explore === 0
      ? ["Nobody gets a random hour: no one can tell later whether these hours helped."]
      : []),
  ];
}
