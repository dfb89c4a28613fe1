import type { SalesforceSandbox } from "@inchworm/sandbox";
import type { Field } from "@inchworm/spec";
import { afterEach, describe, expect, it } from "vitest";
import { context, failed, opened } from "../__fixtures__/opened.js";

const chance: Field = {
  name: "churn_probability",
  label: "Churn probability",
  description: "How likely no order comes.",
  type: "number",
  decimals: 4,
};
const segment: Field = {
  name: "segment",
  label: "Segment",
  description: "Which kind.",
  type: "category",
  options: ["A & B", "C"],
};
const reason: Field = {
  name: "churn_reason",
  label: "Churn reason",
  description: "Why.",
  type: "text",
};
const fields = [chance, segment, reason];
const name = "inchworm_churn_probability__c";

let org: SalesforceSandbox;
afterEach(() => org?.close());
async function open(...given: Parameters<typeof opened>) {
  const made = await opened(...given);
  org = made.org;
  return made.sales.scores;
}
const contacts = (count: number) =>
  org.addRecords(
    "Contact",
    Array.from({ length: count }, (_, index) => ({ LastName: `P${index}` })),
  );
const row = (recordId: string, churn_probability: number | null = 0.25) => ({
  recordId,
  values: { churn_probability },
});
const stored = (id: string, field = name) => org.record(id)?.fields[field];

describe("write", () => {
  it("writes contacts, leads and person accounts side by side, each to its own fields", async () => {
    const scores = await open({ personAccounts: true });
    await scores.prepare(fields, context);
    const [contact] = contacts(1) as [string];
    const [lead] = org.addRecords("Lead", [{ LastName: "L", Company: "Example" }]) as [string];
    const [person] = org.addRecords("Account", [{ LastName: "Byron" }]) as [string];
    const ids = [lead, person, contact];
    const outcomes = await scores.write(
      ids.map((id) => row(id)),
      context,
    );
    expect(outcomes.map(({ recordId, outcome }) => [recordId, outcome])).toEqual(
      ids.map((id) => [id, "updated"]),
    );
    expect(stored(person, name.replace("__c", "__pc"))).toBe(0.25);
    expect(await scores.read(ids, [chance], context)).toEqual(
      ids.map(() => ({ churn_probability: 0.25 })),
    );
    // a person's contact shows the same, and is not written to by itself
    expect(stored(String(org.record(person)?.fields.PersonContactId))).toBe(0.25);
    expect(new Set(org.writes.map(({ object }) => object))).toEqual(
      new Set(["Contact", "Lead", "Account"]),
    );
  });

  it("tells converted leads, deleted records and people of other kinds from each other", async () => {
    const scores = await open();
    await scores.prepare(fields, context);
    const [lead] = org.addRecords("Lead", [{ LastName: "L", Company: "Example" }]) as [string];
    const [gone, good] = contacts(2) as [string, string];
    const [campaign] = org.addRecords("Campaign", [{ Name: "C" }]) as [string];
    org.convert(lead);
    org.delete(gone);
    const outcomes = await scores.write(
      [lead, gone, good, campaign, "4711"].map((id) => row(id)),
      context,
    );
    expect(outcomes.map(({ outcome, code }) => [outcome, code])).toEqual([
      ["skipped", "converted"],
      ["failed", "gone"],
      ["updated", undefined],
      ["failed", "INVALID_ID"],
      ["failed", "INVALID_ID"],
    ]);
  });

  it("says which rows another try can help", async () => {
    const scores = await open();
    await scores.prepare(fields, context);
    const ids = contacts(6);
    org.setFaults({ lockedRows: 1 });
    const outcomes = await scores.write(
      [...ids.map((id) => row(id)), row(ids[0] as string, 1e17)],
      context,
    );
    const locked = outcomes.filter(({ code }) => code === "UNABLE_TO_LOCK_ROW");
    expect(locked).toHaveLength(2);
    for (const one of locked) expect(one).toMatchObject({ outcome: "failed", retryable: true });
    org.setFaults({});
    const [large] = await scores.write([row(ids[0] as string, 1e17)], context);
    expect(large).toMatchObject({
      outcome: "failed",
      code: "NUMBER_OUTSIDE_VALID_RANGE",
      retryable: false,
    });
    expect(large?.message).not.toContain("1e17");
  });

  it("refuses the call, and not the rows, when a field has gone or is not the user's to write", async () => {
    const scores = await open({ readOnlyFields: ["Contact.inchworm_churn_reason__c"] });
    const denied = await failed(() => scores.prepare(fields, context));
    expect(denied).toMatchObject({
      code: "scope",
      message: expect.stringContaining("Contact.inchworm_churn_reason__c"),
    });
    await scores.prepare([chance], context);
    const ids = contacts(2);
    org.deleteField("Contact", name);
    expect(
      await failed(() =>
        scores.write(
          ids.map((id) => row(id)),
          context,
        ),
      ),
    ).toMatchObject({ code: "rejected", vendorCode: "INVALID_FIELD" });
  });

  it("plans texts as Salesforce keeps them", async () => {
    const scores = await open();
    await scores.prepare(fields, context);
    const fit = (value: string) => scores.fit?.(reason, value);
    expect([fit("  why \n"), fit("   "), fit("")]).toEqual(["why", null, null]);
    const long = fit(`${"x".repeat(31_999)}🐛 and more`) as string;
    expect(long).toBe("x".repeat(31_999));
    const [id] = contacts(1) as [string];
    const values = { churn_reason: long };
    expect((await scores.write([{ recordId: id, values }], context))[0]?.outcome).toBe("updated");
    expect(await scores.read([id], [reason], context)).toEqual([values]);
    const [tooLong] = await scores.write(
      [{ recordId: id, values: { churn_reason: "x".repeat(32_001) } }],
      context,
    );
    expect(tooLong).toMatchObject({ outcome: "failed", code: "TOO_LONG" });
  });

  it("never touches what is not ours", async () => {
    const scores = await open();
    await scores.prepare(fields, context);
    const before = {
      LastName: "L",
      Email: "ada@example.com",
      HasOptedOutOfEmail: true,
      DoNotCall: true,
      LeadSource: "Web",
    };
    const [id] = org.addRecords("Contact", [before]) as [string];
    await scores.write([row(id)], context);
    const { [name]: score, ...rest } = org.record(id)?.fields ?? {};
    expect(score).toBe(0.25);
    expect(rest).toMatchObject(before);
    expect(
      Object.keys(org.requests.fieldsSent).filter((field) => field.startsWith("inchworm_")),
    ).toEqual([name]);
  });
});

