import {
  type SalesforceSandbox,
  type SalesforceSandboxOptions,
  salesforceSandbox,
} from "@inchworm/sandbox";
import type { ErrorCode, Source } from "@inchworm/spec";
import { testDestination, testSource } from "@inchworm/testing";
import { describe } from "vitest";
import { type Salesforce, type SalesforceOptions, salesforce } from "./index.js";

/** An organisation whose clock moves a tenth of a second whenever it is looked at. */
async function standIn(options: SalesforceSandboxOptions = {}, adapter: SalesforceOptions = {}) {
  let time = Date.parse("2026-05-01T12:00:00Z");
  const org = await salesforceSandbox({ now: () => (time += 100), daily: 10_000_000, ...options });
  return {
    org,
    now: () => time,
    open: () =>
      salesforce({
        loginUrl: org.url,
        clientId: org.oauth.clientId,
        clientSecret: org.oauth.clientSecret,
        pageSize: 60,
        timeoutMs: 5000,
        ...adapter,
      }),
  };
}

const stamps = (index: number) => ({
  CreatedDate: Date.parse("2024-03-01T08:00:00Z"),
  SystemModstamp: Date.parse("2026-04-01T00:00:00Z") + index * 1000,
});
const emailOf = (index: number) => `person${index}@example.com`;

const failures = ["network", "server", "rate-limit"] as const;
const faults = { network: "dropped", server: "htmlErrors", "rate-limit": "rateLimit" } as const;

function fail(org: SalesforceSandbox, code: ErrorCode | undefined): void {
  const fault = faults[code as keyof typeof faults];
  org.setFaults(fault === undefined ? {} : { [fault]: 1 });
}

type Kind = "contacts" | "leads" | "opportunities";
const made: Readonly<
  Record<
    Kind,
    {
      object: string;
      row: (index: number) => Record<string, unknown>;
      changed: Record<string, unknown>;
    }
  >
> = {
  contacts: {
    object: "Contact",
    row: (index) => ({ LastName: `P${index}`, Email: emailOf(index) }),
    changed: { FirstName: "Changed" },
  },
  leads: {
    object: "Lead",
    row: (index) => ({ LastName: `P${index}`, Company: "Example", Email: emailOf(index) }),
    changed: { FirstName: "Changed" },
  },
  opportunities: {
    object: "Opportunity",
    row: (index) => ({
      Name: `O${index}`,
      StageName: "Closed Won",
      CloseDate: "2026-01-02",
      Amount: 10 + index,
    }),
    changed: { Amount: 7 },
  },
};

function sourceSubject(
  kind: Kind,
  adapter: SalesforceOptions = {},
  options: SalesforceSandboxOptions = {},
) {
  return async () => {
    const { org, now, open } = await standIn(options, adapter);
    const { object, row, changed } = made[kind];
    const ids = org.addRecords(
      object,
      Array.from({ length: 150 }, (_, index) => ({ ...row(index), ...stamps(index) })),
    );
    const people = kind === "contacts" || kind === "leads";
    const pick = (one: Salesforce): Source => one[kind];
    return {
      source: pick(open()),
      reopen: () => pick(open()),
      now,
      ids,
      change: (id: string) => org.change(id, changed),
      ...(people
        ? {
            archive: (id: string) => org.delete(id),
            merge: (survivor: string, other: string) => {
              org.merge(survivor, other);
              return survivor;
            },
          }
        : {}),
      requests: () => org.requests.total,
      fail: (code: ErrorCode | undefined) => fail(org, code),
      secrets: [org.token, org.oauth.clientSecret],
      close: () => org.close(),
    };
  };
}

function destinationSubject(adapter: SalesforceOptions = {}) {
  return async () => {
    const { org, open } = await standIn({}, adapter);
    const count = 203;
    const ids = org.addRecords(
      "Contact",
      Array.from({ length: count }, (_, index) => ({
        LastName: `P${index}`,
        Email: emailOf(index),
        ...stamps(index),
      })),
    );
    const records = ids.map((id, index) => ({ id, email: emailOf(index) }));
    const vendorName = (field: { name: string }) => `inchworm_${field.name}__c`;
    return {
      destination: open().scores,
      reopen: () => open().scores,
      records,
      unknownId: `${ids[0]?.slice(0, 7)}99999999AAA`,
      merge: (survivor: string, other: string) => org.merge(survivor, other),
      stored: (id: string, field: { name: string }) => {
        const value = org.record(id)?.fields[vendorName(field)];
        return value === undefined ? undefined : String(value);
      },
      vendorName,
      async hasField(name: string) {
        const q = `SELECT Id FROM CustomField WHERE TableEnumOrId = 'Contact' AND DeveloperName = '${name.replace(/__c$/, "")}'`;
        const answer = await fetch(
          `${org.url}/services/data/v60.0/tooling/query?q=${encodeURIComponent(q)}`,
          {
            headers: { authorization: `Bearer ${org.token}` },
          },
        );
        return ((await answer.json()) as { size: number }).size > 0;
      },
      clash: (field: { name: string }) =>
        org.addField({ object: "Contact", name: vendorName(field), type: "string" }),
      fieldsSent: () => Object.keys(org.requests.fieldsSent).filter((name) => /__c$/.test(name)),
      people: () => [...org.records("Contact")].length + [...org.records("Lead")].length,
      requests: () => org.requests.total,
      fail: (code: ErrorCode | undefined) => fail(org, code),
      secrets: [org.token, org.oauth.clientSecret],
      close: () => org.close(),
    };
  };
}

describe("against the stand-in", () => {
  testSource({
    name: "salesforce:contacts",
    kind: "contact",
    make: sourceSubject("contacts"),
    failures,
  });
  testSource({
    name: "salesforce:contacts by bulk jobs",
    kind: "contact",
    make: sourceSubject("contacts", { bulkFrom: 1, pageSize: 10 }, { personAccounts: true }),
    failures,
  });
  testSource({ name: "salesforce:leads", kind: "contact", make: sourceSubject("leads"), failures });
  testSource({
    name: "salesforce:opportunities",
    kind: "order",
    make: sourceSubject("opportunities"),
    failures,
  });
  testDestination({ name: "salesforce:scores", make: destinationSubject(), failures });
  testDestination({
    name: "salesforce:scores by bulk jobs",
    make: destinationSubject({ writing: "bulk", jobRows: 201 }),
    failures,
  });
});
