import type { Campaign, Instant } from "@inchworm/spec";

/** What people were sent and did, told apart by what it says of their hours. `machine`: whatever machines opened or clicked. */
export const momentKinds = [
  "sent",
  "open",
  "click",
  "reply",
  /** A visit, a view, a cart or a form. */
  "visit",
  "order",
  "unsubscribe",
  "complaint",
  "bounce",
  "machine",
] as const;

export interface MomentsOptions {
  readonly asOf: Instant;
  /** Nothing before it is looked at. Defaults to the beginning. */
  readonly since?: Instant;
  /** Messages of other channels are left out, and answers to them. One whose campaign is not known counts. Defaults to "email". */
  readonly channel?: Campaign["channel"];
  /** See `FeatureOptions`. */
  readonly sample?: number;
  readonly signal?: AbortSignal;
}

/** Entries of contact c are `offsets[c]` up to but not including `offsets[c + 1]`, in no order. */
export interface Moments {
  /** Who has any, ascending. */
  readonly contacts: Int32Array;
  /** One more than contacts. */
  readonly offsets: Int32Array;
  /** Whole seconds since 1970, UTC. */
  readonly seconds: Uint32Array;
  /** Place in `momentKinds`. */
  readonly kinds: Uint8Array;
  /** A number for the campaign, the same within one answer alone; -1 where none is named. */
  readonly campaigns: Int32Array;
}

/** Why somebody is not to be written to; the first is no reason. A place in this list. */
export const sendRefusals = [
  "",
  "no consent",
  "unsubscribed",
  "no address",
  "was sent it already",
] as const;

/** One entry per contact. */
export interface Reachable {
  /** Everybody, ascending. */
  readonly contacts: Int32Array;
  /** Place in `sendRefusals`. */
  readonly refusals: Uint8Array;
  /** 1 = may be profiled; 0 = is to be treated as everybody. */
  readonly profiled: Uint8Array;
  /** Place in `timeZones` of what the platform says; -1 where it says nothing. */
  readonly zones: Int32Array;
  readonly timeZones: readonly string[];
  /** Whether the campaign is known as transactional. */
  readonly transactional: boolean;
}

/** Marketing messages of all channels that were sent, or are planned and not known to have been. Laid out like `Moments`. */
export interface MessageTimes {
  readonly contacts: Int32Array;
  readonly offsets: Int32Array;
  /** UTC milliseconds, ascending within a contact. */
  readonly at: Float64Array;
  /** Place in `names`. */
  readonly channels: Int32Array;
  readonly names: readonly string[];
}

export interface StoredSendPlan {
  readonly id: string;
  readonly campaign: string;
  readonly channel: string;
  /** Plain JSON: the window, quiet hours, caps and seed that the plan was made by. */
  readonly rules: unknown;
  readonly createdAt: Instant;
}

/** One entry per message. */
export interface PlannedSends {
  readonly contacts: Int32Array;
  /** UTC milliseconds. */
  readonly at: Float64Array;
  /** Hour of the week on the contact's clock, 0 = Monday 00:00. */
  readonly localHours: Uint8Array;
  /** Place in `armNames`: by which rule the hour was chosen. */
  readonly arms: Uint8Array;
  readonly armNames: readonly string[];
  /** Chance with which this hour was chosen among those that could have been. */
  readonly propensities: Float64Array;
}

/** Planned messages whose 24 hours are over, and whether a person answered within them. */
export interface SendLog extends PlannedSends {
  /** Place in `campaignNames`. */
  readonly campaigns: Int32Array;
  readonly campaignNames: readonly string[];
  /** Place in `plans`: by which plan it was chosen. */
  readonly planned: Int32Array;
  /** The earliest first. */
  readonly plans: readonly StoredSendPlan[];
  /** 1 = opened, clicked or replied to by a person within 24 hours of the planned time. */
  readonly answered: Uint8Array;
}
