import type { SalesforceSandbox } from "@inchworm/sandbox";
import { afterEach, describe, expect, it } from "vitest";
import { byId, failed, later, opened, readAll, statusOf } from "../__fixtures__/opened.js";
import type { SalesforceOptions } from "../index.js";

let org: SalesforceSandbox;
afterEach(() => org?.close());

async function open(...given: Parameters<typeof opened>) {
  const made = await opened(...given);
  org = made.org;
  return made.sales;
}
describe("contacts", () => {
  it("come in the field's own words", async () => {
    const sales = await open();
    const [id] = org.addRecords("Contact", [
      {
        FirstName: " Ada ",
        LastName: "Lovelace",
        Email: "Ada@Example.com",
        Phone: "+44 20 7946 0000",
        MailingCity: "London",
        MailingCountry: "United Kingdom",
        CreatedDate: Date.UTC(2024, 0, 2),
        SystemModstamp: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
      },
    ]);
    const { found, cursor } = await readAll(sales.contacts);
    expect(found.contact).toEqual([
      {
        id,
        email: "ada@example.com",
        firstName: "Ada",
        lastName: "Lovelace",
        phone: "+44 20 7946 0000",
        city: "London",
        country: "United Kingdom",
        createdAt: Date.UTC(2024, 0, 2),
        modifiedAt: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
      },
    ]);
    expect(cursor.since).toBe(Date.UTC(2026, 0, 2, 3, 4, 5, 678) - 20 * 60_000);
  });

  it("bring every opt-out, also one that changes on the Individual alone", async () => {
    const sales = await open();
    const [calm, refusing] = org.addRecords("Individual", [
      { LastName: "A" },
      { LastName: "B" },
    ]) as [string, string];
    const [ada, grace, mary] = org.addRecords("Contact", [
      { LastName: "A", IndividualId: calm },
      { LastName: "B", IndividualId: refusing, SystemModstamp: Date.UTC(2025, 0, 1) },
      { LastName: "C", HasOptedOutOfEmail: true },
    ]) as [string, string, string];
    const first = await readAll(sales.contacts);
    for (const id of [ada, grace])
      expect(statusOf(first.found.consent, id)).toEqual({ email: "unknown", profiling: "unknown" });
    expect(statusOf(first.found.consent, mary)).toMatchObject({ email: "denied" });

    for (const choice of ["HasOptedOutProfiling", "HasOptedOutProcessing", "ShouldForget"]) {
      org.change(refusing, { [choice]: true });
      const { found } = await readAll(sales.contacts, later(first.cursor));
      expect(statusOf(found.consent, grace)).toMatchObject({ profiling: "denied" });
      org.change(refusing, { [choice]: false });
    }
    org.change(refusing, { HasOptedOutSolicit: true });
    const { found } = await readAll(sales.contacts, later(first.cursor));
    expect(statusOf(found.consent, grace)).toEqual({ email: "denied", profiling: "unknown" });
    // newer than the contact's own change, so that it counts
    expect(found.consent?.find(({ contact }) => contact === grace)?.at).toBeGreaterThan(
      Date.UTC(2026, 0, 1),
    );
  });

  it("are not read at all where an opt-out is hidden", async () => {
    for (const hidden of ["Contact.HasOptedOutOfEmail", "Individual.HasOptedOutProfiling"]) {
      const sales = await open({ hiddenFields: [hidden] });
      expect(await failed(() => readAll(sales.contacts))).toMatchObject({
        code: "scope",
        message: expect.stringContaining(hidden),
      });
      expect(org.count("query")).toBe(0);
      await org.close();
    }
    const sales = await open({ individuals: false });
    org.addRecords("Contact", [{ LastName: "A" }]);
    const { found } = await readAll(sales.contacts);
    expect(found.consent?.map(({ purpose }) => purpose)).toEqual(["email"]);
  });

  it("take the customer number and the opt-out from fields that the user names, and miss none of them", async () => {
    const adapter = {
      customerIdField: "Number__c",
      profilingOptOutField: "no_scores__c",
    } satisfies SalesforceOptions;
    const sales = await open({ individuals: false }, adapter);
    expect(await failed(() => readAll(sales.contacts))).toMatchObject({
      code: "config",
      message: expect.stringContaining("Number__c"),
    });
    org.addField({ object: "Contact", name: "Number__c", type: "string" });
    org.addField({
      object: "Contact",
      name: "No_Scores__c",
      type: "picklist",
      values: ["yes", "no"],
    });
    const [ada, grace] = org.addRecords("Contact", [
      { LastName: "A", Number__c: "4711", No_Scores__c: "no" },
      { LastName: "B", No_Scores__c: "please" },
    ]) as [string, string];
    const { found } = await readAll(sales.contacts);
    expect(byId(found.contact, ada)?.identities).toEqual([{ system: "customer", id: "4711" }]);
    expect(statusOf(found.consent, ada).profiling).toBe("unknown");
    expect(statusOf(found.consent, grace).profiling).toBe("denied");
  });

  it("are read whole again when other fields are named", async () => {
    const sales = await open();
    org.addField({ object: "Contact", name: "Number__c", type: "string" });
    org.addRecords("Contact", [
      { LastName: "A", Number__c: "4711", SystemModstamp: Date.UTC(2020, 0, 1) },
    ]);
    const { cursor } = await readAll(sales.contacts);
    const other = (await import("../index.js")).salesforce({
      loginUrl: org.url,
      accessToken: org.token,
      instanceUrl: org.url,
      customerIdField: "Number__c",
    });
    expect((await readAll(other.contacts, later(cursor))).found.contact).toHaveLength(1);
  });

  it("who are person accounts are the account, whatever else names the contact", async () => {
    const sales = await open({ personAccounts: true });
    const [account] = org.addRecords("Account", [
      { LastName: "Byron", FirstName: "Ada", PersonEmail: "ada@example.com" },
    ]) as [string];
    org.addRecords("Account", [{ Name: "A company" }]);
    const [plain] = org.addRecords("Contact", [{ LastName: "Hopper" }]) as [string];
    const person = org.record(account)?.fields.PersonContactId as string;
    const { found, cursor } = await readAll(sales.contacts);
    expect(found.contact?.map(({ id }) => id)).toEqual([plain, account]);
    expect(byId(found.contact, account)).toMatchObject({
      email: "ada@example.com",
      identities: [{ system: "salesforce", id: person }],
    });
    org.change(account, { PersonHasOptedOutOfEmail: true });
    const again = await readAll(sales.contacts, later(cursor));
    expect(statusOf(again.found.consent, account)).toMatchObject({ email: "denied" });
    org.delete(account);
    expect(
      byId((await readAll(sales.contacts, later(cursor))).found.contact, account),
    ).toMatchObject({ archived: true });
  });

  it("keep one person when the survivor of a merge is merged, too, or deleted", async () => {
    const sales = await open();
    const [a, b, c, d] = org.addRecords(
      "Contact",
      ["A", "B", "C", "D"].map((LastName) => ({ LastName })),
    ) as [string, string, string, string];
    org.merge(b, a);
    org.merge(c, b);
    org.merge(d, c);
    org.delete(d);
    const { found } = await readAll(sales.contacts);
    const told = (id: string) => byId(found.contact, id);
    for (const [survivor, other] of [
      [b, a],
      [c, b],
    ] as const) {
      expect(told(survivor)?.identities).toEqual([{ system: "salesforce", id: other }]);
    }
    expect(found.contact?.filter(({ id, archived }) => id === d && archived)).not.toEqual([]);
    // nobody is living, so nothing is written to anybody
    expect(found.contact?.filter(({ archived }) => archived !== true)).toEqual([]);
  });

  it("whose transaction took long are not missed", async () => {
    let time = Date.now();
    const sales = await open({ now: () => time });
    const ids = org.addRecords(
      "Contact",
      ["A", "B"].map((LastName) => ({ LastName, SystemModstamp: time - 3_600_000 })),
    ) as [string, string];
    org.changeSlowly(ids[0], { FirstName: "Late" }, 15 * 60_000);
    time += 60_000;
    org.change(ids[1], { FirstName: "Early" });
    const first = await readAll(sales.contacts, undefined, time);
    expect(byId(first.found.contact, ids[0])?.firstName).toBeUndefined();
    time += 20 * 60_000;
    const next = await readAll(sales.contacts, first.cursor, time);
    expect(byId(next.found.contact, ids[0])?.firstName).toBe("Late");
  });

  it("survive a server that gives fewer rows than asked for", async () => {
    const sales = await open({ queryRows: 7 }, { pageSize: 20 });
    const ids = org.addRecords(
      "Contact",
      Array.from({ length: 100 }, (_, index) => ({ LastName: `P${index}` })),
    );
    const { found } = await readAll(sales.contacts);
    expect(found.contact?.map(({ id }) => id)).toEqual(ids);
  });
});
