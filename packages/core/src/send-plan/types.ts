import type { Caps } from "@inchworm/learn";
import type { Campaign, Instant } from "@inchworm/spec";

/** A campaign that is to be sent, and within which limits. */
export interface SendPlanCampaign {
  readonly id: string;
  /** A transactional one is refused: what people wait for is sent at once. Defaults to what the store knows, else "marketing". */
  readonly kind?: Campaign["kind"];
  /** Defaults to "email". */
  readonly channel?: Campaign["channel"];
  /** Nothing is sent before it. Defaults to now. */
  readonly from?: Instant;
  /** The window in which everybody gets it: so many hours from `from` on, 1 to 168. Defaults to 24. */
  readonly hours?: number;
  /** Hours of the local day, 0 to 24, in which nothing is sent; over midnight where `to` is not above `from`. Defaults to 21 to 8; `false` = none. */
  readonly quietHours?: { readonly from: number; readonly to: number } | false;
  /**
   * Limits per person, whatever the gain. Quiet hours of its own come on top. Defaults to 1 message a day, 3 in 7 days and 8 in 30, of
   * all channels together; `false` = none.
   */
  readonly caps?: Caps | false;
  /**
   * Share of people who get a random hour of those allowed, 0 to 1: without it nobody can tell later whether the hours helped. 0 = everybody
   * gets the best hour, and nothing is drawn. Defaults to 0.1.
   */
  readonly explore?: number;
  /**
   * For people with hours of their own so many draws are made of what is known of them, and one is followed (Thompson sampling), so that
   * hours of which little is known are tried, too. 0 = their best hour. At most 1000; a draw takes some
   * 0.05 ms per person. Defaults to 10.
   */
  readonly draws?: number;
  /** The local hour, 0 to 23, for everybody as long as nothing better is known. Defaults to 10. */
  readonly hour?: number;
  /** Most people in a batch. Defaults to 1000. */
  readonly batchSize?: number;
  /** Another seed explores with other people. Defaults to the workspace's. */
  readonly seed?: number;
}

/** Who is to get it. Defaults to everybody. */
export interface SendPlanAudience {
  /** E-mail addresses, or other names written `system:id`. */
  readonly people?: readonly string[];
  /** Numbers of contacts in the store. */
  readonly contacts?: ArrayLike<number>;
}

/** By which rule an hour was chosen: a draw of the person's own, the best for everyone, or by lot. */
export const armNames = ["personal", "everyone", "random"] as const;

/** Who gets it when. The arrays have one entry per message, by time, then by contact. */
export interface SendPlan {
  readonly id: string;
  readonly campaign: string;
  readonly channel: string;
  readonly createdAt: Instant;
  readonly from: Instant;
  readonly until: Instant;
  readonly rows: number;
  readonly contacts: Int32Array;
  /** UTC milliseconds: the start of an hour on the person's own clock. */
  readonly at: Float64Array;
  /** Hour of the week there, 0 = Monday 00:00. */
  readonly localHours: Uint8Array;
  /** Place in `zoneNames`. */
  readonly zones: Int32Array;
  readonly zoneNames: readonly string[];
  /** Place in `armNames`. */
  readonly arms: Uint8Array;
  /** Chance with which this very hour was chosen, all ways together. */
  readonly propensities: Float64Array;
  /** Messages of one instant, at most `batchSize` of them: rows `first` to before `end`. */
  readonly batches: readonly {
    readonly at: Instant;
    readonly first: number;
    readonly end: number;
  }[];
  /** Why others do not get it → how many. */
  readonly skipped: Readonly<Record<string, number>>;
  /** What else a reader should know, one plain sentence each. */
  readonly notes: readonly string[];
}
