import { InchwormError, type Instant } from "@inchworm/spec";
import type { History, Preview, Scorer } from "./scorer.js";

/** Either counts, or why there are none. */
export interface PreviewReport {
  readonly scorer: string;
  readonly counts?: Preview;
  readonly because?: string;
}

/** What a scorer could learn from. Too little history is an answer, not a failure. */
export async function previewOf(
  scorer: Scorer,
  history: History,
  asOf: Instant,
  signal?: AbortSignal,
): Promise<PreviewReport> {
  const { name } = scorer;
  try {
    const counts = await scorer.preview?.(history, { asOf, ...(signal && { signal }) });
    return counts
      ? { scorer: name, counts }
      : { scorer: name, because: "There is nothing to count before training." };
  } catch (error) {
    if (!InchwormError.is(error, "insufficient-data")) throw error;
    return { scorer: name, because: error.message };
  }
}
