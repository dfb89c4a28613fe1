import type { Artifact } from "../types.js";

/** Hours of a week on a contact's own clock: 0 = Monday 00:00 to 00:59, 167 = Sunday 23:00 to 23:59. */
export const weekHours = 168;

/** A send is judged by what its reader does within so many hours. */
export const windowHours = 24;

/** What came of a send, or what somebody did: a place in this list. The later ones tell more about a person's hours. */
export const reactions = ["none", "machine", "open", "click", "visit", "order"] as const;
export type Reaction = (typeof reactions)[number];

/** Stands in `delays` where it is known that a person reacted, but not when. */
export const unknownDelay = 255;

/** Entries of many contacts in one list: those of contact c are `offsets[c]` up to but not including `offsets[c + 1]`. */
export interface Sends {
  /** One more than there are contacts, ascending from 0. */
  readonly offsets: Int32Array;
  /** Local week hour of sending. */
  readonly cells: Uint8Array;
  /** Place in `reactions`: the strongest human one within 24 hours of sending; "machine" where machines alone reacted. */
  readonly reactions: Uint8Array;
  /**
   * After a human reaction: the clock hour of the first one less the clock hour of sending (09:50 to 10:05 is 1), 0 to 24, or
   * `unknownDelay`. Otherwise: for how many whole hours the send has been watched; 24 = to the end.
   */
  readonly delays: Uint8Array;
  /** How many sends an entry stands for. Defaults to 1 for all. */
  readonly counts?: Counts;
}

/** What people did of their own accord or at an unknown time after a send, laid out like `Sends`. */
export interface Activity {
  readonly offsets: Int32Array;
  /** Local week hour in which it happened. */
  readonly cells: Uint8Array;
  /** Place in `reactions`; "none" and "machine" count for nothing. */
  readonly kinds: Uint8Array;
  /** How many events an entry stands for. Defaults to 1 for all. */
  readonly counts?: Counts;
}

export type Counts = Uint8Array | Uint16Array | Int32Array | Float32Array | Float64Array;

/** What is known of when contacts are reached. At least one of `sends` and `activity`. */
export interface TimingHistory {
  readonly contacts: number;
  readonly sends?: Sends;
  readonly activity?: Activity;
  /**
   * Whether each contact's entries are in order of time: settings are then chosen by how well they foretell the latest ones, else ones
   * drawn at random. Defaults to false.
   */
  readonly ordered?: boolean;
  /** Segment, time zone or the like of each contact, from 0; -1 = none. Defaults to none for all. */
  readonly groups?: Int32Array;
}

/** Why a contact has no time of its own; 0 = it has one. A place in this list. */
export const noPersonalTime = [
  "",
  "no history",
  "too few reactions",
  "machines alone opened",
  "no hour stands out",
] as const;
export type NoPersonalTime = (typeof noPersonalTime)[number];

/** One entry per contact. Probabilities are of a human reaction within 24 hours of sending. */
export interface SendTimes {
  readonly contacts: number;
  /** The week hour to send in: the contact's own, or that of its group or everyone where `reason` is not 0. */
  readonly best: Uint8Array;
  /**
   * The next best, at least three hours from the best on the clock, or on another kind of day (working day or weekend); the best
   * again where no such hour is allowed.
   */
  readonly second: Uint8Array;
  /** When sent in the best hour; `NaN` where the model knows activity alone, without sends. */
  readonly probability: Float64Array;
  readonly secondProbability: Float64Array;
  /** The same contact, when sent in the hour that is best for everyone. */
  readonly globalProbability: Float64Array;
  /**
   * `probability` less `globalProbability`: the posterior mean, and an interval that holds the true gain with 80 %. Where the model
   * knows activity alone, the gain is in shares of a week's activity.
   */
  readonly gain: Float64Array;
  readonly gainLow: Float64Array;
  readonly gainHigh: Float64Array;
  /**
   * How far the contact's own data have moved the answer from what is known of its group or everyone, 0 to 1 (total variation of
   * the probabilities of rhythms).
   */
  readonly ownShare: Float64Array;
  /** Human reactions and acts that were counted, unweighted. */
  readonly events: Float64Array;
  /** Place in `noPersonalTime`. */
  readonly reason: Uint8Array;
}

export interface SendTimeOptions {
  /** For the sample of contacts that the settings are learned from. Defaults to 1. */
  readonly seed?: number;
  /**
   * How much more an act tells than an open, by kind; only their proportions matter, and answers to sends are weighed only where that
   * foretells hidden ones better. Defaults to open 1, click 2, visit 2.5, order 3.
   */
  readonly weights?: Partial<Record<"open" | "click" | "visit" | "order", number>>;
  /** Fewer human reactions and acts than this give no personal time, so that whoever was seen once is never worse off than with everyone's hour. Defaults to 2. */
  readonly leastEvents?: number;
}

export interface SendTimeFitOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (share: number) => void;
}

export interface SendTimeEstimator {
  readonly kind: "send-times";
  /** @throws LearnError "input" when the history cannot be read, or nobody in it reacted */
  fit(history: TimingHistory, options?: SendTimeFitOptions): Promise<SendTimeModel>;
  /** @throws LearnError "artifact" when it is foreign, truncated, of another kind or version, or hostile */
  load(artifact: Artifact): SendTimeModel;
}

