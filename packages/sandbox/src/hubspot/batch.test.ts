import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hubspotSandbox } from "./hubspot-sandbox.js";
import { clientOf, people, type Reply } from "./test-client.js";
import type { HubspotPropertyInput, HubspotSandbox, HubspotSandboxOptions } from "./types.js";

const properties: HubspotPropertyInput[] = [
  { name: "score", type: "number", fieldType: "number" },
  {
    name: "segment",
    type: "enumeration",
    fieldType: "select",
    options: [{ label: "Champions", value: "champions" }],
  },
  { name: "shop_key", type: "string", fieldType: "text", hasUniqueValue: true },
];
let sandbox: HubspotSandbox;
let ids: string[];
let batch: (verb: string, inputs: unknown[], more?: object) => Promise<Reply>;

async function start(options: HubspotSandboxOptions = {}) {
  sandbox = await hubspotSandbox({ properties, ...options });
  ids = sandbox.addContacts(people(150));
  const api = clientOf(sandbox);
  batch = (verb, inputs, more) =>
    api("POST", `/crm/v3/objects/contacts/batch/${verb}`, { inputs, ...more });
}

beforeEach(() => start());
afterEach(() => sandbox.close());

const scored = (id: string, score: unknown = "0.5", objectWriteTraceId?: string) => ({
  id,
  properties: { score },
  ...(objectWriteTraceId !== undefined && { objectWriteTraceId }),
});

