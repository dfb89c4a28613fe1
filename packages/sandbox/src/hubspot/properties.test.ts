import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hubspotSandbox } from "./hubspot-sandbox.js";
import { PropertyBook } from "./property-book.js";
import { normalise } from "./property-values.js";
import { clientOf } from "./test-client.js";
import type { HubspotSandbox } from "./types.js";

const path = "/crm/v3/properties/contacts";
const score = {
  name: "churn_score",
  label: "Churn",
  groupName: "contactinformation",
  type: "number",
  fieldType: "number",
};

describe("the properties of a portal", () => {
  let sandbox: HubspotSandbox;
  let api: ReturnType<typeof clientOf>;

  beforeEach(async () => {
    sandbox = await hubspotSandbox({ perWindow: 1_000 });
    api = clientOf(sandbox);
  });
  afterEach(() => sandbox.close());

  it("lists the standard ones, and says which are read-only", async () => {
    const { body } = await api("GET", path);
    const readOnly = new Map(
      body.results.map((property: Record<string, never>) => [
        property.name,
        (property.modificationMetadata as { readOnlyValue: boolean }).readOnlyValue,
      ]),
    );
    expect(readOnly.get("email")).toBe(false);
    expect(readOnly.get("hs_email_optout")).toBe(false);
    expect(readOnly.get("hs_email_open")).toBe(true);
    expect(readOnly.get("lastmodifieddate")).toBe(true);
  });

  it("creates one once, and a deleted one again, empty", async () => {
    expect((await api("POST", path, score)).status).toBe(201);
    expect((await api("GET", `${path}/churn_score`)).body).toMatchObject(score);
    expect((await api("POST", path, score)).status).toBe(409);
    expect((await api("DELETE", `${path}/churn_score`)).status).toBe(204);
    expect((await api("GET", `${path}/churn_score`)).status).toBe(404);
    const archived = await api("GET", `${path}?archived=true`);
    expect(archived.body.results).toMatchObject([{ name: "churn_score", archived: true }]);
    expect((await api("POST", "/crm/properties/2026-03/contacts", score)).status).toBe(201);
    expect((await api("DELETE", `${path}/email`)).status).toBe(400);
  });

  it("changes what is given of one, and nothing of its own", async () => {
    await api("POST", path, score);
    const at = `${path}/churn_score`;
    const { body } = await api("PATCH", at, { label: "Risk", description: "Of lapsing." });
    expect(body).toMatchObject({ ...score, label: "Risk", description: "Of lapsing." });
    expect((await api("GET", at)).body).toEqual(body);
    expect((await api("PATCH", at, { groupName: "nowhere" })).status).toBe(400);
    expect((await api("PATCH", at, { fieldType: "select" })).status).toBe(400);
    expect((await api("PATCH", `${path}/email`, { label: "Mine" })).status).toBe(400);
    expect((await api("PATCH", `${path}/nothing`, { label: "Mine" })).status).toBe(404);
    expect((await api("GET", at)).body).toEqual(body);
  });

  it("refuses names, groups, types and options that are none", async () => {
    const segment = { ...score, name: "segment", type: "enumeration", fieldType: "select" };
    const option = { label: "A", value: "a", hidden: false };
    for (const wrong of [
      { ...score, name: "ChurnScore" },
      { ...score, name: "churn score" },
      { ...score, name: "1st" },
      { ...score, name: "x".repeat(101) },
      { ...score, name: "hs_score" },
      { ...score, label: "" },
      { ...score, groupName: "nonsense" },
      { ...score, type: "float" },
      { ...score, fieldType: "text" },
      segment,
      { ...segment, options: [option, option] },
      { ...segment, options: [{ ...option, label: "" }] },
    ]) {
      expect((await api("POST", path, wrong)).status, JSON.stringify(wrong)).toBe(400);
    }
    const { status, body } = await api("POST", path, { ...segment, options: [option] });
    expect([status, body.options[0].value]).toEqual([201, "a"]);
  });

  it("knows at most ten properties with unique values", async () => {
    const unique = (number: number) => ({
      ...score,
      name: `key_${number}`,
      type: "string",
      fieldType: "text",
      hasUniqueValue: true,
    });
    for (let number = 0; number < 10; number++) {
      expect((await api("POST", path, unique(number))).status).toBe(201);
    }
    expect((await api("POST", path, unique(10))).status).toBe(400);
  });

  it("creates and reads batches with the failures apart", async () => {
    const inputs = [score, { ...score, name: "email" }, { ...score, name: "Bad" }];
    const made = await api("POST", `${path}/batch/create`, { inputs });
    expect(made.status).toBe(207);
    expect(made.body.results).toMatchObject([{ name: "churn_score" }]);
    expect(made.body.errors.map(({ category }: { category: string }) => category)).toEqual([
      "OBJECT_ALREADY_EXISTS",
      "VALIDATION_ERROR",
    ]);
    const read = (...names: string[]) =>
      api("POST", `${path}/batch/read`, {
        archived: false,
        inputs: names.map((name) => ({ name })),
      });
    expect((await read("email", "churn_score")).status).toBe(200);
    const part = await read("email", "nonsense");
    expect(part.status).toBe(207);
    expect(part.body.errors[0].context.name).toEqual(["nonsense"]);
  });

  it("creates property groups", async () => {
    const group = { name: "inchworm", label: "Inchworm" };
    expect((await api("POST", `${path}/groups`, group)).status).toBe(201);
    expect((await api("POST", `${path}/groups`, group)).status).toBe(409);
    expect((await api("POST", `${path}/groups`, { ...group, name: "Inch Worm" })).status).toBe(400);
    expect((await api("GET", `${path}/groups/inchworm`)).body).toMatchObject(group);
    expect((await api("GET", `${path}/groups/nonsense`)).status).toBe(404);
    const { body } = await api("GET", `${path}/groups`);
    expect(body.results.at(-1)).toMatchObject(group);
    expect((await api("POST", path, { ...score, groupName: "inchworm" })).status).toBe(201);
  });
});

