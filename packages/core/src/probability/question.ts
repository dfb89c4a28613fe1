import type { Instant } from "@inchworm/spec";
import type { FeatureTable } from "@inchworm/store";
import type { History } from "../scorer.js";

/** A yes-or-no question about people on a day: whom it is asked of, and what came of them. */
export interface Question {
  /** Whose human labels count. */
  readonly scorer: string;
  readonly horizonDays: number;
  population(history: History, asOf: Instant, signal?: AbortSignal): Promise<Population>;
  /** Of each contact (ascending) 1 where it came in `[from, to)`, else 0. */
  observe(
    history: History,
    span: { readonly contacts: Int32Array; readonly from: Instant; readonly to: Instant },
  ): Promise<Float64Array>;
}

/** Whom a question is asked of on a day. */
export interface Population {
  /** About how many, where that is known without computing features. */
  readonly size?: number;
  /** Only people with an order since then, where that is what makes them part of it. */
  readonly orderedSince?: Instant;
  /** Per row why the question is not asked of it; `undefined` where it is. */
  excluded(table: FeatureTable): (string | undefined)[];
}
