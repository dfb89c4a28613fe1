import { RollingWindow } from "../stand-in/rolling-window.js";
import type { Access } from "./tokens.js";
import type { HubspotSandboxOptions } from "./types.js";

export type Policy = "TEN_SECONDLY_ROLLING" | "SECONDLY" | "DAILY";

// https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines
const tiers = {
  starter: { perWindow: 100, daily: 250_000 },
  professional: { perWindow: 190, daily: 625_000 },
  increased: { perWindow: 250, daily: 1_000_000 },
};
const oauthPerWindow = 110;
// https://developers.hubspot.com/docs/api-reference/legacy/crm/search-the-crm
const searchesPerSecond = 5;
const dayMs = 86_400_000;

/**
 * The portal's allowances. An OAuth app has a window of its own, and no daily number in its headers; searches have a window per
 * second, and no headers. The portal's day begins at midnight UTC.
 */
export class RateLimits {
  readonly private: RollingWindow;
  readonly oauth: RollingWindow;
  readonly search: RollingWindow;
  readonly daily: number;
  readonly refused = { TEN_SECONDLY_ROLLING: 0, SECONDLY: 0, DAILY: 0 };
  #day = 0;
  #today = 0;

  constructor(options: HubspotSandboxOptions) {
    const tier = tiers[options.tier ?? "professional"];
    const windowMs = options.windowMs ?? 10_000;
    this.private = new RollingWindow(options.perWindow ?? tier.perWindow, windowMs);
    this.oauth = new RollingWindow(options.perWindow ?? oauthPerWindow, windowMs);
    this.search = new RollingWindow(searchesPerSecond, 1_000);
    this.daily = options.daily ?? tier.daily;
  }

  /** Counts a request that arrived now, or names the limit that forbids it. */
  take(access: Access, isSearch: boolean, now: number): Policy | undefined {
    const window = isSearch ? this.search : this[access.kind];
    let policy: Policy | undefined;
    if (this.today(now) >= this.daily) policy = "DAILY";
    else if (!window.take(now)) policy = isSearch ? "SECONDLY" : "TEN_SECONDLY_ROLLING";
    if (policy) this.refused[policy]++;
    else this.#today++;
    return policy;
  }

  today(now: number): number {
    const day = Math.floor(now / dayMs);
    if (day !== this.#day) this.#today = 0;
    this.#day = day;
    return this.#today;
  }

  headers(access: Access, isSearch: boolean, now: number): Record<string, string> {
    if (isSearch) return {};
    const window = this[access.kind];
    return {
      "X-HubSpot-RateLimit-Max": String(window.limit),
      "X-HubSpot-RateLimit-Remaining": String(window.limit - window.used(now)),
      "X-HubSpot-RateLimit-Interval-Milliseconds": String(window.windowMs),
      ...(access.kind === "private" && {
        "X-HubSpot-RateLimit-Daily": String(this.daily),
        "X-HubSpot-RateLimit-Daily-Remaining": String(this.daily - this.today(now)),
      }),
    };
  }
}

/** The documented body: it has no `category`. There is no `Retry-After` either. */
export function rateLimitBody(policy: Policy, requestId: string): Record<string, unknown> {
  return {
    status: "error",
    message: `You have reached your ${policy.toLowerCase()} limit.`,
    errorType: "RATE_LIMIT",
    policyName: policy,
    requestId,
  };
}
