import { existsSync } from "node:fs";
import { Client } from "@hubspot/api-client";
import { type HubspotSandbox, hubspotSandbox } from "@inchworm/sandbox";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Contract, openApiContract } from "./open-api.js";

const specs = new URL("../../../shared/specs/hubspot/", import.meta.url);
const contacts = "/crm/v3/objects/contacts";
const properties = "/crm/v3/properties/contacts";
const wanted = { properties: ["email", "score"], propertiesWithHistory: [] };

let sandbox: HubspotSandbox;

beforeAll(async () => {
  sandbox = await hubspotSandbox({
    perWindow: 1_000,
    indexLagMs: 0,
    properties: [
      { name: "score", type: "number", fieldType: "number" },
      { name: "shop_key", type: "string", fieldType: "text", hasUniqueValue: true },
    ],
  });
});
afterAll(() => sandbox.close());

describe.skipIf(!existsSync(specs))("the HubSpot stand-in and the API's description", () => {
  let contract: Contract;
  let ids: string[];

  beforeAll(() => {
    contract = openApiContract(
      ["crm-contacts", "crm-properties", "oauth"].map(
        (name) => new URL(`${name}.openapi.json`, specs),
      ),
    );
    ids = sandbox.addContacts([
      ...["ada", "grace", "mary", "joan"].map((name) => ({ email: `${name}@example.com` })),
      { firstname: "Anonymous", hs_email_optout: "true", country: "DE" },
    ]);
  });

  /** Sends both forms of a path; the description knows the numbered one alone. */
  async function call(method: string, path: string, status: number, sent?: unknown) {
    const answer = await fetch(`${sandbox.url}${path}`, {
      method,
      headers: { Authorization: `Bearer ${sandbox.token}`, "Content-Type": "application/json" },
      ...(sent !== undefined && { body: JSON.stringify(sent) }),
    });
    const text = await answer.text();
    const body = text === "" ? "" : JSON.parse(text);
    expect(answer.status, text).toBe(status);
    contract.check({
      method,
      path: path.replace(/^\/crm\/(objects|properties)\/2026-03/, "/crm/v3/$1"),
      status,
      body,
      ...(status < 400 && sent !== undefined && { sent }),
    });
    return body;
  }

  it("reads one contact and pages of them", async () => {
    await call("GET", `${contacts}/${ids[0]}?properties=email,score`, 200);
    await call("GET", `${contacts}/ada%40example.com?idProperty=email`, 200);
    await call("GET", `${contacts}/17`, 404);
    const page = await call("GET", `${contacts}?limit=2&properties=country`, 200);
    expect(page.paging.next.after).toBe(ids[1]);
    await call("GET", `${contacts}?limit=100&after=${ids[1]}`, 200);
    await call("GET", `/crm/objects/2026-03/contacts?limit=1`, 200);
    await call("GET", `${contacts}?limit=1000`, 400);
  });

  it("reads batches", async () => {
    const inputs = [{ id: ids[0] }, { id: ids[4] }];
    await call("POST", `${contacts}/batch/read`, 200, { ...wanted, inputs });
    await call("POST", `${contacts}/batch/read`, 207, {
      ...wanted,
      idProperty: "email",
      inputs: [{ id: "ada@example.com" }, { id: "nobody@example.com" }],
    });
    await call("POST", "/crm/objects/2026-03/contacts/batch/read", 200, { ...wanted, inputs });
    await call("POST", `${contacts}/batch/read`, 400, { ...wanted, inputs: [] });
  });

  it("updates batches, whole and in part", async () => {
    const input = (id: string, score: string, objectWriteTraceId?: string) => ({
      id,
      properties: { score },
      ...(objectWriteTraceId !== undefined && { objectWriteTraceId }),
    });
    const update = (status: number, ...inputs: object[]) =>
      call("POST", `${contacts}/batch/update`, status, { inputs });
    await update(200, input(ids[0], "0.5"), input(ids[1], ""));
    await update(200, input(ids[0], "0.5", "a"));
    await update(207, input(ids[0], "1", "a"), input("17", "1", "b"), input(ids[1], "x", "c"));
    await update(404, input("17", "1"));
    await update(400, input(ids[0], "x"));
    await update(400, input(ids[0], "1"), input(ids[0], "2"));
    await update(400, { id: ids[0], properties: { nonsense: "1" } });
    await update(409, { id: ids[0], properties: { email: "grace@example.com" } });
  });

  it("upserts and creates batches", async () => {
    const input = (id: string, score: string) => ({
      id,
      idProperty: "shop_key",
      objectWriteTraceId: id,
      properties: { score },
    });
    const upsert = (status: number, ...inputs: object[]) =>
      call("POST", `${contacts}/batch/upsert`, status, { inputs });
    await upsert(200, input("K1", "1"), input("K2", "1"));
    await upsert(207, input("K1", "1"), input("K3", "x"));
    await upsert(400, { id: "x@example.com", idProperty: "email", properties: { score: "x" } });
    const created = { objectWriteTraceId: "a", properties: { email: "new@example.com" } };
    await call("POST", `${contacts}/batch/create`, 201, { inputs: [created] });
    await call("POST", `${contacts}/batch/create`, 207, { inputs: [created] });
  });

  it("searches", async () => {
    const body = await call("POST", `${contacts}/search`, 200, {
      limit: 1,
      after: "0",
      sorts: ["-createdate"],
      properties: ["email"],
      filterGroups: [
        {
          filters: [
            { propertyName: "lastmodifieddate", operator: "GTE", value: "0" },
            { propertyName: "hs_object_id", operator: "IN", values: [ids[0], ids[1]] },
          ],
        },
      ],
    });
    expect(body).toMatchObject({ total: 2, paging: { next: { after: "1" } } });
    await call("POST", `${contacts}/search`, 400, { limit: 200, after: "10000" });
  });

  it("creates, changes, merges, archives and forgets single contacts", async () => {
    const person = { properties: { email: "single@example.com" } };
    const { id } = await call("POST", contacts, 201, { ...person, associations: [] });
    await call("POST", contacts, 409, person);
    await call("PATCH", `${contacts}/${id}`, 200, { properties: { score: "1" } });
    await call("PATCH", `${contacts}/${id}`, 400, { properties: { score: "x" } });
    await call("POST", `${contacts}/merge`, 200, { primaryObjectId: id, objectIdToMerge: ids[2] });
    await call("DELETE", `${contacts}/${ids[3]}`, 204);
    await call("GET", `${contacts}?archived=true`, 200);
    await call("POST", `${contacts}/batch/archive`, 204, { inputs: [{ id: ids[3] }] });
    const forgotten = { objectId: "single@example.com", idProperty: "email" };
    await call("POST", `${contacts}/gdpr-delete`, 204, forgotten);
  });

  it("lists, reads, creates and archives properties and their groups", async () => {
    const group = { name: "inchworm", label: "Inchworm", displayOrder: -1 };
    await call("GET", `${properties}/groups`, 200);
    await call("POST", `${properties}/groups`, 201, group);
    await call("POST", `${properties}/groups`, 409, group);
    await call("GET", `${properties}/groups/inchworm`, 200);
    const segment = {
      name: "segment",
      label: "Segment",
      description: "What kind of customer",
      groupName: "inchworm",
      type: "enumeration",
      fieldType: "select",
      options: [{ label: "New", value: "new", hidden: false, displayOrder: 0 }],
    };
    await call("POST", properties, 201, segment);
    await call("POST", properties, 409, segment);
    const more = { ...segment, name: "segment_2" };
    await call("POST", `${properties}/batch/create`, 201, { inputs: [more] });
    await call("POST", "/crm/properties/2026-03/contacts/batch/create", 207, { inputs: [more] });
    const inputs = [{ name: "email" }, { name: "segment" }];
    await call("POST", `${properties}/batch/read`, 200, { archived: false, inputs });
    const unknown = [...inputs, { name: "nonsense" }];
    await call("POST", `${properties}/batch/read`, 207, { archived: false, inputs: unknown });
    await call("GET", `${properties}/segment`, 200);
    await call("DELETE", `${properties}/segment`, 204);
    await call("GET", `${properties}/segment`, 404);
    await call("GET", properties, 200);
    await call("GET", `${properties}?archived=true`, 200);
  });

  it("refuses wrong tokens and missing scopes in the standard body", async () => {
    const poor = await hubspotSandbox({ scopes: ["oauth"] });
    for (const [token, status] of [
      ["wrong", 401],
      [poor.token, 403],
    ] as const) {
      const answer = await fetch(`${poor.url}${contacts}`, {
        headers: { Authorization: `Bearer ${token}` },
      });
      expect(answer.status).toBe(status);
      contract.check({ method: "GET", path: contacts, status, body: await answer.json() });
    }
    await poor.close();
  });

  it("gives OAuth tokens and tells about them", async () => {
    const { clientId, clientSecret, refreshToken } = sandbox.oauth;
    const form = {
      grant_type: "refresh_token",
      client_id: clientId,
      client_secret: clientSecret,
      refresh_token: refreshToken,
    };
    const post = async (sent: Record<string, string>, status: number) => {
      const path = "/oauth/v1/token";
      const answer = await fetch(`${sandbox.url}${path}`, {
        method: "POST",
        body: new URLSearchParams(sent),
      });
      const body = await answer.json();
      expect(answer.status).toBe(status);
      contract.check({ method: "POST", path, sent, status, body });
      return body;
    };
    const { access_token } = await post(form, 200);
    await post({ ...form, refresh_token: "wrong" }, 400);
    await call("GET", `/oauth/v1/access-tokens/${access_token}`, 200);
    await call("GET", "/oauth/v1/access-tokens/wrong", 404);
  });

  it("has looked at everything that the description has of contacts, and more", () => {
    const ofContacts = [...contract.checked].filter((name) => name.includes(contacts));
    expect(ofContacts).toHaveLength(13);
    expect(contract.checked.size).toBe(13 + 9 + 2);
  });
});

