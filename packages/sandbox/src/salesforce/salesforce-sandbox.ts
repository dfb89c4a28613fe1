import { InchwormError } from "@inchworm/spec";
import { serve } from "../stand-in/server.js";
import { Api } from "./api.js";
import { control } from "./control-routes.js";
import { convert, merge, remove } from "./dml.js";
import { addField, addRecords, change, changed, erase, living, shown } from "./handles.js";
import { Org } from "./org.js";
import type { SalesforceSandbox, SalesforceSandboxOptions } from "./types.js";

/**
 * Starts a Salesforce stand-in on this machine: real HTTP, kept state, and as strict as the vendor's documentation says the real
 * one is. Two with the same seed that receive the same requests in the same order give the same answers, but for the time of day.
 *
 * @throws InchwormError "config" when the port is in use or an option is malformed
 *
 * @example
 * const org = await salesforceSandbox({ faults: { serverError: 0.02 } });
 * const [id] = org.addRecords("Contact", [{ LastName: "Lovelace", Email: "ada@example.com" }]);
 * await fetch(`${org.url}/services/data/v60.0/sobjects/Contact/${id}`, { headers: { Authorization: `Bearer ${org.token}` } });
 */
export async function salesforceSandbox(
  options: SalesforceSandboxOptions = {},
): Promise<SalesforceSandbox> {
  const { port = 0 } = options;
  checkNumber("port", port, 0, 65_535);
  checkNumber("seed", options.seed ?? 1, 0, Number.MAX_SAFE_INTEGER);
  checkNumber("daily", options.daily ?? 1, 0, 1e9);
  checkNumber("queryRows", options.queryRows ?? 1, 1, 2_000);
  checkNumber("jobMs", options.jobMs ?? 0, 0, 1e9);
  const org = new Org(options);
  const api = new Api(org);
  const { journal, logins } = org;
  const server = await serve(
    {
      name: "salesforce sandbox",
      now: org.now,
      latency: () => org.dice.latency(),
      journal,
      handle: (request) => api.handle(request),
      control: (request) => control(org, request),
    },
    port,
  );
  return {
    url: server.url,
    get token() {
      return logins.token;
    },
    organizationId: org.organizationId,
    userId: org.userId,
    get oauth() {
      const { clientId, clientSecret, refreshToken } = logins;
      return { clientId, clientSecret, refreshToken };
    },
    get jwt() {
      const { clientId, username, privateKey } = logins;
      return { clientId, username, privateKey };
    },
    addRecords: (object, rows) => addRecords(org, object, rows),
    change: (id, values) => change(org, id, values, org.now()),
    changeSlowly(id, values, ms) {
      const begun = org.now();
      changed(org, id, values);
      org.commitAt(begun + ms, () => {
        // one that was deleted meanwhile takes the transaction with it
        if (org.find(id)?.row.deletedAt === undefined) change(org, id, values, begun);
      });
    },
    record(id) {
      org.tick();
      const found = org.find(id);
      return found && shown(found.row);
    },
    *records(object) {
      org.tick();
      for (const row of org.table(object).rows) yield shown(row);
    },
    delete: (id) => remove(living(org, id).row, org.now()),
    undelete(id) {
      const row = org.find(id)?.row;
      if (row?.deletedAt === undefined)
        throw new InchwormError(
          "not-found",
          "salesforce sandbox: the recycle bin does not hold it.",
        );
      delete row.deletedAt;
      row.modifiedAt = org.now();
    },
    erase: (id) => erase(org, id),
    merge(masterId, otherId) {
      const { table, row } = living(org, masterId);
      merge(org, table.definition, row, living(org, otherId).row);
    },
    convert: (leadId) => convert(org, living(org, leadId).row),
    addField: (field) => addField(org, field),
    deleteField(object, name) {
      org.deleteCustomField(org.table(object).definition, name);
    },
    setFaults: (faults) => org.dice.set(faults),
    expireToken: () => logins.expire(),
    keep(recording) {
      journal.recording = { ...journal.recording, ...recording };
    },
    get requests() {
      const { total, byRoute, injected, limitRefusals, fieldsSent } = journal;
      const today = org.requests.used(org.now());
      return { total, byRoute, injected, limitRefusals, fieldsSent, today, daily: org.daily };
    },
    count: (pattern) => journal.count(pattern),
    get log() {
      return journal.log;
    },
    writes: journal.writes,
    created: journal.created,
    close: () => server.close(),
  };
}

function checkNumber(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new InchwormError(
    "config",
    `salesforce sandbox: "${name}" must be a whole number from ${least} to ${most}.`,
  );
}
