import type { Artifact } from "../types.js";

/** The clock on a person's wall, told in milliseconds. A wall time is what it shows, written as if it were UTC. */
export interface LocalClock {
  /** Wall time less UTC at a UTC instant. */
  offset(instant: number): number;
  /** An instant at which it shows the wall time, or, where it never does because clocks go forward, a later one. */
  instant(wall: number): number;
}

/** A message, sent or planned. Transactional mail is none of these: it is left out by the caller. */
export interface Send {
  /** UTC milliseconds. */
  readonly at: number;
  /** Such as "email", "sms" or "push". */
  readonly channel: string;
}

/**
 * At most `most` messages in any `days` days on the person's own clock: one at 09:00 leaves room again at 09:00 so many days later,
 * whether the nights between had 23, 24 or 25 hours.
 */
export interface VolumeCap {
  readonly most: number;
  /** Such as 1, 7 or 30. */
  readonly days: number;
  /** Only messages of this channel count. Defaults to all channels together. */
  readonly channel?: string;
}

/** No message from minute `from` to before minute `until` of the local day (0 to 1439); over midnight where `from` is the later one. */
export interface QuietHours {
  readonly from: number;
  readonly until: number;
  /** Local weekdays on which the quiet begins, 1 = Monday … 7 = Sunday. Defaults to every day. */
  readonly weekdays?: readonly number[];
  /** Defaults to every channel. */
  readonly channel?: string;
}

/** Limits that nothing may break. Whatever was sent counts for them, by whom and for what does not matter. */
export interface Caps {
  readonly volume?: readonly VolumeCap[];
  readonly quietHours?: readonly QuietHours[];
  /** Least minutes between two messages of any channels. */
  readonly gapMinutes?: number;
}

/** A planned message that breaks a limit. */
export interface CapViolation {
  /** Place among the planned. */
  readonly planned: number;
  /** The rule in words, such as "at most 2 by email in 7 days". */
  readonly rule: string;
  readonly kind: "volume" | "quiet-hours" | "gap";
}

/**
 * What each person was sent and did, one row per person and week, or per part of a week. Arrays have one entry per row, unless said
 * otherwise.
 */
export interface FrequencyLog {
  readonly rows: number;
  readonly people: number;
  /** 0 … people − 1. */
  readonly person: Int32Array;
  /** Messages received in that week, whole numbers ≥ 0; in a part of a week, how many a whole week like it has. */
  readonly messages: Float64Array;
  /** What they did in that time, ≥ 0: clicks, visits and orders, counted or weighted; never machine opens. */
  readonly engagement: Float64Array;
  /** 1 in the week they unsubscribed or complained, else 0; nobody has weeks after it. */
  readonly unsubscribed: Uint8Array;
  /**
   * How much of a week each row stands for, above 0: where the last seven days are counted anew with every message, the one that is the
   * k-th of them stands for 1/k. Defaults to 1 for all.
   */
  readonly weeks?: Float64Array;
  /** Segment of each person, 0 or more, -1 for none; as long as `people`. */
  readonly segments?: Int32Array;
  /**
   * People whose curves have one form, 0 or more, as long as `people`: forms are learned by group, levels are not. They may be told by
   * people's own totals, such as how often each answers, for a form is told by comparing a person's weeks with each other. Defaults to
   * the segments.
   */
  readonly forms?: Int32Array;
  /** Number of the week, 0 or more: what everybody did more of in one week is then no effect of messages. */
  readonly week?: Int32Array;
  /** 1 where the number of messages was drawn at random, without looking at the person. */
  readonly randomised?: Uint8Array;
}

export interface FrequencyOptions {
  /** Most messages a week that curves are for, at most 50. More than so many count as so many. Defaults to 14. */
  readonly most?: number;
}

export interface FrequencyEstimator {
  readonly kind: "message-frequency";
  /** @throws LearnError "input" naming what cannot be used, or what there is too little of; "aborted" */
  fit(log: FrequencyLog, options?: { readonly signal?: AbortSignal }): Promise<FrequencyModel>;
  /** @throws LearnError "artifact" when it is foreign, truncated, of another kind or version, or hostile */
  load(artifact: Artifact): FrequencyModel;
}

/**
 * What the curves rest on. `randomised`: weeks whose number of messages was drawn at random. `within-person`: the same people's
 * weeks with more and with fewer messages, so that it does not matter that engaged people are sent more. `between-people`: nobody's
 * weeks differed enough; more and fewer messages went to different people, and the curves may only tell who they are.
 */
export type FrequencyEvidence = "randomised" | "within-person" | "between-people";

/** What one engagement and one subscription are worth, in one currency. */
export interface FrequencyValue {
  readonly engagement: number;
  /** What is lost with a subscriber: for all, or one per person. */
  readonly subscription: number | Float64Array;
  /** Cost of sending one message. Defaults to 0. */
  readonly message?: number;
}

export interface FrequencyBudget {
  /** Most messages a week for all people together. Defaults to no limit. */
  readonly total?: number;
  /** Most messages a week for each person, such as what hard caps leave. Defaults to the most that the model knows. */
  readonly most?: Uint8Array;
}

/** How many messages a week each person is to have. */
export interface FrequencyPlan {
  /**
   * "kept": the curves rest on nothing but differences between people, and such plans lose money; nobody is given more messages than
   * they have had, and where a budget binds, those who engage least lose theirs. `value` is then `NaN`.
   */
  readonly verdict: "planned" | "kept";
  /** One per person. */
  readonly messages: Uint8Array;
  readonly total: number;
  /** What one more message a week would have to earn to be worth it: the Lagrange multiplier; 0 where the budget does not bind. */
  readonly price: number;
  /** Expected value a week of the whole plan. */
  readonly value: number;
}

/** Fitted and immutable. Curves are for 0 … `most` messages a week. */
export interface FrequencyModel {
  /** As asked for, or fewer where hardly anybody was ever sent so many. */
  readonly most: number;
  readonly people: number;
  readonly evidence: { readonly engagement: FrequencyEvidence; readonly risk: FrequencyEvidence };
  /** Expected engagement in a week with so many messages: never falls, and each further message adds no more than the one before. */
  engagement(person: number): Float64Array;
  /** Unsubscribes to expect in a week with so many messages: never falls, and each further message adds no less than the one before. */
  risk(person: number): Float64Array;
  /** The person's own share in their engagement curve, 0 to 1; the rest is their segment's and everybody's. */
  ownShare(person: number): number;
  /**
   * Messages a week that earn most: engagement × its value − risk × the subscription's value, within the budget.
   *
   * @throws LearnError "input" for values or a budget that are none
   */
  plan(value: FrequencyValue, budget?: FrequencyBudget): FrequencyPlan;
  /** Holds the curves of segments and two numbers per person. */
  save(): Artifact;
}
