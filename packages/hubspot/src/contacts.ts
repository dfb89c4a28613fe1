import type { Source } from "@inchworm/spec";
import { changes } from "./changes.js";
import type { Connection } from "./connection.js";
import { contactProperties, contactRecord, namedProperties } from "./contact-record.js";
import type { Settings } from "./options.js";
import { paths } from "./paths.js";
import { requireProperties } from "./required.js";

/** Contacts of the portal, with their consents. */
export function contacts(settings: Settings, call: Connection): Source {
  const named = namedProperties(settings);
  return changes(settings, call, {
    name: "contacts",
    path: paths(settings.apiVersion).contacts,
    scope: "crm.objects.contacts.read",
    properties: contactProperties(settings),
    modified: "lastmodifieddate",
    named,
    prepare: (options) => requireProperties(settings, call, named, options),
    records(entries, _phase, { now }) {
      const found = entries
        .map((entry) => contactRecord(entry, settings, now))
        .filter((record) => record !== undefined);
      return {
        contact: found.map((record) => record.contact),
        consent: found.flatMap((record) => record.consents),
      };
    },
  });
}