describe("resolve", () => {
  it("prefers customers to leads, and guesses nothing where several share an address", async () => {
    const scores = await open({ personAccounts: true });
    const [contact] = org.addRecords("Contact", [{ LastName: "A", Email: "a@example.com" }]) as [
      string,
    ];
    const [lead, both] = org.addRecords("Lead", [
      { LastName: "L", Company: "E", Email: "lead@example.com" },
      { LastName: "L", Company: "E", Email: "a@example.com" },
    ]) as [string, string];
    const [person] = org.addRecords("Account", [
      { LastName: "P", PersonEmail: "p@example.com" },
    ]) as [string];
    org.addRecords(
      "Contact",
      ["1", "2"].map((LastName) => ({ LastName, Email: "two@example.com" })),
    );
    const quoted = org.addRecords("Contact", [
      { LastName: "O", Email: "o'brien\\@example.com" },
    ])[0];
    const asked = [
      "A@example.com",
      "lead@example.com",
      "p@example.com",
      "two@example.com",
      "o'brien\\@example.com",
      "nobody@example.com",
    ];
    expect(await scores.resolve(asked, context)).toEqual([
      contact,
      lead,
      person,
      undefined,
      quoted,
      undefined,
    ]);
    expect(both).not.toBe(contact);
  });

  it("keeps every question short enough for an address", async () => {
    const scores = await open({}, { writing: "bulk" });
    const emails = Array.from(
      { length: 900 },
      (_, index) => `${"very-long-".repeat(5)}${index}+tag@example.com`,
    );
    const ids = org.addRecords(
      "Contact",
      emails.map((Email) => ({ LastName: "P", Email })),
    );
    expect(await scores.resolve(emails, context)).toEqual(ids);
    for (const { path } of org.log) expect(path.length).toBeLessThan(16_000);
  });
});
