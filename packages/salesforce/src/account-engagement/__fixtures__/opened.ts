import {
  type AccountEngagementSandbox,
  type AccountEngagementSandboxOptions,
  accountEngagementSandbox,
} from "@inchworm/sandbox";
import { type AccountEngagementOptions, accountEngagement } from "../../index.js";

export function loginOf(unit: AccountEngagementSandbox): AccountEngagementOptions {
  const { clientId, clientSecret } = unit.oauth;
  const { url, businessUnitId } = unit;
  return { loginUrl: url, baseUrl: url, clientId, clientSecret, businessUnitId };
}

/** A business unit, and the adapter on it by the client credentials flow. */
export async function opened(
  options: AccountEngagementSandboxOptions = {},
  adapter: AccountEngagementOptions = {},
) {
  const unit = await accountEngagementSandbox(options);
  const open = () => accountEngagement({ ...loginOf(unit), timeoutMs: 5000, ...adapter });
  return { unit, open, engagement: open() };
}
