import type { Instant } from "@inchworm/spec";
import type { Store } from "@inchworm/store";
import { hourPreferences, publishedHours } from "./hour-preferences.js";
import { type MakeOptions, makeSendPlan, rulesOf } from "./make-send-plan.js";
import { audienceOf } from "./people.js";
import { settingsOf } from "./settings.js";
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
  const { now: asOf, signal } = options;
  // what cannot be planned is refused before anything is worked out
  const { channel, seed, draws, explore } = settingsOf(campaign, options);
  const hours = await publishedHours(store, channel);
  const { contacts: only } = await audienceOf(store, hours ? audience : {});
  const preferences =
    hours &&
    (await hourPreferences(store, hours, {
      asOf,
      channel,
      seed,
      draws: explore === 0 ? 0 : draws,
      only,
      signal,
    }));
  const given: MakeOptions = { ...options, ...(preferences && { preferences }) };
  const plan = await makeSendPlan(store, campaign, audience, given);
  signal?.throwIfAborted();
  const { contacts, at, localHours, arms, propensities } = plan;
  await store.saveSends(
    {
      id: plan.id,
      campaign: plan.campaign,
      channel: plan.channel,
      rules: rulesOf(campaign, given),
      createdAt: plan.createdAt,
    },
    { contacts, at, localHours, arms, armNames, propensities },
  );
  return plan;
}
