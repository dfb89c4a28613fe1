import type { Answer } from "../stand-in/answer.js";
import type { Call } from "./call.js";
import type { Org } from "./org.js";
import { Refusal } from "./refusal.js";

/** Counts a request against the last 24 hours. @throws Refusal 403 when they are used up */
export function countRequest(org: Org): void {
  if (org.daily > 0 && org.requests.take(org.now())) return;
  org.journal.limitRefusals++;
  throw new Refusal(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.");
}

export function tooMuchAtOnce(): Refusal {
  return new Refusal(
    403,
    "REQUEST_LIMIT_EXCEEDED",
    "ConcurrentRequests (Concurrent API Requests) Limit exceeded.",
  );
}

/** Every answer of the REST API says how much of the day is used. */
export function limitHeaders(org: Org): Record<string, string> {
  return { "Sforce-Limit-Info": `api-usage=${org.requests.used(org.now())}/${org.daily}` };
}

export function limitsRoute({ org }: Call): Answer {
  const left = (Max: number, Remaining = Max) => ({ Max, Remaining });
  return {
    status: 200,
    body: {
      DailyApiRequests: left(org.daily, org.daily - org.requests.used(org.now())),
      DailyBulkV2QueryJobs: left(10_000),
      DailyBulkApiBatches: left(15_000),
      DailyBulkV2QueryFileStorageMB: left(976_562),
    },
  };
}