describe("batch/update", () => {
  it("writes by record id, and keeps every write", async () => {
    const { status, body } = await batch("update", [
      { id: ids[0], properties: { score: "0.25", segment: "champions" } },
      { id: ids[1], properties: { score: 3 } },
    ]);
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: "COMPLETE", results: [{}, {}] });
    expect(sandbox.contact(ids[0])?.properties).toMatchObject({
      score: "0.25",
      segment: "champions",
    });
    expect([...sandbox.writes]).toEqual([
      { id: ids[0], name: "score", value: "0.25" },
      { id: ids[0], name: "segment", value: "champions" },
      { id: ids[1], name: "score", value: "3" },
    ]);
  });

  it("clears with an empty text, and refuses null", async () => {
    await batch("update", [scored(ids[0])]);
    expect((await batch("update", [scored(ids[0], "")])).body.results[0].properties.score).toBe(
      null,
    );
    expect(sandbox.contact(ids[0])?.properties).not.toHaveProperty("score");
    expect((await batch("update", [scored(ids[0], null)])).status).toBe(400);
    expect([...sandbox.writes].at(-1)?.value).toBe("");
  });

  it("takes 1 to 100 inputs", async () => {
    expect((await batch("update", [])).status).toBe(400);
    expect(
      (
        await batch(
          "update",
          ids.slice(0, 101).map((id) => scored(id)),
        )
      ).status,
    ).toBe(400);
    expect(sandbox.writes.length).toBe(0);
    expect(
      (
        await batch(
          "update",
          ids.slice(0, 100).map((id) => scored(id)),
        )
      ).status,
    ).toBe(200);
    expect(sandbox.writes.length).toBe(100);
  });

  it("gives results in no promised order", async () => {
    const { body } = await batch(
      "update",
      ids.slice(0, 20).map((id) => scored(id)),
    );
    const answered = body.results.map(({ id }: { id: string }) => id);
    expect(answered).not.toEqual(ids.slice(0, 20));
    expect(answered.sort()).toEqual(ids.slice(0, 20).sort());
  });

  it("takes no e-mail address, neither as id nor as id property", async () => {
    const byEmail = scored("person0@example.com");
    expect((await batch("update", [byEmail])).status).toBe(404);
    for (const idProperty of ["email", "shop_key"]) {
      const { status, body } = await batch("update", [{ ...byEmail, idProperty }]);
      expect(status).toBe(400);
      expect(body.message).toContain("non-unique");
    }
    expect(sandbox.writes.length).toBe(0);
  });

  it("refuses an id that is there twice, with or without trace ids", async () => {
    for (const trace of [undefined, "t"]) {
      const twice = [
        scored(ids[0], "1", trace),
        scored(ids[1], "1", trace),
        scored(ids[0], "2", trace),
      ];
      const { status, body } = await batch("update", twice);
      expect(status).toBe(400);
      expect(body.context.ids).toEqual([ids[0]]);
    }
    expect(sandbox.writes.length).toBe(0);
  });

  it("fails as a whole for unknown records, and names them all", async () => {
    const [gone, archived] = [ids[7], ids[8]];
    sandbox.merge(ids[9], gone);
    sandbox.archive(archived);
    const { status, body } = await batch("update", [
      scored(ids[0]),
      scored("17"),
      scored(gone),
      scored(archived),
    ]);
    expect(status).toBe(404);
    expect(body.category).toBe("OBJECT_NOT_FOUND");
    expect(body.context.ids).toEqual(["17", gone, archived]);
    expect(sandbox.writes.length).toBe(0);
  });

  it("fails as a whole for bad values, and names inputs and properties", async () => {
    const { status, body } = await batch("update", [
      scored(ids[0]),
      scored(ids[1], "much"),
      { id: ids[2], properties: { segment: "Champions" } },
      scored("17"),
    ]);
    expect(status).toBe(400);
    expect(body.context.ids).toEqual([ids[1], ids[2]]);
    expect(body.errors.map(({ code }: { code: string }) => code)).toEqual([
      "INVALID_NUMBER",
      "INVALID_OPTION",
    ]);
    expect(body.message).toContain('"name":"segment"');
    expect(sandbox.writes.length).toBe(0);
  });

  it("fails input by input when every one has a trace id", async () => {
    const { status, body } = await batch("update", [
      scored(ids[0], "1", "a"),
      scored(ids[1], "much", "b"),
      scored("17", "1", "c"),
    ]);
    expect(status).toBe(207);
    expect(body.numErrors).toBe(2);
    expect(body.results).toMatchObject([{ id: ids[0], objectWriteTraceId: "a" }]);
    const errors = body.errors.map(({ category, context }: Reply["body"]) => [
      category,
      context.ids,
      context.objectWriteTraceId,
    ]);
    expect(errors).toEqual([
      ["VALIDATION_ERROR", [ids[1]], ["b"]],
      ["OBJECT_NOT_FOUND", ["17"], ["c"]],
    ]);
    expect([...sandbox.writes]).toEqual([{ id: ids[0], name: "score", value: "1" }]);
    const half = [scored(ids[0], "1", "a"), scored("17")];
    expect((await batch("update", half)).status).toBe(404);
  });

  it("fails as a whole for an unknown or read-only property, trace ids or not", async () => {
    for (const [name, code] of [
      ["nonsense", "PROPERTY_DOESNT_EXIST"],
      ["hs_email_open", "READ_ONLY_VALUE"],
      ["hs_object_id", "READ_ONLY_VALUE"],
      ["__proto__", "PROPERTY_DOESNT_EXIST"],
    ]) {
      const bad = `{"id":"${ids[1]}","objectWriteTraceId":"b","properties":{"${name}":"1"}}`;
      const { status, body } = await batch("update", [scored(ids[0], "1", "a"), JSON.parse(bad)]);
      expect(status).toBe(400);
      expect(body.context.ids).toEqual([ids[1]]);
      expect(body.errors).toMatchObject([{ code, context: { propertyName: [name] } }]);
    }
    expect(sandbox.writes.length).toBe(0);
    expect(sandbox.requests.propertiesSent).toMatchObject({ nonsense: 1, hs_email_open: 1 });
  });

  it("refuses a property that somebody has deleted meanwhile, with its values", async () => {
    await batch("update", [scored(ids[0])]);
    sandbox.archiveProperty("score");
    const { body } = await batch("update", [scored(ids[0])]);
    expect(body.errors[0].code).toBe("PROPERTY_DOESNT_EXIST");
    expect(sandbox.contact(ids[0])?.properties).not.toHaveProperty("score");
  });

  it("refuses a unique value that another contact has, or another input of the batch", async () => {
    const keyed = (id: string, shop_key: string) => ({ id, properties: { shop_key } });
    expect((await batch("update", [keyed(ids[0], "K")])).status).toBe(200);
    expect((await batch("update", [keyed(ids[1], "K")])).status).toBe(409);
    expect((await batch("update", [keyed(ids[1], "L"), keyed(ids[2], "L")])).status).toBe(409);
    expect((await batch("update", [keyed(ids[0], "K")])).status).toBe(200);
    const taken = { id: ids[1], properties: { email: "Person0@example.com" } };
    expect((await batch("update", [taken])).body.category).toBe("CONFLICT");
  });

  it("can leave merged records out without a word", async () => {
    await sandbox.close();
    await start({ mergedInBatch: "ignored" });
    sandbox.merge(ids[1], ids[0]);
    const { status, body } = await batch("update", [scored(ids[0]), scored(ids[2])]);
    expect(status).toBe(200);
    expect(body.results).toMatchObject([{ id: ids[2] }]);
    expect(sandbox.writes.length).toBe(1);
    expect((await batch("update", [scored("17")])).status).toBe(404);
  });
});

