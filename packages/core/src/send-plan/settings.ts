import type { Caps, QuietHours } from "@inchworm/learn";
import { InchwormError, type Instant } from "@inchworm/spec";
import type { SendPlanCampaign } from "./types.js";

/** A campaign with everything decided. */
export interface Settings {
  readonly id: string;
  readonly channel: string;
  readonly from: Instant;
  readonly until: Instant;
  readonly quiet: readonly QuietHours[];
  /** Without quiet hours: those are looked at once per zone, not once per person. */
  readonly caps: Caps;
  readonly explore: number;
  readonly draws: number;
  readonly hour: number;
  readonly batchSize: number;
  readonly seed: number;
}

const defaults = {
  channel: "email",
  hours: 24,
  quietHours: { from: 21, to: 8 },
  caps: {
    volume: [
      { most: 1, days: 1 },
      { most: 3, days: 7 },
      { most: 8, days: 30 },
    ],
  },
  explore: 0.1,
  draws: 10,
  hour: 10,
  batchSize: 1000,
} satisfies Omit<SendPlanCampaign, "id">;

const ranges: Readonly<Record<string, readonly [least: number, most: number, whole: boolean]>> = {
  hours: [1, 168, true],
  explore: [0, 1, false],
  draws: [0, 1000, true],
  hour: [0, 23, true],
  batchSize: [1, Number.MAX_SAFE_INTEGER, true],
  seed: [0, Number.MAX_SAFE_INTEGER, true],
};

/** @throws InchwormError "input" naming the option */
export function settingsOf(
  campaign: SendPlanCampaign,
  { now, seed }: { readonly now: Instant; readonly seed: number },
): Settings {
  const given = { ...defaults, from: now, seed, ...campaign };
  const refuse = (what: string, hint?: string) =>
    new InchwormError("input", `sendPlan: ${what}`, hint === undefined ? {} : { hint });
  if (typeof given.id !== "string" || given.id.trim() === "")
    throw refuse(
      '"id" of the campaign is missing.',
      "Give the id by which its events will come back.",
    );
  if (given.kind === "transactional")
    throw refuse(
      `"${given.id}" is transactional.`,
      "What people wait for is sent at once: no time is chosen for it.",
    );
  if (!Number.isFinite(given.from)) throw refuse(`"from" must be an instant, got ${given.from}.`);
  for (const [name, [least, most, whole]] of Object.entries(ranges)) {
    const value = given[name as keyof typeof given] as number;
    if (value >= least && value <= most && (!whole || Number.isInteger(value))) continue;
    const kind = whole ? "a whole number" : "a number";
    throw refuse(`"${name}" must be ${kind} from ${least} to ${most}, got ${value}.`);
  }
  const own = given.quietHours;
  for (const [name, value] of Object.entries(own === false ? {} : own))
    if (!Number.isInteger(value) || value < 0 || value > 24)
      throw refuse(`"quietHours.${name}" must be a whole hour from 0 to 24, got ${value}.`);
  const { quietHours = [], ...caps }: Caps = given.caps === false ? {} : given.caps;
  // what began before now cannot be sent any more
  const from = Math.max(given.from, now);
  return {
    id: given.id,
    channel: given.channel,
    from,
    until: given.from + given.hours * 3_600_000,
    quiet: [...(own === false ? [] : inMinutes(own)), ...quietHours],
    caps,
    explore: given.explore,
    draws: given.draws,
    hour: given.hour,
    batchSize: given.batchSize,
    seed: given.seed,
  };
}

function inMinutes({ from, to }: { readonly from: number; readonly to: number }): QuietHours[] {
  if (from % 24 === to % 24) return [];
  return [{ from: (from % 24) * 60, until: (to % 24) * 60 }];
}
