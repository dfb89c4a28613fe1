import type { Instant, ModelCard } from "@inchworm/spec";
import type {
  Delivery,
  Drift,
  Group,
  Move,
  RankCell,
  Spread,
  Summary,
  TimelineEntry,
} from "@inchworm/store";
import type { BoughtPair } from "../bought-together.js";
import type { Explained } from "../explain.js";
import type { Proof } from "../proof/types.js";

export interface ReportOptions {
  /** One contact to show, an e-mail address or `system:id`, with scores, reasons and history. Defaults to nobody. */
  readonly contact?: string;
  /** Shows e-mail addresses in full. Defaults to false. */
  readonly withPersonalData?: boolean;
}

/** What a report tells: numbers of the store, read at one moment, and nothing of the clock. The same store gives the same. */
export interface ReportData {
  /** The end of the last day in history. */
  readonly asOf: Instant;
  readonly summary: Summary;
  /** In the order they were trained. */
  readonly scorers: readonly ReportScorer[];
  readonly groups: readonly Group[];
  readonly ranks: readonly RankCell[];
  readonly hours: readonly { readonly hour: number; readonly contacts: number }[];
  readonly deliveries: readonly Delivery[];
  /** What is bought together more often than chance has it, the surest first; at most 20. */
  readonly pairs: readonly BoughtPair[];
  /** Absent where no decision was kept yet. */
  readonly proof?: Proof;
  readonly contact?: ReportContact;
}

/** One scorer: what it was measured to be, and what it says of everybody at present. */
export interface ReportScorer {
  readonly name: string;
  readonly card: ModelCard;
  readonly scored: number;
  readonly abstained: number;
  /** Why there is no score → contacts, the most frequent first. */
  readonly abstentions: readonly { readonly because: string; readonly contacts: number }[];
  /** Category field → value → contacts. */
  readonly categories: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** True where the scores are of an earlier model than the card, or there are none yet. */
  readonly outdated: boolean;
  /** The day of the scores. */
  readonly scoredAt?: Instant;
  /** The number that it publishes first of all, if any: its name for people, and how everybody's lie. */
  readonly number?: {
    readonly field: string;
    readonly label: string;
    readonly probability: boolean;
  };
  readonly spread?: Spread;
  readonly move?: Move;
  readonly drift?: Drift;
  /** Names for people of the features among its drivers. */
  readonly labels: Readonly<Record<string, string>>;
}

/** One contact: identities are masked unless asked for in full. */
export interface ReportContact extends Explained {
  readonly timeline: readonly TimelineEntry[];
}
