import { evaluateSends } from "./send-plan/evaluate-sends.js";
import { planSends } from "./send-plan/plan-sends.js";
import type { Base } from "./workspace-base.js";
import type { Workspace } from "./workspace-types.js";

/** What a workspace plans to send, and what came of it. */
export function planningSends({
  store,
  now,
  seed,
  work,
}: Base): Pick<Workspace, "sendPlan" | "evaluateSends"> {
  const { signal } = work;
  const options = () => ({ now: now(), seed, ...(signal && { signal }) });
  return {
    sendPlan: (campaign, audience = {}) => planSends(store, campaign, audience, options()),
    evaluateSends: (policy, which = {}) => evaluateSends(store, policy, which, options()),
  };
}
