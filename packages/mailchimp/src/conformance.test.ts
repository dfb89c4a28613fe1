import {
  type MailchimpSandbox,
  type MailchimpSandboxOptions,
  mailchimpSandbox,
} from "@inchworm/sandbox";
import type { ErrorCode } from "@inchworm/spec";
import { testDestination, testSource } from "@inchworm/testing";
import { describe } from "vitest";
import { mailchimp } from "./index.js";
import { mergeTags } from "./merge-tags.js";
import { settle } from "./options.js";

const begin = Date.parse("2026-04-01T00:00:00Z");

/** An account whose clock moves a tenth of a second whenever it is looked at, and whose batches end at once. */
async function standIn(people: number, options: MailchimpSandboxOptions = {}) {
  let time = Date.parse("2026-05-01T12:00:00Z");
  const sandbox = await mailchimpSandbox({ now: () => (time += 100), batchMs: 50, ...options });
  const emails = Array.from({ length: people }, (_, index) => `person${index}@example.com`);
  const ids = sandbox.addMembers(
    emails.map((email, index) => ({
      email,
      mergeFields: { FNAME: `P${index}` },
      signedUpAt: begin - 1_000,
      // many changed within one second
      changedAt: begin + Math.floor(index / 50) * 1_000,
    })),
  );
  const open = {
    apiKey: sandbox.apiKey,
    audience: sandbox.audience,
    baseUrl: sandbox.url,
    timeoutMs: 5_000,
    batchSize: 40,
  };
  return {
    sandbox,
    ids,
    records: ids.map((id, index) => ({ id, email: emails[index] as string })),
    now: () => time,
    open: () => mailchimp(open),
    tags: mergeTags(settle(open)),
  };
}

const failures = ["network", "server", "rate-limit"] as const;
const faults = { network: "dropped", server: "htmlErrors", "rate-limit": "rateLimit" } as const;

function fail(sandbox: MailchimpSandbox, code: ErrorCode | undefined): void {
  const fault = faults[code as keyof typeof faults];
  sandbox.setFaults(fault === undefined ? {} : { [fault]: 1 });
}

async function contactsSubject() {
  const { sandbox, ids, now, open } = await standIn(2_300);
  return {
    source: open().contacts,
    reopen: () => open().contacts,
    now,
    ids,
    change: (id: string) => sandbox.edit(id, { LNAME: "Changed" }),
    archive: (id: string) => sandbox.setStatus(id, "archived"),
    requests: () => sandbox.requests.total,
    fail: (code: ErrorCode | undefined) => fail(sandbox, code),
    secrets: [sandbox.apiKey],
    close: () => sandbox.close(),
  };
}

async function destinationSubject() {
  const { sandbox, records, open, tags } = await standIn(43);
  return {
    destination: open().scores,
    reopen: () => open().scores,
    records,
    unknownId: "f".repeat(32),
    stored: (id: string, field: { name: string }) => {
      const value = sandbox.member(id)?.mergeFields[tags.name(field.name)];
      return value === undefined ? undefined : String(value);
    },
    vendorName: (field: { name: string }) => tags.name(field.name),
    hasField: (tag: string) => sandbox.mergeFields.includes(tag),
    clash: async (field: { name: string }) => {
      const answer = await fetch(`${sandbox.url}/3.0/lists/${sandbox.audience}/merge-fields`, {
        method: "POST",
        headers: { authorization: `Bearer ${sandbox.apiKey}` },
        body: JSON.stringify({ tag: tags.name(field.name), name: "Another's", type: "date" }),
      });
      if (!answer.ok) throw new Error(await answer.text());
    },
    fieldsSent: () => Object.keys(sandbox.requests.mergeFieldsSent),
    people: () => [...sandbox.members()].length,
    requests: () => sandbox.requests.total,
    fail: (code: ErrorCode | undefined) => fail(sandbox, code),
    secrets: [sandbox.apiKey],
    close: () => sandbox.close(),
  };
}

async function campaignsSubject() {
  const { sandbox, now, open } = await standIn(0);
  const ids = Array.from({ length: 2_100 }, (_, index) =>
    sandbox.addCampaign({ subject: `S${index}`, sentAt: now() - 86_400_000 + index, sentTo: [] }),
  );
  return {
    source: open().campaigns,
    reopen: () => open().campaigns,
    now,
    ids,
    change: () => {},
    requests: () => sandbox.requests.total,
    fail: (code: ErrorCode | undefined) => fail(sandbox, code),
    secrets: [sandbox.apiKey],
    close: () => sandbox.close(),
  };
}

describe("against the stand-in", () => {
  testSource({ name: "mailchimp:contacts", kind: "contact", make: contactsSubject, failures });
  testSource({ name: "mailchimp:campaigns", kind: "campaign", make: campaignsSubject, failures });
  testDestination({ name: "mailchimp:scores", make: destinationSubject, failures });
});
