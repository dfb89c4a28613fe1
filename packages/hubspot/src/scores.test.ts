import { directGate } from "@inchworm/kit";
import { type Field, InchwormError } from "@inchworm/spec";
import nock from "nock";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hubspot } from "./index.js";

const api = "https://api.hubapi.com";
const update = "/crm/v3/objects/contacts/batch/update";
const lookup = "/crm/v3/objects/contacts/batch/read";
const properties = "/crm/v3/properties/contacts";
const context = { gate: directGate() };

const chance: Field = {
  name: "chance",
  label: "Chance",
  description: "",
  type: "number",
  decimals: 9,
};
const band: Field = {
  name: "band",
  label: "Band",
  description: "",
  type: "category",
  options: ["low", "high"],
};
const standing = [
  { name: "inchworm_chance", type: "number", options: [] },
  {
    name: "inchworm_band",
    type: "enumeration",
    options: [
      { label: "Low", value: "low", displayOrder: 0, hidden: false },
      { label: "High", value: "high", displayOrder: 1, hidden: true },
    ],
  },
];

async function prepared() {
  const { scores } = hubspot({ accessToken: "pat-test" });
  nock(api).get(properties).reply(200, { results: standing });
  await scores.prepare([chance, band], context);
  return scores;
}
const rows = (...ids: string[]) =>
  ids.map((recordId) => ({ recordId, values: { chance: 0.5 } as Record<string, number | null> }));
interface Sent {
  readonly inputs: readonly { readonly id: string; readonly properties: object }[];
}
const ids = (body: unknown) => (body as Sent).inputs.map(({ id }) => id);

beforeEach(() => nock.disableNetConnect());
afterEach(() => {
  const pending = nock.pendingMocks();
  nock.cleanAll();
  nock.enableNetConnect();
  expect(pending).toEqual([]);
});

