import type { Instant } from "@inchworm/spec";
import type { Store } from "@inchworm/store";
import { makeSendPlan, rulesOf } from "./make-send-plan.js";
import { armNames, type SendPlan, type SendPlanAudience, type SendPlanCampaign } from "./types.js";

/** Plans a campaign with what the store's models know, and keeps the plan. See `Workspace.sendPlan`. */
export async function planSends(
  store: Store,
  campaign: SendPlanCampaign,
  audience: SendPlanAudience,
  options: {
    readonly now: Instant;
    readonly seed: number;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<SendPlan> {
  const { signal } = options;
  // what cannot be planned is refused before anything is worked out
  rulesOf(campaign, options);
  const plan = await makeSendPlan(store, campaign, audience, options);
  signal?.throwIfAborted();
  const { contacts, at, localHours, arms, propensities } = plan;
  await store.saveSends(
    {
      id: plan.id,
      campaign: plan.campaign,
      channel: plan.channel,
      rules: rulesOf(campaign, options),
      createdAt: plan.createdAt,
    },
    { contacts, at, localHours, arms, armNames, propensities },
  );
  return plan;
}
