import { InchwormError, type WriteOutcome, type WriteRow } from "@inchworm/spec";
import type { Answered } from "./batch.js";
import type { Settings } from "./options.js";
import { refusal } from "./refusal.js";

export function skipped(recordId: string, code: string, message: string): WriteOutcome {
  return { recordId, outcome: "skipped", code, message, retryable: false };
}

export function failed(recordId: string, code: string, message: string): WriteOutcome {
  return { recordId, outcome: "failed", code, message, retryable: false };
}

export const gone = (recordId: string) =>
  failed(recordId, "gone", "The member is no longer in the audience.");

const words: Readonly<Record<string, string>> = {
  unsubscribed: "The member has unsubscribed.",
  cleaned: "The member's address has bounced for good.",
  pending: "The member has not confirmed yet.",
  archived: "The member is archived.",
};

/**
 * Why a row is not sent at all; `undefined` for one that is. Only subscribed and transactional members get scores. What is to be
 * cleared is cleared for those who have unsubscribed as well, for an old score must not outlive the permission to have one; on
 * members that are cleaned or archived Mailchimp takes no writes.
 */
export function leftOut(row: WriteRow, status: string | undefined): WriteOutcome | undefined {
  if (status === undefined) return undefined;
  if (status === "gone") return gone(row.recordId);
  const clears = Object.values(row.values).every((value) => value === null);
  if (clears && (status === "unsubscribed" || status === "pending")) return undefined;
  return skipped(row.recordId, status, words[status] ?? "The member is not subscribed.");
}

/** What an answer to a write says of its row; `undefined` for a success. */
export function unsuccessful(recordId: string, answer: Answered): WriteOutcome | undefined {
  if (answer === undefined) {
    return {
      recordId,
      outcome: "unknown",
      code: "not-mentioned",
      message: "Mailchimp has told nothing of this write.",
      retryable: true,
    };
  }
  const { status, body } = answer;
  if (status < 300) return undefined;
  if (status === 404) return gone(recordId);
  const { title, fields } = refusal(body);
  const code = title ?? `HTTP_${status}`;
  if (/compliance state/i.test(code)) {
    return skipped(recordId, "compliance", "Mailchimp takes no writes on this member.");
  }
  if (status >= 500 || status === 429 || status === 403) {
    return {
      recordId,
      outcome: status >= 500 ? "unknown" : "failed",
      code,
      message: `Mailchimp failed on this member (HTTP ${status}).`,
      retryable: true,
    };
  }
  const tags = fields.map((field) => field.replace(/^merge_fields\./, ""));
  const named = tags.filter((tag) => /^[A-Z0-9_]{1,10}$/.test(tag)).join(", ");
  const message = `Mailchimp refused ${named === "" ? "the write" : named} (HTTP ${status}).`;
  return failed(recordId, code.replace(/[^\w -]/g, "").slice(0, 60), message);
}

/** @throws InchwormError "server" when it is not known what stands there */
export function requireAnswer(answer: Answered): void {
  if (answer !== undefined && (answer.status === 200 || answer.status === 404)) return;
  throw new InchwormError(
    "server",
    `mailchimp: a member could not be read${answer === undefined ? "" : ` (HTTP ${answer.status})`}.`,
  );
}

export function atMost({ batchSize }: Settings, verb: string, count: number): void {
  if (count <= batchSize) return;
  throw new InchwormError(
    "input",
    `mailchimp: ${verb} takes at most ${batchSize} records at a time, got ${count}.`,
  );
}