describe("write", () => {
  it("sends record ids, our properties as plain text, and a trace id", async () => {
    const scores = await prepared();
    const values = [{ chance: 1e-7, band: "high" }, { chance: null }];
    nock(api)
      .post(update, {
        inputs: [
          {
            id: "1",
            properties: { inchworm_chance: "0.0000001", inchworm_band: "high" },
            objectWriteTraceId: "1",
          },
          { id: "2", properties: { inchworm_chance: "" }, objectWriteTraceId: "2" },
        ],
      })
      .reply(200, { status: "COMPLETE", results: [{ id: "2" }, { id: "1" }] });
    const sent = values.map((value, index) => ({ recordId: String(index + 1), values: value }));
    expect(await scores.write(sent as never, context)).toEqual([
      { recordId: "1", outcome: "updated" },
      { recordId: "2", outcome: "updated" },
    ]);
  });

  it("takes a 207 row by row", async () => {
    const scores = await prepared();
    const message =
      'Property values were not valid: [{"isValid":false,"message":"ada@example.com was not a number","error":"INVALID_NUMBER","name":"inchworm_chance"}]';
    nock(api)
      .post(update)
      .reply(207, {
        results: [{ id: "3" }],
        errors: [
          { category: "VALIDATION_ERROR", message, context: { objectWriteTraceId: ["1"] } },
          { category: "OBJECT_NOT_FOUND", message: "?", context: { ids: ["2"] } },
          { category: "RATE_LIMITS", message: "?", context: { objectWriteTraceId: ["5"] } },
        ],
      })
      .post(lookup, (body) => String(ids(body)) === "2,4,6,7")
      .reply(207, {
        results: [
          { id: "6" }, // neither a result nor an error of the update, but there
          { id: "9", properties: { hs_merged_object_ids: "77; 7" } },
        ],
      })
      .get("/crm/v3/objects/contacts/2")
      .query({ properties: "hs_object_id" })
      .reply(404, { category: "OBJECT_NOT_FOUND" })
      .get("/crm/v3/objects/contacts/4") // merged, which only the single read tells
      .query(true)
      .reply(200, { id: "3" });
    expect(await scores.write(rows("1", "2", "3", "4", "5", "6", "7"), context)).toMatchObject([
      {
        outcome: "failed",
        code: "INVALID_NUMBER",
        message: "HubSpot refused inchworm_chance (INVALID_NUMBER).",
        retryable: false,
      },
      { outcome: "failed", code: "gone", retryable: false },
      { outcome: "updated" },
      { outcome: "skipped", code: "merged" },
      { outcome: "failed", code: "RATE_LIMITS", retryable: true },
      { outcome: "unknown", code: "not-mentioned", retryable: true },
      { outcome: "skipped", code: "merged", retryable: false },
    ]);
  });

  it("sets aside the rows that a refusal names", async () => {
    const scores = await prepared();
    const batches: string[][] = [];
    nock(api)
      .post(update, (body) => batches.push(ids(body)) > 0)
      .reply(404, { category: "OBJECT_NOT_FOUND", message: "?", context: { ids: ["2", "4"] } })
      .post(update, (body) => batches.push(ids(body)) > 0)
      .reply(200, { results: [{ id: "1" }, { id: "3" }] })
      .post(lookup)
      .reply(404, { category: "OBJECT_NOT_FOUND" })
      .get("/crm/v3/objects/contacts/2")
      .query(true)
      .reply(404, {})
      .get("/crm/v3/objects/contacts/4")
      .query(true)
      .reply(404, {});
    const outcomes = await scores.write(rows("1", "2", "3", "4"), context);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual([
      "updated",
      "failed",
      "updated",
      "failed",
    ]);
    expect(batches).toEqual([
      ["1", "2", "3", "4"],
      ["1", "3"],
    ]);
  });

  it("halves a batch until it has found the bad rows that a refusal does not name", async () => {
    const scores = await prepared();
    const bad = new Set(["13", "77"]);
    let requests = 0;
    nock(api)
      .persist()
      .post(update)
      .reply((_, body) => {
        requests++;
        const sent = ids(body);
        return sent.some((id) => bad.has(id))
          ? [400, { category: "VALIDATION_ERROR", message: "Something is wrong somewhere." }]
          : [200, { results: sent.map((id) => ({ id })) }];
      });
    const all = Array.from({ length: 100 }, (_, index) => String(index));
    const outcomes = await scores.write(rows(...all), context);
    expect(outcomes.map(({ recordId }) => recordId)).toEqual(all);
    for (const { recordId, outcome } of outcomes) {
      expect(outcome).toBe(bad.has(recordId) ? "failed" : "updated");
    }
    expect(requests).toBeLessThanOrEqual(1 + 2 * 2 * 7);
  });

  it.each([
    [
      "a property is gone",
      400,
      { category: "VALIDATION_ERROR", message: '[{"error":"PROPERTY_DOESNT_EXIST","name":"x"}]' },
    ],
    ["nobody says why", 404, "<html>no such page</html>"],
  ])("fails as a whole, after one request, when %s", async (_, status, body) => {
    const scores = await prepared();
    nock(api).post(update).reply(status, body);
    await expect(scores.write(rows("1", "2", "3"), context)).rejects.toMatchObject({
      code: "rejected",
    });
  });

  it("does not send what cannot be right", async () => {
    const scores = await prepared();
    const sent = [
      { recordId: "1", values: { chance: Number.POSITIVE_INFINITY } },
      { recordId: "2", values: { chance: "0.5" } },
      { recordId: "3", values: { band: "medium" } },
      { recordId: "ada@example.com", values: { chance: 0.5 } },
      { recordId: "5", values: {} },
    ];
    const outcomes = await scores.write(sent, context);
    expect(outcomes.map(({ outcome, code }) => [outcome, code])).toEqual([
      ["failed", "INVALID_NUMBER"],
      ["failed", "INVALID_NUMBER"],
      ["failed", "INVALID_OPTION"],
      ["failed", "INVALID_ID"],
      ["skipped", "empty"],
    ]);
  });
});

