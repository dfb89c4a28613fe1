import type { AccountEngagementRequestCounts } from "./types.js";
import type { Unit } from "./unit.js";

/** A snapshot of what the unit counted. */
export function requestCounts(unit: Unit): AccountEngagementRequestCounts {
  const { journal, today, daily, concurrentRefusals, mostUnderWay } = unit;
  return {
    total: journal.total,
    byRoute: { ...journal.byRoute },
    injected: { ...journal.injected },
    today,
    daily,
    concurrentRefusals,
    mostUnderWay,
    fieldsSent: { ...journal.fieldsSent },
  };
}
