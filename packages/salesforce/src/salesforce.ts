import type { Adapter, Source } from "@inchworm/spec";
import { checkAccount } from "./check.js";
import { identify } from "./identify.js";
import { type Login, openLogin } from "./login/login.js";
import { type SalesforceOptions, settle } from "./options.js";
import { campaigns } from "./reading/campaigns.js";
import { contacts } from "./reading/contacts.js";
import { emails } from "./reading/emails.js";
import { leads } from "./reading/leads.js";
import { opportunities } from "./reading/opportunities.js";
import { orders } from "./reading/orders.js";
import { type Scores, scores } from "./scores/scores.js";
import { connection } from "./wire/connection.js";

/** One Salesforce organisation. */
export interface Salesforce extends Adapter {
  /** Contacts and person accounts, deleted and merged ones too, and what they consented to. */
  readonly contacts: Source;
  /** Leads, the converted ones as names of their contacts. */
  readonly leads: Source;
  /** Won opportunities as orders, with their products. Read these or `orders`. */
  readonly opportunities: Source;
  /** Activated orders, with their products. */
  readonly orders: Source;
  /** Campaigns and who was in them. */
  readonly campaigns: Source;
  /** Single e-mails as engagements. */
  readonly emails: Source;
  /** Scores as custom fields of our own. */
  readonly scores: Scores;
  /** Shared with Account Engagement, so that two adapters on one refresh token do not end each other's. */
  readonly login: Login;
}

/**
 * Opens a Salesforce organisation by the login that the options or the environment give. Nothing is sent before the first call.
 *
 * @throws InchwormError "auth" when there is nothing to log in with, "config" when an option is malformed
 * @example
 * const org = salesforce({ loginUrl: "https://example.my.salesforce.com", clientId, clientSecret });
 * await shop.pull(org.contacts, org.leads, org.opportunities);
 */
export function salesforce(options: SalesforceOptions = {}): Salesforce {
  const settings = settle(options);
  const login = openLogin(settings.login, settings.timeoutMs);
  const call = connection(settings, login);
  const whose = identify(call);
  const owned = <T extends object>(one: T): T & { readonly identify: typeof whose } => ({
    ...one,
    identify: whose,
  });
  const { system } = settings;
  return {
    account: { system, lanes: settings.lanes },
    // orders would count what won opportunities tell once more
    reads: ["contacts", "leads", "opportunities", "campaigns", "emails"].map(
      (name) => `${system}:${name}`,
    ),
    contacts: owned(contacts(settings, call)),
    leads: owned(leads(settings, call)),
    opportunities: owned(opportunities(settings, call)),
    orders: owned(orders(settings, call)),
    campaigns: owned(campaigns(settings, call)),
    emails: owned(emails(settings, call)),
    scores: owned(scores(settings, call)),
    login,
    check: (context) => checkAccount(settings, call, context),
  };
}