describe("prepare", () => {
  it("makes the group and the missing properties, and looks whether they stand", async () => {
    const { scores } = hubspot({ accessToken: "pat-test", group: "our_scores" });
    nock(api)
      .get(properties)
      .reply(200, { results: [standing[0]] })
      .get(`${properties}/groups`)
      .reply(200, { results: [{ name: "contactinformation" }] })
      .post(`${properties}/groups`, { name: "our_scores", label: "Inchworm", displayOrder: -1 })
      .reply(201, {})
      .post(`${properties}/batch/create`, {
        inputs: [
          {
            name: "inchworm_band",
            label: "Band",
            description: "",
            groupName: "our_scores",
            formField: false,
            type: "enumeration",
            fieldType: "select",
            options: [
              { label: "low", value: "low", displayOrder: 0, hidden: false },
              { label: "high", value: "high", displayOrder: 1, hidden: false },
            ],
          },
        ],
      })
      .reply(409, { category: "CONFLICT" }) // made by the first sending, whose answer was lost
      .get(properties)
      .reply(200, { results: standing });
    expect(await scores.prepare([chance, band], context)).toEqual({
      missing: ["inchworm_band"],
      present: ["inchworm_chance"],
    });
  });

  it("says so when a property does not come into being", async () => {
    const { scores } = hubspot({ accessToken: "pat-test" });
    nock(api)
      .get(properties)
      .twice()
      .reply(200, { results: [] })
      .get(`${properties}/groups`)
      .reply(200, { results: [{ name: "inchworm" }] })
      .post(`${properties}/batch/create`)
      .reply(207, { results: [], errors: [{ category: "VALIDATION_ERROR" }] });
    const error = await scores.prepare([chance], context).catch((thrown: unknown) => thrown);
    expect(InchwormError.is(error, "rejected") && error.message).toContain("inchworm_chance");
  });

  it("adds options to a property of ours that lacks them, and takes none away", async () => {
    const { scores } = hubspot({ accessToken: "pat-test" });
    const more = { ...band, options: ["high", "medium"] };
    nock(api)
      .get(properties)
      .reply(200, { results: standing })
      .patch(`${properties}/inchworm_band`, {
        options: [
          { label: "Low", value: "low", displayOrder: 0, hidden: false },
          { label: "High", value: "high", displayOrder: 1, hidden: true },
          { label: "medium", value: "medium", displayOrder: 2, hidden: false },
        ],
      })
      .reply(200, {});
    await scores.prepare([more], context);
    nock(api).get(properties).reply(200, { results: standing });
    await scores.prepare([more], { ...context, dryRun: true });
  });

  it.each([
    ["calculated", { calculated: true }],
    ["read-only", { modificationMetadata: { readOnlyValue: true } }],
  ])("refuses a property that is %s", async (_, more) => {
    const { scores } = hubspot({ accessToken: "pat-test" });
    nock(api)
      .get(properties)
      .reply(200, { results: [{ ...standing[0], ...more }] });
    await expect(scores.prepare([chance], context)).rejects.toMatchObject({ code: "rejected" });
  });

  it("gives a dry run no right to write what is missing", async () => {
    const { scores } = hubspot({ accessToken: "pat-test" });
    nock(api).get(properties).reply(200, { results: [] });
    await scores.prepare([chance], { ...context, dryRun: true });
    await expect(scores.write(rows("1"), context)).rejects.toMatchObject({ code: "internal" });
  });
});

describe("read", () => {
  it("asks once for a record that is wanted twice, and takes no survivor for a merged one", async () => {
    const scores = await prepared();
    nock(api)
      .post("/crm/v3/objects/contacts/batch/read", {
        properties: ["inchworm_chance", "inchworm_band"],
        propertiesWithHistory: [],
        inputs: [{ id: "1" }, { id: "2" }],
      })
      .reply(207, {
        // 2 was merged into 9, and the API answers with the survivor
        results: [
          { id: "9", properties: { inchworm_chance: "1" } },
          { id: "1", properties: { inchworm_chance: "0.5", inchworm_band: "" } },
        ],
      });
    expect(await scores.read(["1", "2", "1", "no id"], [chance, band], context)).toEqual([
      { chance: 0.5, band: null },
      undefined,
      { chance: 0.5, band: null },
      undefined,
    ]);
  });
});

describe("resolve", () => {
  it("halves a batch that HubSpot refuses for one odd address", async () => {
    const { scores } = hubspot({ accessToken: "pat-test" });
    nock(api)
      .persist()
      .post("/crm/v3/objects/contacts/batch/read")
      .reply((_, body) => {
        const sent = ids(body);
        if (sent.some((email) => email.startsWith("odd"))) return [400, { message: "invalid" }];
        const results = sent
          .filter((email) => email.startsWith("ada"))
          .map((email) => ({ id: "1", properties: { email: "ada@example.com" }, of: email }));
        return [207, { results, errors: [{ category: "OBJECT_NOT_FOUND" }] }];
      });
    const asked = ["grace@example.com", "odd@x", "ADA@example.com "];
    expect(await scores.resolve(asked, context)).toEqual([undefined, undefined, "1"]);
    nock.cleanAll();
  });

  it("finds people by an additional address, and prefers a primary one", async () => {
    const { scores } = hubspot({ accessToken: "pat-test" });
    nock(api)
      .post("/crm/v3/objects/contacts/batch/read")
      .reply(200, {
        results: [
          {
            id: "1",
            properties: { email: "ada@example.com", hs_additional_emails: "count@example.com" },
          },
        ],
      });
    expect(await scores.resolve(["count@example.com"], context)).toEqual(["1"]);
  });
});