describe("values", () => {
  const book = new PropertyBook(0);
  const custom = (type: string, fieldType: string, options?: object[]) =>
    book.create(
      { ...score, name: `${type}_${fieldType}`, type, fieldType, ...(options && { options }) },
      0,
    );
  const [number, flag, date, datetime] = [
    custom("number", "number"),
    custom("bool", "booleancheckbox"),
    custom("date", "date"),
    custom("datetime", "date"),
  ];
  const options = ["a", "b"].map((value) => ({ label: value.toUpperCase(), value }));
  const [select, checkbox] = [
    custom("enumeration", "select", options),
    custom("enumeration", "checkbox", options),
  ];
  const email = book.get("email") as typeof number;
  const text = book.get("city") as typeof number;

  it.each([
    [number, "0.50", "0.50"],
    [number, "-1e-7", "-1e-7"],
    [flag, "true", "true"],
    [select, "a", "a"],
    [checkbox, "a;b", "a;b"],
    [date, "2026-05-01", "2026-05-01"],
    [date, "1777593600000", "2026-05-01"],
    [datetime, "1777593600000", "2026-05-01T00:00:00Z"],
    [datetime, "2026-05-01T02:00:00.250+02:00", "2026-05-01T00:00:00.250Z"],
    [email, "Zoë@Example.com", "zoë@example.com"],
    [text, "x".repeat(65_536), "x".repeat(65_536)],
    [number, "", ""],
    [select, "", ""],
  ])("$0.name takes $1", (property, value, kept) => {
    expect(normalise(property, value)).toEqual({ value: kept });
  });

  it.each([
    [number, "NaN", "INVALID_NUMBER"],
    [number, "Infinity", "INVALID_NUMBER"],
    [number, "1,5", "INVALID_NUMBER"],
    [number, "0x10", "INVALID_NUMBER"],
    [number, " 1", "INVALID_NUMBER"],
    [number, "1e999", "INVALID_NUMBER"],
    [flag, "yes", "INVALID_OPTION"],
    [flag, "True", "INVALID_OPTION"],
    [select, "A", "INVALID_OPTION"],
    [select, "a;b", "INVALID_OPTION"],
    [checkbox, "a;c", "INVALID_OPTION"],
    [date, "1777593600001", "INVALID_DATE"],
    [date, "2026-05-01T10:00:00Z", "INVALID_DATE"],
    [date, "01.05.2026", "INVALID_DATE"],
    [datetime, "2026-13-01", "INVALID_DATE"],
    [datetime, "yesterday", "INVALID_DATE"],
    [datetime, "9999999999999999", "INVALID_DATE"],
    [email, "ada.example.com", "INVALID_EMAIL"],
    [email, "ada@example", "INVALID_EMAIL"],
    [email, "a b@example.com", "INVALID_EMAIL"],
    [text, "x".repeat(65_537), "PROPERTY_VALUE_TOO_LONG"],
  ])("$0.name refuses $1", (property, value, code) => {
    expect(normalise(property, value)).toMatchObject({ code });
  });
});
