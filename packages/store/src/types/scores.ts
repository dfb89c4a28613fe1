import type { FieldValue, Instant, ModelCard } from "@inchworm/spec";

export interface StoredModel {
  readonly id: string;
  readonly scorer: string;
  /** The scorer's options, to build it again when scoring. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly card: ModelCard;
  /** Plain JSON: the estimator's artifact and what else the scorer keeps. */
  readonly artifact: unknown;
  readonly trainedAt: Instant;
  /** What features and scores looked like at training, for telling drift; plain JSON. */
  readonly reference?: unknown;
  /** How many people that it had seen have since asked to be forgotten. */
  readonly forgotten?: number;
}

/** One scorer's answers for many contacts, columnar. */
export interface Scores extends ScoreRows {
  readonly scorer: string;
  readonly modelId: string;
  readonly asOf: Instant;
  readonly drift?: Drift;
}

export interface ScoreRows {
  readonly contacts: Int32Array;
  /** By `Field.name`, one value per contact, already rounded. An abstention has `null` in every field. */
  readonly fields: Readonly<Record<string, readonly FieldValue[]>>;
  readonly reasons: readonly (readonly string[])[];
  /** Why there is no score, per contact; `undefined` where there is one. */
  readonly abstained: readonly (string | undefined)[];
}

/** One number per contact, as it was foretold on a day. */
export interface PastScores {
  readonly scorer: string;
  readonly modelId: string;
  readonly asOf: Instant;
  /** The end of the days that the numbers speak of. */
  readonly until: Instant;
  /** Ascending. */
  readonly contacts: Int32Array;
  readonly values: Float64Array;
}

/** How far features and scores have moved since the model was trained. */
export interface Drift {
  /** The day of the training. */
  readonly since: Instant;
  /** People compared, of then and of now. */
  readonly rows: readonly [then: number, now: number];
  /** True only when something moved beyond chance and far enough to matter. */
  readonly retrain: boolean;
  /** One sentence with the numbers. */
  readonly because: string;
  /** The score itself, where it is a number. */
  readonly score?: Moved;
  /** Every feature that was compared, the farthest moved first. */
  readonly features: readonly Moved[];
  /**
   * Whether people of then and of now can be told apart by what the model leans on and by its score, taken all together: `auc` with
   * its 95 % interval, 0.5 where they cannot, and what tells them apart, the most telling first. Absent on the day of the training.
   */
  readonly joint?: Moved & {
    readonly auc: readonly [value: number, low: number, high: number];
    readonly by: readonly string[];
  };
}

export interface Moved {
  readonly name: string;
  /** Population stability index less what chance alone makes of it. */
  readonly effect: number;
  /** Corrected for having looked at so many (Holm). */
  readonly p: number;
  /** The least effect that counts: more than the feature moved between the days before training. */
  readonly least: number;
  /** Beyond chance and at least `least`. */
  readonly moved: boolean;
  /** It grows with the calendar alone, such as days known: told, but no reason to train again. */
  readonly clock?: true;
}

export interface ContactScore {
  readonly scorer: string;
  readonly modelId: string;
  readonly asOf: Instant;
  readonly values: Readonly<Record<string, FieldValue>>;
  readonly reasons: readonly string[];
  readonly abstained?: string;
}

export interface ScoreSummary {
  readonly scorer: string;
  /** The model that gave these scores. */
  readonly modelId: string;
  readonly asOf: Instant;
  readonly scored: number;
  readonly abstained: number;
  readonly abstentions: Readonly<Record<string, number>>;
  /** Category field → value → contacts. */
  readonly categories: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Absent where the model keeps nothing to compare with. */
  readonly drift?: Drift;
}