describe("batch/read", () => {
  const read = { properties: ["email"], propertiesWithHistory: [] };

  it("finds by id, and names all that are missing in one error", async () => {
    const { status, body } = await batch(
      "read",
      [{ id: ids[0] }, { id: "17" }, { id: "x" }, { id: ids[0] }],
      read,
    );
    expect(status).toBe(207);
    expect(body.results).toMatchObject([
      { id: ids[0], properties: { email: "person0@example.com" } },
    ]);
    expect(body.errors).toMatchObject([
      { category: "OBJECT_NOT_FOUND", context: { ids: ["17", "x"] } },
    ]);
    expect(body.numErrors).toBe(1);
  });

  it("finds by e-mail address, also an additional one", async () => {
    sandbox.merge(ids[0], ids[1]);
    const inputs = [{ id: "PERSON1@example.com" }, { id: "nobody@example.com" }];
    const { status, body } = await batch("read", inputs, { ...read, idProperty: "email" });
    expect(status).toBe(207);
    expect(body.results).toMatchObject([
      { id: ids[0], properties: { email: "person0@example.com" } },
    ]);
    expect(body.errors[0].context.ids).toEqual(["nobody@example.com"]);
    const wrong = await batch("read", inputs, { ...read, idProperty: "firstname" });
    expect(wrong.status).toBe(400);
  });

  it("takes at most 100", async () => {
    const inputs = ids.slice(0, 101).map((id) => ({ id }));
    expect((await batch("read", inputs, read)).status).toBe(400);
    const { status, body } = await batch("read", inputs.slice(1), read);
    expect([status, body.results.length]).toEqual([200, 100]);
  });
});

describe("batch/upsert and batch/create", () => {
  const keyed = (id: string, idProperty: string, more: object = {}) => ({
    id,
    idProperty,
    properties: { score: "1" },
    ...more,
  });

  it("creates what it does not find, and says so", async () => {
    const { status, body } = await batch("upsert", [
      keyed("person0@example.com", "email"),
      keyed("New@example.com", "email"),
    ]);
    expect(status).toBe(200);
    const news = new Map(body.results.map((result: Reply["body"]) => [result.id, result.new]));
    expect(news.get(ids[0])).toBe(false);
    expect(sandbox.created).toHaveLength(1);
    expect(news.get(sandbox.created[0])).toBe(true);
    expect(sandbox.contact(sandbox.created[0])?.properties.email).toBe("new@example.com");
  });

  it("knows partial failures only by a unique property other than the address", async () => {
    const bad = { properties: { score: "much" }, objectWriteTraceId: "bad" };
    const good = { objectWriteTraceId: "good" };
    const byEmail = [keyed("a@example.com", "email", good), keyed("b@example.com", "email", bad)];
    expect((await batch("upsert", byEmail)).status).toBe(400);
    expect(sandbox.created).toEqual([]);
    const byKey = [keyed("K1", "shop_key", good), keyed("K2", "shop_key", bad)];
    const { status, body } = await batch("upsert", byKey);
    expect(status).toBe(207);
    expect(body.results).toMatchObject([{ new: true, properties: { shop_key: "K1" } }]);
  });

  it("needs a unique property, and each value once", async () => {
    expect((await batch("upsert", [{ id: ids[0], properties: {} }])).status).toBe(400);
    expect((await batch("upsert", [keyed("Ada", "firstname")])).status).toBe(400);
    const twice = [keyed("A@example.com", "email"), keyed("a@example.com", "email")];
    expect((await batch("upsert", twice)).status).toBe(400);
  });

  it("creates a batch, all of it or by trace id", async () => {
    const created = await batch("create", [{ properties: { email: "a@example.com" } }]);
    expect(created.status).toBe(201);
    expect(sandbox.count("batch/create 201")).toBe(1);
    const inputs = [
      { objectWriteTraceId: "a", properties: { email: "a@example.com" } },
      { objectWriteTraceId: "b", properties: { email: "b@example.com" } },
    ];
    const { status, body } = await batch("create", inputs);
    expect(status).toBe(207);
    expect(body.errors).toMatchObject([
      { category: "CONFLICT", context: { objectWriteTraceId: ["a"] } },
    ]);
    expect(
      (
        await batch(
          "create",
          inputs.map(({ properties }) => ({ properties })),
        )
      ).status,
    ).toBe(409);
    expect(sandbox.created).toHaveLength(2);
  });

  it("archives a batch and passes over what it does not know", async () => {
    expect((await batch("archive", [{ id: ids[0] }, { id: "17" }])).status).toBe(204);
    expect(sandbox.contact(ids[0])?.archived).toBe(true);
  });
});
