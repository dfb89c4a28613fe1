import type { Portal } from "./portal.js";
import type { RequestCounts } from "./types.js";

/** A snapshot of what the portal counted. */
export function requestCounts({ journal, limits, now }: Portal): RequestCounts {
  const windows = [limits.private, limits.oauth];
  const times = windows.flatMap(({ firstAt, lastAt }) => [firstAt, lastAt] as const);
  const known = times.filter((time) => time !== undefined);
  return {
    total: journal.total,
    accepted: limits.private.accepted + limits.oauth.accepted,
    searches: limits.search.accepted,
    byRoute: { ...journal.byRoute },
    refused: {
      tenSecondly: limits.refused.TEN_SECONDLY_ROLLING,
      secondly: limits.refused.SECONDLY,
      daily: limits.refused.DAILY,
    },
    injected: { ...journal.injected },
    maxInWindow: Math.max(limits.private.peak, limits.oauth.peak),
    allowed: {
      perWindow: limits.private.limit,
      windowMs: limits.private.windowMs,
      searchesPerSecond: limits.search.limit,
      daily: limits.daily,
    },
    today: limits.today(now()),
    firstAt: known.length > 0 ? Math.min(...known) : undefined,
    lastAt: known.length > 0 ? Math.max(...known) : undefined,
    propertiesSent: Object.fromEntries(journal.propertiesSent),
  };
}
