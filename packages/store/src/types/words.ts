import type { Campaign, Instant } from "@inchworm/spec";

export interface CampaignSendsOptions {
  readonly asOf: Instant;
  /** Nothing before it is looked at. Defaults to the beginning. */
  readonly since?: Instant;
  /** Defaults to "email". */
  readonly channel?: Campaign["channel"];
  /** Answers that come later after their message than this many hours do not count. Defaults to 72. */
  readonly answerHours?: number;
  /** See `FeatureOptions`. */
  readonly sample?: number;
  readonly signal?: AbortSignal;
}

/**
 * Who was sent which campaign and what came of it: one entry per contact and campaign, ascending by contact, then by time, then by
 * campaign.
 */
export interface CampaignSends {
  /** Campaigns of the channel that were sent to somebody, transactional ones left out, in the order of their ids' code points. */
  readonly campaigns: readonly Campaign[];
  readonly contacts: Int32Array;
  /** Place in `campaigns`. */
  readonly campaign: Int32Array;
  /** UTC milliseconds of the first time it was sent. */
  readonly at: Float64Array;
  /** 0 = nothing, 1 = a person opened it, 2 = and clicked or replied. */
  readonly answers: Uint8Array;
}

export interface MessagesOptions {
  readonly asOf: Instant;
  /** Nothing before it is looked at. Defaults to the beginning. */
  readonly since?: Instant;
  readonly signal?: AbortSignal;
}

/** What customers wrote, one entry per message, ascending by time, then by id. */
export interface Messages {
  readonly ids: readonly string[];
  readonly contacts: Int32Array;
  /** UTC milliseconds. */
  readonly at: Float64Array;
  /** Absent where not known. */
  readonly channels: readonly (string | undefined)[];
  readonly texts: readonly string[];
}
