import type { Adapter, Destination, Source } from "@inchworm/spec";
import { batchRunner } from "./batch.js";
import { campaigns } from "./campaigns.js";
import { checkAccount } from "./check.js";
import { orders, products } from "./commerce.js";
import { connection } from "./connection.js";
import { contacts } from "./contacts.js";
import { engagements } from "./engagements.js";
import { identify } from "./identify.js";
import { type MailchimpOptions, settle } from "./options.js";
import { runner } from "./run.js";
import { scores } from "./scores.js";
import { standings } from "./standing.js";
import { tags } from "./tags.js";

/** One audience of a Mailchimp account. */
export interface Mailchimp extends Adapter {
  /** Its members, archived ones too, and whether they may be written to. */
  readonly contacts: Source;
  /** Campaigns that were sent to it. */
  readonly campaigns: Source;
  /** Who was sent them, and what they did. */
  readonly engagements: Source;
  /** Orders of its e-commerce stores. */
  readonly orders: Source;
  /** Products of its e-commerce stores, as items. */
  readonly products: Source;
  /** Scores as merge fields of our own. */
  readonly scores: Destination;
  /** Scores that are choices, as tags: they cost no merge field. */
  readonly tags: Destination;
}

/**
 * Opens an audience by an API key or an OAuth app's token. Nothing is sent before the first call. Accounts opened beside one another
 * share nothing.
 *
 * @throws InchwormError "auth" when the key is missing, "config" when an option is malformed
 * @example
 * const audience = mailchimp({ apiKey: process.env.MAILCHIMP_API_KEY, audience: "a1b2c3d4e5" });
 * await shop.pull(audience.contacts, audience.campaigns, audience.engagements);
 */
export function mailchimp(options: MailchimpOptions = {}): Mailchimp {
  const settings = settle(options);
  const call = connection(settings);
  const batches = batchRunner(settings, call);
  const run = runner(settings, call, batches);
  const tools = { run, batches, standings: standings(settings, call, run) };
  const whose = { identify: identify(settings, call) };
  return {
    account: { system: settings.system, lanes: settings.lanes },
    // tags say once more what stands in merge fields
    writes: [`${settings.system}:scores`],
    contacts: { ...contacts(settings, call), ...whose },
    campaigns: { ...campaigns(settings, call), ...whose },
    engagements: { ...engagements(settings, call), ...whose },
    orders: { ...orders(settings, call), ...whose },
    products: { ...products(settings, call), ...whose },
    scores: { ...scores(settings, call, tools), ...whose },
    tags: { ...tags(settings, tools), ...whose },
    check: (context) => checkAccount(settings, call, context),
  };
}
