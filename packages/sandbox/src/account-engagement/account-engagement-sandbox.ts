import { InchwormError } from "@inchworm/spec";
import { serve } from "../stand-in/server.js";
import { Api } from "./api.js";
import { control } from "./control-routes.js";
import { requestCounts } from "./counts.js";
import type { Value } from "./shelf.js";
import type {
  AccountEngagementSandbox,
  AccountEngagementSandboxOptions,
  CustomFieldType,
} from "./types.js";
import { Unit } from "./unit.js";

/**
 * Starts an Account Engagement (Pardot) stand-in on this machine: one business unit with its Salesforce login, real HTTP, kept state,
 * and as strict as the vendor's documentation says the real one is. Two with the same seed that receive the same requests in the same
 * order give the same answers, but for the time of day and page tokens.
 *
 * @throws InchwormError "config" when the port is in use or an option is malformed
 *
 * @example
 * const unit = await accountEngagementSandbox({ faults: { rateLimit: 0.05 } });
 * const [id] = unit.addProspects([{ email: "ada@example.com" }]);
 * await fetch(`${unit.url}/api/v5/objects/prospects/${id}?fields=id,email`, {
 *   headers: { Authorization: `Bearer ${unit.token}`, "Pardot-Business-Unit-Id": unit.businessUnitId },
 * });
 */
export async function accountEngagementSandbox(
  options: AccountEngagementSandboxOptions = {},
): Promise<AccountEngagementSandbox> {
  const { port = 0 } = options;
  checkNumber("port", port, 0, 65_535);
  checkNumber("seed", options.seed ?? 1, 0, Number.MAX_SAFE_INTEGER);
  checkNumber("daily", options.daily ?? 1, 0, 1e9);
  checkNumber("concurrency", options.concurrency ?? 5, 1, 1_000);
  checkNumber("staleMs", options.staleMs ?? 0, 0, 1e9);
  checkNumber("chainRecords", options.chainRecords ?? 1, 1, 1e9);
  checkNumber("jobMs", options.jobMs ?? 0, 0, 1e9);
  checkNumber("exportFileRows", options.exportFileRows ?? 1, 1, 1e9);
  const unit = new Unit(options);
  const { journal } = unit;
  const { logins } = unit.org;
  const api = new Api(unit);
  const server = await serve(
    {
      name: "account engagement sandbox",
      now: unit.now,
      latency: () => unit.dice.latency(),
      journal,
      handle: (request) => api.handle(request),
      control: (request) => control(unit, request),
    },
    port,
  );
  return {
    url: server.url,
    get token() {
      return logins.token;
    },
    businessUnitId: unit.businessUnitId,
    get oauth() {
      const { clientId, clientSecret, refreshToken } = logins;
      return { clientId, clientSecret, refreshToken };
    },
    addProspects: (rows) => Array.from(rows, (row) => unit.addProspect(row).id),
    change: (id, values) => unit.set(unit.prospect(id), unit.usable(values)),
    prospect(id) {
      unit.jobs.tick();
      const row = unit.prospects.get(id);
      return row && unit.view(row);
    },
    *prospects() {
      unit.jobs.tick();
      for (const row of unit.prospects.rows) yield unit.view(row);
    },
    delete: (id) => unit.set(unit.prospect(id), new Map([["isDeleted", true]])),
    undelete: (id) => unit.set(unit.prospect(id), new Map([["isDeleted", false]])),
    erase: (id) => unit.prospects.erase(unit.prospect(id).id),
    addActivities: (rows) =>
      Array.from(rows, ({ at, ...rest }) => {
        const given = Object.entries(rest).filter((pair) => pair[1] !== undefined);
        const values = new Map<string, Value>([...given, ["createdAt", at], ["updatedAt", at]]);
        return unit.activities.add(values).id;
      }),
    addListEmails: (rows) =>
      Array.from(rows, ({ name, subject, sentAt, createdAt, isOperational = false, stats }) => {
        const made = createdAt ?? sentAt ?? unit.now();
        const values = new Map<string, Value>([
          ["name", name],
          ["subject", subject],
          ["isOperational", isOperational],
          ["isPaused", false],
          ["isDeleted", false],
          ["isSent", sentAt !== undefined],
          ["createdAt", made],
          ["updatedAt", sentAt ?? made],
          ...(sentAt === undefined ? [] : ([["sentAt", sentAt]] as const)),
        ]);
        const { id } = unit.listEmails.add(values);
        if (stats) unit.stats.set(id, stats);
        return id;
      }),
    renameListEmail(id, name) {
      const row = unit.listEmails.get(id);
      if (!row) throw unit.missing(`list e-mail ${id}`);
      unit.set(row, new Map([["name", name]]));
    },
    addField: (field) => String(unit.addField(field).values.get("apiFieldId")),
    deleteField: (name) => unit.deleteField(name),
    get customFields() {
      return Object.fromEntries(
        unit.customFields.rows.map(({ values }) => [
          String(values.get("apiFieldId")),
          values.get("type") as CustomFieldType,
        ]),
      );
    },
    setFaults: (faults) => unit.dice.set(faults),
    setDaily(requests) {
      unit.daily = requests;
    },
    expireToken: () => logins.expire(),
    keep(recording) {
      journal.recording = { ...journal.recording, ...recording };
    },
    get requests() {
      return requestCounts(unit);
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
    `account engagement sandbox: "${name}" must be a whole number from ${least} to ${most}.`,
  );
}