describe("the HubSpot stand-in and the official client", () => {
  let client: Client;
  let ids: string[];

  beforeAll(() => {
    ids = sandbox.addContacts(
      ["vera", "emmy", "lise"].map((name) => ({ email: `${name}@example.com` })),
    );
    client = new Client({
      accessToken: sandbox.token,
      basePath: sandbox.url,
      numberOfApiCallRetries: 1,
    });
  });

  it("read and update", async () => {
    const { basicApi, batchApi } = client.crm.contacts;
    const page = await basicApi.getPage(2, ids[0], ["email", "score"]);
    expect(page.results.map(({ id }) => id)).toEqual(ids.slice(1));
    const update = await batchApi.update({
      inputs: [
        { id: ids[0], properties: { score: "0.5" }, objectWriteTraceId: "a" },
        { id: "17", properties: { score: "0.5" }, objectWriteTraceId: "b" },
      ],
    });
    expect(update).toMatchObject({ numErrors: 1, results: [{ id: ids[0] }] });
    const read = await batchApi.read({ ...wanted, inputs: [{ id: ids[0] }] });
    expect(read.results[0].properties.score).toBe("0.5");
  });

  it("search, and make properties", async () => {
    const found = await client.crm.contacts.searchApi.doSearch({
      limit: 10,
      sorts: ["-hs_object_id"],
      filterGroups: [
        { filters: [{ propertyName: "hs_object_id", operator: "GTE" as never, value: ids[0] }] },
      ],
    });
    expect(found.results.map(({ id }) => id)).toEqual([...ids].reverse());
    const made = await client.crm.properties.batchApi.create("contacts", {
      inputs: [
        {
          name: "official",
          label: "Official",
          groupName: "contactinformation",
          type: "number" as never,
          fieldType: "number" as never,
        },
      ],
    });
    expect(made.results[0].name).toBe("official");
  });

  it("agree on errors", async () => {
    await expect(client.crm.contacts.basicApi.getById("17")).rejects.toMatchObject({
      code: 404,
      body: { category: "OBJECT_NOT_FOUND" },
    });
    sandbox.setFaults({ rateLimit: 1 });
    await expect(client.crm.contacts.basicApi.getPage()).rejects.toMatchObject({
      code: 429,
      body: { policyName: "TEN_SECONDLY_ROLLING" },
    });
    sandbox.setFaults({});
  });
});
