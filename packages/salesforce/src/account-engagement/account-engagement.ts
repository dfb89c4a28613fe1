import type { Adapter, CallContext, Destination, Source } from "@inchworm/spec";
import { activities } from "./activities.js";
import { checkUnit } from "./check.js";
import { connection } from "./connection.js";
import { type ListEmailStats, listEmailStats, listEmails } from "./list-emails.js";
import { type AccountEngagementOptions, settle } from "./options.js";
import { prospects } from "./prospects.js";
import { scores } from "./scores.js";

/** One business unit of Account Engagement (Pardot). */
export interface AccountEngagement extends Adapter {
  /** Prospects as contacts, the recycle bin's too, and what they refuse. */
  readonly prospects: Source;
  /** What prospects did, and what was sent to them. */
  readonly activities: Source;
  /** List e-mails. */
  readonly campaigns: Source;
  /** Scores as custom fields of our own. */
  readonly scores: Destination;
  /**
   * What came of one list e-mail, as Account Engagement counts it.
   *
   * @throws InchwormError "not-found" when there is none of that id
   */
  listEmailStats(id: string, context: CallContext): Promise<ListEmailStats>;
}

/**
 * Opens a business unit of Account Engagement by a Salesforce login, that of `salesforce()` or one of its own. Nothing is sent before
 * the first call.
 *
 * @throws InchwormError "auth" when there is nothing to log in with, "config" when an option is malformed
 * @example
 * const org = salesforce();
 * const unit = accountEngagement({ login: org.login, businessUnitId: "0Uv000000000001AAA" });
 * await shop.pull(unit.prospects, unit.activities, unit.campaigns);
 */
export function accountEngagement(options: AccountEngagementOptions = {}): AccountEngagement {
  const settings = settle(options);
  const call = connection(settings);
  // the id is given, and the API refuses every other
  const identify = async () =>
    `Account Engagement business unit ${settings.businessUnitId.slice(0, 15)}`;
  const owned = <T extends object>(one: T): T & { readonly identify: typeof identify } => ({
    ...one,
    identify,
  });
  return {
    account: { system: settings.system, lanes: settings.lanes },
    prospects: owned(prospects(settings, call)),
    activities: owned(activities(settings, call)),
    campaigns: owned(listEmails(settings, call)),
    scores: owned(scores(settings, call)),
    listEmailStats: (id, context) => listEmailStats(call, id, context),
    check: (context) => checkUnit(settings, call, context),
  };
}
