import type { Field, FieldValue, Instant, ModelCard, OnProgress } from "@inchworm/spec";
import type { Store } from "@inchworm/store";

/** The part of a store that a scorer may look at: history as it stood on a day. */
export type History = Pick<Store, "contacts" | "features" | "ordersBetween" | "summary">;

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

/** A question about every contact: which fields it publishes, how it learns, and which simple rule it must beat. */
export interface Scorer {
  readonly name: string;
  /** Plain JSON, enough to make the same scorer again. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly fields: readonly Field[];
  /** @throws InchwormError "insufficient-data" saying how much is missing */
  train(history: History, options: TrainOptions): Promise<Trained>;
  /** @throws InchwormError "artifact" when the artifact is not one of this scorer's */
  score(
    history: History,
    artifact: unknown,
    options: { readonly asOf: Instant; readonly signal?: AbortSignal },
  ): Promise<Answers>;
}
