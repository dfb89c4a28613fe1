import type { Measured } from "@inchworm/spec";
import type { PreparedEmbedding } from "../types.js";

/** A text and what it is: an answer that somebody of the account gave. */
export interface LabelledText {
  readonly text: string;
  readonly label: string;
}

/** A reply that the account has approved, to a message like `to`. */
export interface ApprovedReply {
  readonly id: string;
  readonly text: string;
  /** Messages that it answers. */
  readonly to: readonly string[];
  /** Given only where these were found of the message, such as `{ intent: "refund" }`. */
  readonly when?: Readonly<Record<string, string>>;
}

export const priorities = ["urgent", "high", "normal", "low"] as const;
export type Priority = (typeof priorities)[number];

/** Where a message goes when all of `when` was found of it. */
export interface Route {
  readonly when: Readonly<Record<string, string | readonly string[]>>;
  readonly queue: string;
  /** Defaults to "normal". */
  readonly priority?: Priority;
}

export interface MessagesOptions {
  /** What is to be told of a message, such as intent, sentiment and topic, each from the account's own labels. */
  readonly labels: Readonly<Record<string, readonly LabelledText[]>>;
  /** How often answers are to be right; others are left to people. Defaults to 0.9. */
  readonly accuracy?: number;
  readonly replies?: readonly ApprovedReply[];
  /** A reply is given for messages at least so alike, 0 to 1. Defaults to 0.35. */
  readonly similarity?: number;
  /** The first that fits counts. */
  readonly routes?: readonly Route[];
  /** Where messages go that no route fits. Defaults to "people". */
  readonly otherwise?: string;
  /** Features of your own: helps most with few labels. It is asked to `prepare` the labelled texts; those that are read are yours to prepare. */
  readonly embedding?: PreparedEmbedding;
}

/** How well one question is answered, in folds that the model had not seen. */
export interface MessageCard {
  readonly question: string;
  /** `published` only when labels are told beyond doubt better than by the most frequent one. */
  readonly verdict: "published" | "withheld";
  /** One sentence with the numbers that decided it. */
  readonly because: string;
  readonly labels: readonly string[];
  readonly texts: number;
  readonly accuracy: Measured;
  readonly macroF1: number;
  readonly rule: { readonly name: string; readonly accuracy: number };
  /** The accuracy that answers are asked for, what came of it, and the share left to people. */
  readonly asked: number;
  /** `null` when none is answered. */
  readonly answeredAccuracy: number | null;
  readonly abstained: number;
  readonly seed: number;
}

/** One answer. `label` is absent where it is left to people. */
export interface MessageAnswer {
  readonly label?: string;
  /** The likeliest label and its probability, whether or not that is sure enough. */
  readonly likeliest?: string;
  readonly confidence: number;
  /** The words that speak most for it. */
  readonly reasons: readonly string[];
}

export interface ReadMessage {
  /** By the names of the labels. A withheld question has none. */
  readonly answers: Readonly<Record<string, MessageAnswer>>;
  readonly priority: Priority;
  readonly queue: string;
  /** ISO 639-1, or "unknown". */
  readonly language: string;
  /** For somebody to look at and send; nothing is sent by itself. */
  readonly reply?: { readonly id: string; readonly text: string; readonly similarity: number };
}

/** Reads what customers write. It answers nobody. */
export interface MessageReader {
  readonly cards: readonly MessageCard[];
  read(texts: readonly string[]): ReadMessage[];
}
