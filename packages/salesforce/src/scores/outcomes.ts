import type { WriteOutcome } from "@inchworm/spec";
import type { Complaint } from "../wire/refusal.js";

/** What passes by itself: another try can help. */
const passing =
  /^(UNABLE_TO_LOCK_ROW|SERVER_UNAVAILABLE|QUERY_TIMEOUT|REQUEST_RUNNING_TOO_LONG|UNKNOWN_EXCEPTION|CONCURRENT_\w+|LIMIT_EXCEEDED)$/;

/** An update that Salesforce has confirmed. */
export function updated(recordId: string): WriteOutcome {
  return { recordId, outcome: "updated" };
}

/** A record that Salesforce refused. Deleted ones are looked at again before anybody is told: they may have been merged. */
export function refused(recordId: string, { code, fields }: Complaint): WriteOutcome {
  if (code === "CANNOT_UPDATE_CONVERTED_LEAD") {
    const message = "The lead was converted into a contact; pull first.";
    return { recordId, outcome: "skipped", code: "converted", message, retryable: false };
  }
  if (
    code === "ENTITY_IS_DELETED" ||
    code === "INVALID_CROSS_REFERENCE_KEY" ||
    code === "NOT_FOUND"
  )
    return gone(recordId);
  const what = fields.length > 0 ? fields.join(", ") : "the record";
  return {
    recordId,
    outcome: "failed",
    code,
    message: `Salesforce refused ${what} (${code}).`,
    retryable: passing.test(code),
  };
}

export function gone(recordId: string): WriteOutcome {
  const message = "The record no longer exists in Salesforce.";
  return { recordId, outcome: "failed", code: "gone", message, retryable: false };
}

export function merged(recordId: string): WriteOutcome {
  const message = "The record was merged into another one; pull first.";
  return { recordId, outcome: "skipped", code: "merged", message, retryable: false };
}

export function unmentioned(recordId: string): WriteOutcome {
  const message = "Salesforce's answer to the update says nothing of the record.";
  return { recordId, outcome: "unknown", code: "not-mentioned", message, retryable: true };
}
