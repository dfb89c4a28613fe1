import { InchwormError } from "@inchworm/spec";
import { serve } from "../stand-in/server.js";
import { Api } from "./api.js";
import { control, found, living } from "./control-routes.js";
import { requestCounts } from "./counts.js";
import { Portal } from "./portal.js";
import { Refusal } from "./refusal.js";
import type { HubspotSandbox, HubspotSandboxOptions } from "./types.js";

/**
 * Starts a HubSpot stand-in on this machine: real HTTP, kept state, and as strict as the vendor's documentation says the real one
 * is. Two with the same seed that receive the same requests in the same order give the same answers, but for the time of day.
 *
 * @throws InchwormError "config" when the port is in use or an option is malformed
 *
 * @example
 * const portal = await hubspotSandbox({ faults: { rateLimit: 0.05 } });
 * const [id] = portal.addContacts([{ email: "ada@example.com" }]);
 * await fetch(`${portal.url}/crm/v3/objects/contacts/${id}`, { headers: { Authorization: `Bearer ${portal.token}` } });
 */
export async function hubspotSandbox(options: HubspotSandboxOptions = {}): Promise<HubspotSandbox> {
  const { port = 0, seed = 1 } = options;
  checkNumber("port", port, 0, 65_535);
  checkNumber("seed", seed, 0, Number.MAX_SAFE_INTEGER);
  if (options.perWindow !== undefined) checkNumber("perWindow", options.perWindow, 1, 1e6);
  if (options.windowMs !== undefined) checkNumber("windowMs", options.windowMs, 1, 1e9);
  if (options.daily !== undefined) checkNumber("daily", options.daily, 0, 1e12);
  if (options.indexLagMs !== undefined) checkNumber("indexLagMs", options.indexLagMs, 0, 1e9);
  if (options.tier && !["starter", "professional", "increased"].includes(options.tier)) {
    throw wrong('"tier" must be starter, professional or increased');
  }
  const portal = open(options);
  const { journal, contacts } = portal;
  const api = new Api(portal, seed);
  const server = await serve(
    {
      name: "hubspot sandbox",
      now: portal.now,
      latency: () => portal.dice.latency(),
      journal,
      handle: (request) => api.handle(request),
      control: (request) => control(portal, request),
    },
    port,
  );
  return {
    url: server.url,
    get token() {
      return portal.tokens.private;
    },
    oauth: portal.tokens.oauth,
    addContacts: (rows) => portal.addContacts(rows),
    contact(id) {
      try {
        return portal.contact(found(portal, id));
      } catch (error) {
        if (InchwormError.is(error, "not-found")) return undefined;
        throw error;
      }
    },
    *contacts() {
      for (let slot = 0; slot < contacts.size; slot++) {
        if (contacts.isLive(slot) || contacts.isArchived(slot)) yield portal.contact(slot);
      }
    },
    merge(primaryId, mergedId) {
      const slot = portal.mergeContacts(living(portal, primaryId), living(portal, mergedId));
      return String(contacts.id(slot));
    },
    archive: (id) => portal.archiveContact(living(portal, id)),
    edit: (id, properties) =>
      portal.updateContact(living(portal, id), new Map(Object.entries(properties))),
    addObject: (type, properties, links = {}) => portal.addObject(type, properties, links),
    updateObject: (type, id, properties) =>
      portal.shelves[type].update(id, properties, portal.now()),
    archiveObject: (type, id) => portal.shelves[type].archive(id, portal.now()),
    object: (type, id) => portal.shelves[type].object(id),
    emailEvents: portal.emailEvents,
    emails: portal.emails,
    lists: portal.lists,
    archiveProperty: (name) => portal.archiveProperty(name),
    setFaults: (faults) => portal.dice.set(faults),
    expireToken: () => portal.tokens.expire(portal.now()),
    record(recording) {
      journal.recording = { ...journal.recording, ...recording };
    },
    get requests() {
      return requestCounts(portal);
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

function open(options: HubspotSandboxOptions): Portal {
  try {
    return new Portal(options);
  } catch (error) {
    if (error instanceof Refusal) throw wrong(`"properties": ${error.message}`);
    throw error;
  }
}

function checkNumber(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw wrong(`"${name}" must be a whole number from ${least} to ${most}`);
}

function wrong(what: string): InchwormError {
  return new InchwormError("config", `hubspot sandbox: ${what}.`);
}
