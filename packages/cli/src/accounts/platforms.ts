import type { Hubspot } from "@inchworm/hubspot";
import type { Adapter } from "@inchworm/spec";
import type { Config } from "../config.js";

export interface HubspotCommandOptions {
  readonly hubspotUrl?: string;
  readonly customerProperty?: string;
  readonly optOutProperty?: string;
}

/** A platform whose account can be opened by what stands in the environment. */
interface Platform {
  isThere(env: NodeJS.ProcessEnv): boolean;
  connect(config: Config, options: HubspotCommandOptions): Promise<Adapter>;
}

export const platforms: readonly Platform[] = [
  { isThere: (env) => Boolean(env.HUBSPOT_TOKEN), connect: hubspotFrom },
  {
    isThere: (env) => Boolean(env.MAILCHIMP_API_KEY || env.MAILCHIMP_ACCESS_TOKEN),
    connect: async () => (await import("@inchworm/mailchimp")).mailchimp(),
  },
  {
    isThere: (env) => Boolean(env.SALESFORCE_CLIENT_ID || env.SALESFORCE_ACCESS_TOKEN),
    connect: async () => (await import("@inchworm/salesforce")).salesforce(),
  },
  {
    isThere: (env) => Boolean(env.ACCOUNT_ENGAGEMENT_BUSINESS_UNIT_ID),
    connect: async () => (await import("@inchworm/salesforce")).accountEngagement(),
  },
];

/** The HubSpot account of the configuration, the options and the environment, in rising order of weight for all but the token. */
export async function hubspotFrom(
  config: Config,
  options: HubspotCommandOptions,
): Promise<Hubspot> {
  const { hubspot } = await import("@inchworm/hubspot");
  const baseUrl = options.hubspotUrl ?? config.hubspot?.baseUrl ?? process.env.HUBSPOT_BASE_URL;
  const customerIdProperty = options.customerProperty ?? config.hubspot?.customerIdProperty;
  const profilingOptOutProperty = options.optOutProperty ?? config.hubspot?.profilingOptOutProperty;
  return hubspot({
    ...config.hubspot,
    ...(baseUrl !== undefined && { baseUrl }),
    ...(customerIdProperty !== undefined && { customerIdProperty }),
    ...(profilingOptOutProperty !== undefined && { profilingOptOutProperty }),
  });
}
