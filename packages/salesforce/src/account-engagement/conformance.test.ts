import type { AccountEngagementSandbox } from "@inchworm/sandbox";
import type { ErrorCode } from "@inchworm/spec";
import { testDestination, testSource } from "@inchworm/testing";
import { describe } from "vitest";
import type { AccountEngagementOptions } from "../index.js";
import { opened } from "./__fixtures__/opened.js";

/** A business unit whose clock moves a tenth of a second whenever it is looked at. */
async function standIn(adapter: AccountEngagementOptions = {}) {
  let time = Date.parse("2026-05-01T12:00:00Z");
  const made = await opened(
    { now: () => (time += 100), daily: 10_000_000, exportFileRows: 60 },
    { pageSize: 60, ...adapter },
  );
  return { ...made, now: () => time };
}

const emailOf = (index: number) => `person${index}@example.com`;
const times = (index: number) => ({
  createdAt: Date.parse("2024-03-01T08:00:00Z"),
  updatedAt: Date.parse("2026-04-01T00:00:00Z") + index * 1000,
});
const failures = ["network", "server", "rate-limit", "quota"] as const;
const faults = { network: "dropped", server: "htmlErrors", "rate-limit": "rateLimit" } as const;

function fail(unit: AccountEngagementSandbox, code: ErrorCode | undefined): void {
  const fault = faults[code as keyof typeof faults];
  unit.setFaults(fault === undefined ? {} : { [fault]: 1 });
  unit.setDaily(code === "quota" ? 0 : 10_000_000);
}

const common = (unit: AccountEngagementSandbox) => ({
  requests: () => unit.requests.total,
  fail: (code: ErrorCode | undefined) => fail(unit, code),
  secrets: [unit.token, unit.oauth.clientSecret],
  close: () => unit.close(),
});

function prospectSubject(adapter: AccountEngagementOptions = {}) {
  return async () => {
    const { unit, open, now } = await standIn(adapter);
    const ids = unit.addProspects(
      Array.from({ length: 150 }, (_, index) => ({ email: emailOf(index), ...times(index) })),
    );
    return {
      source: open().prospects,
      reopen: () => open().prospects,
      now,
      ids: ids.map(String),
      change: (id: string) => unit.change(Number(id), { firstName: "Changed" }),
      archive: (id: string) => unit.delete(Number(id)),
      ...common(unit),
    };
  };
}

async function campaignSubject() {
  const { unit, open, now } = await standIn();
  const ids = unit.addListEmails(
    Array.from({ length: 150 }, (_, index) => ({
      name: `Letter ${index}`,
      subject: "Spring",
      sentAt: times(index).updatedAt,
    })),
  );
  return {
    source: open().campaigns,
    reopen: () => open().campaigns,
    now,
    ids: ids.map(String),
    change: (id: string) => unit.renameListEmail(Number(id), "Renamed"),
    ...common(unit),
  };
}

function destinationSubject(adapter: AccountEngagementOptions) {
  return async () => {
    const { unit, open } = await standIn(adapter);
    const ids = unit.addProspects(
      Array.from({ length: 43 }, (_, index) => ({ email: emailOf(index), ...times(index) })),
    );
    const vendorName = (field: { name: string }) => `inchworm_${field.name}__c`;
    return {
      destination: open().scores,
      reopen: () => open().scores,
      records: ids.map((id, index) => ({ id: String(id), email: emailOf(index) })),
      unknownId: "987654",
      stored(id: string, field: { name: string }) {
        const value = unit.prospect(Number(id))?.fields[vendorName(field)];
        return value === undefined ? undefined : String(value);
      },
      vendorName,
      hasField: (name: string) => name in unit.customFields,
      clash(field: { name: string }) {
        unit.addField({ fieldId: vendorName(field).replace(/__c$/, ""), type: "Date" });
      },
      fieldsSent: () => Object.keys(unit.requests.fieldsSent),
      people: () => [...unit.prospects()].length,
      ...common(unit),
    };
  };
}

describe("against the stand-in", () => {
  testSource({
    name: "account-engagement:prospects",
    kind: "contact",
    make: prospectSubject(),
    failures,
  });
  testSource({
    name: "account-engagement:prospects by exports",
    kind: "contact",
    make: prospectSubject({ backfill: "export" }),
    failures,
  });
  testSource({
    name: "account-engagement:campaigns",
    kind: "campaign",
    make: campaignSubject,
    failures,
  });
  testDestination({
    name: "account-engagement:scores by a request each",
    make: destinationSubject({ batchSize: 12, directAtMost: 12 }),
    failures,
  });
  testDestination({
    name: "account-engagement:scores by imports",
    make: destinationSubject({ batchSize: 42, directAtMost: 0 }),
    failures,
  });
});
