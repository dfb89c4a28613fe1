import type { Adapter, Destination, Source } from "@inchworm/spec";
import { campaigns } from "./campaigns.js";
import { checkAccount } from "./check.js";
import { connection } from "./connection.js";
import { contacts } from "./contacts.js";
import { engagements } from "./engagements.js";
import { identify } from "./identify.js";
import { type HubspotOptions, settle } from "./options.js";
import { orders } from "./orders.js";
import { products } from "./products.js";
import { scores } from "./scores.js";

/** One HubSpot portal. */
export interface Hubspot extends Adapter {
  /** Its contacts, archived and merged ones too, and what they consented to. */
  readonly contacts: Source;
  /** Deals that are won, with their line items. */
  readonly orders: Source;
  /** The product library. */
  readonly products: Source;
  /** Marketing e-mails that were sent. */
  readonly campaigns: Source;
  /** Who was sent what, opened it, clicked, bounced, complained or unsubscribed. */
  readonly engagements: Source;
  /** Scores as contact properties of our own. */
  readonly scores: Destination;
}

/**
 * Opens a HubSpot portal by a private app's token or a service key. Nothing is sent before the first call.
 *
 * @throws InchwormError "auth" when the token is missing, "config" when an option is malformed
 * @example
 * const portal = hubspot({ accessToken: process.env.HUBSPOT_TOKEN });
 * await shop.pull(portal.contacts);
 */
export function hubspot(options: HubspotOptions = {}): Hubspot {
  const settings = settle(options);
  const call = connection(settings);
  const whose = identify(settings, call);
  return {
    account: { system: settings.system, lanes: settings.lanes },
    contacts: { ...contacts(settings, call), identify: whose },
    orders: { ...orders(settings, call), identify: whose },
    products: { ...products(settings, call), identify: whose },
    campaigns: { ...campaigns(settings, call), identify: whose },
    engagements: { ...engagements(settings, call), identify: whose },
    scores: { ...scores(settings, call), identify: whose },
    check: (context) => checkAccount(settings, call, context),
  };
}
