import { type HubspotSandbox, type HubspotSandboxOptions, hubspotSandbox } from "@inchworm/sandbox";
import type { ErrorCode } from "@inchworm/spec";
import { testDestination, testSource } from "@inchworm/testing";
import { describe } from "vitest";
import { hubspot } from "./index.js";

/** A portal whose clock moves a tenth of a second whenever it is looked at: no limit is met, and nobody waits for one. */
async function standIn(people: number, options: HubspotSandboxOptions = {}) {
  let time = Date.parse("2026-05-01T12:00:00Z");
  const portal = await hubspotSandbox({ now: () => (time += 100), perWindow: 100_000, ...options });
  const emails = Array.from({ length: people }, (_, index) => `person${index}@example.com`);
  const ids = portal.addContacts(
    emails.map((email, index) => ({
      email,
      firstname: `P${index}`,
      createdate: "2024-03-01T08:00:00Z",
      lastmodifieddate: new Date(Date.parse("2026-04-01T00:00:00Z") + index * 1000).toISOString(),
    })),
  );
  return {
    portal,
    ids,
    records: ids.map((id, index) => ({ id, email: emails[index] as string })),
    now: () => time,
    /** Longer than the search takes to know of a change. */
    pass: () => {
      time += 5000;
    },
    open: () => hubspot({ accessToken: portal.token, baseUrl: portal.url, timeoutMs: 5000 }),
  };
}

/** What somebody else does at the portal. */
function api(portal: HubspotSandbox, method: string, path: string, body?: unknown) {
  return fetch(`${portal.url}/crm/v3/${path}`, {
    method,
    headers: { authorization: `Bearer ${portal.token}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

const failures = ["network", "server", "rate-limit"] as const;
const faults = { network: "dropped", server: "htmlErrors", "rate-limit": "rateLimit" } as const;

function fail(portal: HubspotSandbox, code: ErrorCode | undefined): void {
  const fault = faults[code as keyof typeof faults];
  portal.setFaults(fault === undefined ? {} : { [fault]: 1 });
}

async function sourceSubject(options: HubspotSandboxOptions = {}) {
  const { portal, ids, now, pass, open } = await standIn(250, options);
  const change = async (id: string) => {
    const changed = { properties: { lastname: "Changed" } };
    await api(portal, "PATCH", `objects/contacts/${id}`, changed);
    pass();
  };
  return {
    source: open().contacts,
    reopen: () => open().contacts,
    now,
    ids,
    change,
    archive: (id: string) => portal.archive(id),
    merge: (survivor: string, other: string) => {
      const id = portal.merge(survivor, other);
      pass();
      return id;
    },
    requests: () => portal.requests.total,
    fail: (code: ErrorCode | undefined) => fail(portal, code),
    secrets: [portal.token],
    close: () => portal.close(),
  };
}

async function destinationSubject(options: HubspotSandboxOptions = {}) {
  const { portal, records, open } = await standIn(103, options);
  return {
    destination: open().scores,
    reopen: () => open().scores,
    records,
    unknownId: "999999999999",
    merge: (survivor: string, other: string) => {
      portal.merge(survivor, other);
    },
    stored: (id: string, field: { name: string }) =>
      portal.contact(id)?.properties[`inchworm_${field.name}`],
    vendorName: (field: { name: string }) => `inchworm_${field.name}`,
    hasField: async (name: string) => (await api(portal, "GET", `properties/contacts/${name}`)).ok,
    clash: async (field: { name: string }) => {
      await api(portal, "POST", "properties/contacts", {
        name: `inchworm_${field.name}`,
        label: "Somebody else's",
        groupName: "contactinformation",
        type: "string",
        fieldType: "text",
      });
    },
    fieldsSent: () => Object.keys(portal.requests.propertiesSent),
    people: () => [...portal.contacts()].length,
    requests: () => portal.requests.total,
    fail: (code: ErrorCode | undefined) => fail(portal, code),
    secrets: [portal.token],
    close: () => portal.close(),
  };
}

describe("against the stand-in", () => {
  testSource({ name: "hubspot:contacts", kind: "contact", make: sourceSubject, failures });
  testDestination({ name: "hubspot:scores", make: destinationSubject, failures });
});
