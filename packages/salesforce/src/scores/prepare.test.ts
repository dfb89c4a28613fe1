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
describe("prepare", () => {
  it("makes the fields, shows them by a permission set of the user's, and does neither twice", async () => {
    const scores = await open();
    await scores.prepare(fields, context);
    const sets = [...org.records("PermissionSet")];
    expect(sets.map(({ fields }) => fields.Name)).toEqual(["Inchworm"]);
    const granted = [...org.records("FieldPermissions")].map(({ fields }) => fields.Field);
    expect(granted).toContain(`Contact.${name}`);
    expect(granted).toContain("Lead.inchworm_churn_reason__c");
    expect(granted).toHaveLength(6);
    expect([...org.records("PermissionSetAssignment")]).toHaveLength(1);

    await scores.prepare([...fields, { ...chance, name: "value" }], context);
    expect([...org.records("PermissionSet")]).toHaveLength(1);
    expect([...org.records("FieldPermissions")]).toHaveLength(8);
    expect([...org.records("PermissionSetAssignment")]).toHaveLength(1);
    expect(org.created).toEqual([]);
  });

  it("grants what stands and is not shown, instead of making it again", async () => {
    const scores = await open();
    await scores.prepare([chance], context);
    for (const one of [
      ...org.records("PermissionSetAssignment"),
      ...org.records("FieldPermissions"),
    ])
      org.erase(one.id);
    const made = org.count("POST tooling/sobjects/CustomField");
    expect(await scores.prepare([chance], context)).toEqual({ missing: [name], present: [] });
    expect(org.count("POST tooling/sobjects/CustomField")).toBe(made);
    expect(await scores.prepare([chance], context)).toEqual({ missing: [], present: [name] });
  });

  it("adds values that a picklist lacks beside those it has, and says texts anew", async () => {
    const scores = await open();
    await scores.prepare([segment], context);
    await scores.prepare([{ ...segment, label: "Kind", options: ["C", "New"] }], context);
    const described = await fetch(`${org.url}/services/data/v60.0/sobjects/Lead/describe`, {
      headers: { authorization: `Bearer ${org.token}` },
    });
    const found = (
      (await described.json()) as {
        fields: { name: string; label: string; picklistValues: { value: string }[] }[];
      }
    ).fields.find((field) => field.name === "inchworm_segment__c");
    expect(found?.label).toBe("Kind");
    expect(found?.picklistValues.map(({ value }) => value)).toEqual(["A & B", "C", "New"]);
    const requests = org.count("PATCH");
    await scores.prepare([{ ...segment, label: "Kind", options: ["C", "New"] }], context);
    expect(org.count("PATCH")).toBe(requests);
  });

  it("names the way out where the user may not change the setup", async () => {
    const scores = await open({ mayCustomize: false });
    expect(await scores.prepare(fields, { ...context, dryRun: true })).toMatchObject({
      missing: expect.arrayContaining([name]),
    });
    expect(await failed(() => scores.prepare(fields, context))).toMatchObject({
      code: "scope",
      hint: expect.stringMatching(/bundle\(\)/),
    });
    const files = scores.bundle(fields);
    expect(Object.keys(files)).toHaveLength(8);
    const picklist =
      files["force-app/main/default/objects/Contact/fields/inchworm_segment__c.field-meta.xml"];
    expect(picklist).toContain("<fullName>A &amp; B</fullName>");
    expect(picklist).toMatch(
      /^<\?xml version="1.0" encoding="UTF-8"\?>\n<CustomField xmlns="http:\/\/soap.sforce.com\/2006\/04\/metadata">/,
    );
    const set =
      files["force-app/main/default/permissionsets/Inchworm.permissionset-meta.xml"] ?? "";
    expect(set.match(/<fieldPermissions>/g)).toHaveLength(6);
    expect(set).toContain(`<field>Lead.${name}</field>`);
  });

  it("refuses formulas and names that Salesforce cannot have", async () => {
    const scores = await open({}, { leads: false });
    org.addField({ object: "Contact", name, type: "double", formula: true });
    expect(await failed(() => scores.prepare([chance], context))).toMatchObject({
      code: "rejected",
      message: expect.stringContaining(name),
    });
    for (const bad of ["x".repeat(40), "a__b", "a_"]) {
      expect((await failed(() => scores.prepare([{ ...chance, name: bad }], context))).code).toBe(
        "input",
      );
    }
  });
});
