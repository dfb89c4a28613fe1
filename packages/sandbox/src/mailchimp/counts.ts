import type { Account } from "./account.js";
import type { MailchimpRequests } from "./types.js";

/** A snapshot of what the account counted. */
export function requestCounts({ journal, refused, mostUnderWay }: Account): MailchimpRequests {
  return {
    total: journal.total,
    byRoute: { ...journal.byRoute },
    refused,
    mostUnderWay,
    injected: { ...journal.injected },
    operations: { ...journal.operations },
    memberKeysSent: { ...journal.memberKeysSent },
    mergeFieldsSent: { ...journal.mergeFieldsSent },
  };
}
