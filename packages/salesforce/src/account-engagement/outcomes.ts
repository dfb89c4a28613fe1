import type { WriteOutcome } from "@inchworm/spec";

export function updated(recordId: string): WriteOutcome {
  return { recordId, outcome: "updated" };
}

export function failed(recordId: string, code: string, message: string): WriteOutcome {
  return { recordId, outcome: "failed", code, message, retryable: false };
}

export function skipped(recordId: string, code: string, message: string): WriteOutcome {
  return { recordId, outcome: "skipped", code, message, retryable: false };
}

export function gone(recordId: string): WriteOutcome {
  return failed(recordId, "gone", "The prospect is deleted or in the recycle bin.");
}

export function unknown(recordId: string): WriteOutcome {
  const message = "Nobody can tell whether the update was carried out.";
  return { recordId, outcome: "unknown", code: "no-answer", message, retryable: true };
}