/** Fitted and immutable. The histories passed need not be the one it was fitted to; groups are told by their numbers. */
export interface SendTimeModel {
  /**
   * What hours were learned from: `sends` = reactions per send at that hour, corrected for how often each hour was tried;
   * `activity` = acts alone, which say when people are there, not how they would answer.
   */
  readonly basis: "sends" | "activity";
  /** Whether readers answer by the hour of sending, or at hours of their own after it: whichever makes the delays of answers likelier. */
  readonly reading: "at sending" | "later";
  /** By week hour: probability for everyone together of a reaction within 24 hours; the share of activity where the basis is that. */
  readonly everyone: Float64Array;
  /** The best week hour for everyone. */
  readonly bestCell: number;
  /** Share of all reactions within 24 hours that came within so many clock hours of sending, by hour 0 to 24. */
  readonly responded: Float64Array;
  /** Mean log-likelihood of held-out sends (of held-out acts, where the basis is activity) of contacts that have some. */
  readonly heldOut: HeldOut;
  /** @throws LearnError "input" when the history cannot be read, or no hour is allowed */
  best(history: TimingHistory, options?: BestOptions): SendTimes;
  /**
   * For each contact and week hour: the probability of a reaction within 24 hours, row-major, `contacts × 168`; the contact's share
   * of activity where the basis is that. 1,000,000 contacts fill 672 MB: ask for some at a time.
   */
  probabilities(history: TimingHistory): Float32Array;
  save(): Artifact;
}

export interface HeldOut {
  readonly events: number;
  /** This model, everyone's rhythm with the person's own level, and the person's own rates by hour, nearly unshrunk. */
  readonly model: number;
  readonly global: number;
  readonly unshrunk: number;
}

export interface BestOptions {
  /**
   * 168 flags by local week hour; hours with 0 are never chosen. `allowedCells` makes them from windows and quiet hours. Defaults to
   * all. Among them, hours of the day that have hardly been tried are chosen only where no other is allowed.
   */
  readonly allowed?: Uint8Array;
}

/** Hours from `from` (inclusive) to `to` (exclusive), 0 to 24; over midnight where `to` is not above `from`. */
export interface HourWindow {
  readonly from: number;
  readonly to: number;
  /** Monday = 0. The day on which the window starts. Defaults to all. */
  readonly days?: readonly number[];
}

/** A zone's clock from its own table of transitions. Instants are UTC milliseconds; wall times are what a clock there shows, as if it were UTC. */
export interface TimeZoneClock {
  /** The IANA name, as the runtime spells it. */
  readonly zone: string;
  /** Wall time less UTC, in milliseconds. */
  offset(instant: number): number;
  wall(instant: number): number;
  /**
   * The instant at which the clock shows a wall time. One that is shown twice (clocks go back) means the first of the two; one that is
   * never shown (clocks go forward) is read with the offset before the change, so 02:30 becomes 03:30.
   */
  instant(wall: number): number;
  /** Monday 00:00 = 0. */
  weekHour(instant: number): number;
  /** Into `into`, where given. */
  weekHours(instants: Float64Array, into?: Uint8Array): Uint8Array;
  /** The first instant not before `after` at which the clock shows the start of that week hour, by the rule of `instant`. */
  next(weekHour: number, after: number): number;
  /** Instants in [from, to) at which the offset changes. */
  transitions(from: number, to: number): Float64Array;
}

/** What somebody did, by instant alone. Laid out like `Sends`. */
export interface Instants {
  readonly contacts: number;
  readonly offsets: Int32Array;
  /** UTC milliseconds. */
  readonly instants: Float64Array;
}

/** What is known of people whose zone is known: their rhythm in local time tells others' zones. */
export interface LocatedInstants extends Instants {
  /** IANA names. */
  readonly names: readonly string[];
  /** Place in `names` of each contact's zone; -1 = not known, and not learned from. */
  readonly zones: Int32Array;
}

export interface ZoneOptions {
  /** For the sample of people that rhythms are learned from. Defaults to 1. */
  readonly seed?: number;
  /** Guesses less sure than this are kept back. Defaults to .9. */
  readonly leastConfidence?: number;
}

export interface ZoneEstimator {
  readonly kind: "zone-from-rhythm";
  /** @throws LearnError "input" when the lists do not fit each other, a name is no time zone, or nobody's zone is known */
  fit(known: LocatedInstants, options?: { readonly signal?: AbortSignal }): Promise<ZoneModel>;
  /** @throws LearnError "artifact" when it is foreign, truncated, of another kind or version, or hostile */
  load(artifact: Artifact): ZoneModel;
}

/** Fitted and immutable. */
export interface ZoneModel {
  /**
   * The likeliest zone of each contact from hours of activity alone. Candidates that kept the same time while the contacts were active
   * cannot be told apart and count as one.
   *
   * @throws LearnError "input" when the lists do not fit each other, a candidate is no time zone, or there is none
   */
  guess(activity: Instants, candidates: readonly ZoneCandidate[]): ZoneGuesses;
  save(): Artifact;
}

/** One entry per contact. */
export interface ZoneGuesses {
  /** Place in the candidates passed; -1 = abstained. Of candidates that keep the same time, the one with the largest weight. */
  readonly zones: Int32Array;
  /** Minutes from UTC at the contact's last event; 0 where abstained. */
  readonly offsetMinutes: Int16Array;
  /** Posterior probability that the offset is right within an hour. Told where abstained, too. */
  readonly confidence: Float64Array;
}

export interface ZoneCandidate {
  /** IANA name. */
  readonly zone: string;
  /** How many of one's contacts live there, or any other weight ≥ 0. */
  readonly weight: number;
}
