import { planSends } from "./send-plan/plan-sends.js";
import type { Base } from "./workspace-base.js";
import type { Workspace } from "./workspace-types.js";

/** What a workspace plans to send. */
export function planningSends({ store, now, seed, work }: Base): Pick<Workspace, "sendPlan"> {
  const { signal } = work;
  return {
    sendPlan: (campaign, audience = {}) =>
      planSends(store, campaign, audience, { now: now(), seed, ...(signal && { signal }) }),
  };
}
