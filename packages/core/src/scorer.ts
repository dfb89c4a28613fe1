import type { Field, FieldValue, Instant, ModelCard, OnProgress } from "@inchworm/spec";
import type { Store } from "@inchworm/store";

/** The part of a store that a scorer may look at: history as it stood on a day. */
export type History = Pick<
  Store,
  | "contacts"
  | "contracts"
  | "features"
  | "holdoutArms"
  | "holdouts"
  | "interactionParts"
  | "interactions"
  | "items"
  | "labels"
  | "moments"
  | "orderDays"
  | "ordersBetween"
  | "outcomes"
  | "profiles"
  | "reached"
  | "summary"
>;

export interface TrainOptions {
  /** The day the question is asked: nothing at or after it is looked at. */
  readonly asOf: Instant;
  readonly seed: number;
  /** The artifact of this scorer's latest model, for names that are to last from one training to the next. */
  readonly previous?: unknown;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

/** What training gives: the card, the model as plain JSON, and who was looked at. */
export interface Trained {
  readonly card: ModelCard;
  /** Given back to `score`. */
  readonly artifact: unknown;
  /** Contacts in the training or evaluation data, ascending. */
  readonly seen: Int32Array;
}

/** One scorer's answers, columnar, one entry per contact. */
export interface Answers {
  readonly contacts: Int32Array;
  /** By `Field.name`; `null` in every field of an abstention. */
  readonly fields: Readonly<Record<string, readonly FieldValue[]>>;
  /** Up to three per contact, in plain words. */
  readonly reasons: readonly (readonly string[])[];
  /** Why a contact has no score, naming what is missing; `undefined` where there is one. */
  readonly abstained: readonly (string | undefined)[];
}

export interface PreviewOptions {
  /** The day the question is asked. */
  readonly asOf: Instant;
  readonly signal?: AbortSignal;
}

/** What a scorer could learn from and be judged by, counted before any training. */
export interface Preview {
  /** People asked about on the latest day whose outcomes are known. */
  readonly population: number;
  /** How many of them did what the scorer foretells, and how many did not; of a quantity, who has one and who has none. */
  readonly positives: number;
  readonly negatives: number;
  /** How many of each kind training needs. */
  readonly needed: number;
}

/** How the numbers of a field are held against what came later. */
export interface Outcome {
  /** Name of the field; its values are numbers. */
  readonly field: string;
  readonly kind: "probability" | "quantity";
  /** Of a quantity; see `QuantityCard`. */
  readonly unit?: string;
  /** How far ahead the numbers look, in days. */
  readonly horizonDays: number;
  /**
   * What came of each contact (ascending) in `[from, to)`: 1 or 0 for a probability, the amount for a quantity, `NaN` where it
   * cannot be known.
   */
  observe(
    history: History,
    span: { readonly contacts: Int32Array; readonly from: Instant; readonly to: Instant },
  ): Promise<Float64Array>;
}

export interface ScoreOptions {
  readonly asOf: Instant;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

/** A question about every contact: which fields it publishes, how it learns, and which simple rule it must beat. */
export interface Scorer {
  readonly name: string;
  /** Plain JSON, enough to make the same scorer again. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly fields: readonly Field[];
  /** @throws InchwormError "insufficient-data" saying how much is missing */
  train(history: History, options: TrainOptions): Promise<Trained>;
  /** @throws InchwormError "artifact" when the artifact is not one of this scorer's */
  score(history: History, artifact: unknown, options: ScoreOptions): Promise<Answers>;
  /**
   * The same answers, so many contacts at a time: for answers that are long texts, of which a million do not fit into memory. Each
   * part is of later contacts than the one before.
   *
   * @throws InchwormError "artifact" when the artifact is not one of this scorer's
   */
  scoreInParts?(history: History, artifact: unknown, options: ScoreOptions): AsyncIterable<Answers>;
  /**
   * A count before training, cheap enough to be asked while choosing options.
   *
   * @throws InchwormError "insufficient-data" when history is too short to count anything
   */
  preview?(history: History, options: PreviewOptions): Promise<Preview>;
  /** Lets scores be judged once their days have passed, and watched for drift. */
  readonly outcome?: Outcome;
}
