export { type Hubspot, hubspot } from "./hubspot.js";
export type { HubspotOauth, HubspotOptions } from "./options.js";
export {
  type HubspotEvent,
  type HubspotWebhookOptions,
  hubspotWebhooks,
} from "./webhooks.js";
