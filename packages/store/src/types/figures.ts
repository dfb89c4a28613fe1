import type { Instant } from "@inchworm/spec";

/** A scorer and one of its fields. */
export interface ScoredField {
  readonly scorer: string;
  readonly field: string;
}

export interface FiguresOptions {
  /** History at or after it is not looked at. */
  readonly asOf: Instant;
  /** Fields of numbers to be counted. */
  readonly numbers: readonly (ScoredField & {
    /** Probabilities are counted in twentieths of 0 to 1, other numbers between the least and all but the highest hundredth. */
    readonly probability: boolean;
  })[];
  /** Fields of names that part contacts into groups. */
  readonly groups: readonly ScoredField[];
}

/** Counts and sums over everybody, for pictures: as many rows for a million contacts as for a thousand. */
export interface Figures {
  readonly spreads: readonly Spread[];
  readonly groups: readonly Group[];
  /** Contacts by ranks of recency and frequency, 1 to 5 and 5 the best, with the mean rank of money. */
  readonly ranks: readonly RankCell[];
  /** Contacts by their best hour of the week, 0 = Monday 00:00 on their own clocks. */
  readonly hours: readonly { readonly hour: number; readonly contacts: number }[];
  readonly moves: readonly Move[];
  readonly deliveries: readonly Delivery[];
}

export interface Spread extends ScoredField {
  readonly contacts: number;
  readonly mean: number;
  readonly least: number;
  readonly most: number;
  /** Ascending; each holds `from` but not `to`, the last of all holds whatever is above. Empty ones are among them. */
  readonly bins: readonly {
    readonly from: number;
    readonly to: number;
    readonly contacts: number;
  }[];
  /** Hundredths of the contacts, the highest first; `sum` is of their numbers. Fewer where there are fewer contacts. */
  readonly hundredths: readonly { readonly contacts: number; readonly sum: number }[];
}

/** Means over the contacts of a group; absent where nobody has the number. */
export interface Group extends ScoredField {
  readonly name: string;
  readonly contacts: number;
  readonly orders: number;
  readonly spend: number;
  readonly daysSinceOrder?: number;
  /** By scorer, of its field among `numbers`. */
  readonly means: Readonly<Record<string, number>>;
}

export interface RankCell {
  readonly recency: number;
  readonly frequency: number;
  readonly contacts: number;
  readonly monetary: number;
}

/** How the numbers of a scorer differ from those that it last kept on an earlier day. */
export interface Move extends ScoredField {
  readonly since: Instant;
  readonly now: Instant;
  /** Who has a number on both days, and their means. */
  readonly contacts: number;
  readonly meanThen: number;
  readonly meanNow: number;
  /** By at least `step`: 0.1 of a probability, a tenth of the mean of then of other numbers. */
  readonly step: number;
  readonly rose: number;
  readonly fell: number;
  /** Who has a number only now, and who had one only then. */
  readonly newcomers: number;
  readonly gone: number;
}

/** What the latest plan of a destination has come to. */
export interface Delivery {
  readonly destination: string;
  readonly createdAt: Instant;
  readonly begun: boolean;
  readonly updated: number;
  readonly cleared: number;
  /** Left out by the plan, and by the destination. */
  readonly skipped: number;
  readonly failed: number;
  readonly pending: number;
  readonly skipReasons: Readonly<Record<string, number>>;
  /** Records that hold values of ours, and when the last was written. */
  readonly records: number;
  readonly writtenAt?: Instant;
}

/** One thing that a contact did, or that was done. */
export interface TimelineEntry {
  readonly at: Instant;
  /** "order", or the type of the engagement. */
  readonly kind: string;
  /** Of an order. */
  readonly total?: number;
  readonly currency?: string;
  /** Name or id of the campaign, if any. */
  readonly campaign?: string;
  readonly machine?: true;
}
