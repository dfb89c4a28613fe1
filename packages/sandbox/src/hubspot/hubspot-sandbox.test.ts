import { get } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { hubspotSandbox } from "./hubspot-sandbox.js";
import { clientOf, people, person } from "./test-client.js";
import type { HubspotSandbox } from "./types.js";

const path = "/crm/v3/objects/contacts";
let sandbox: HubspotSandbox;

afterEach(() => sandbox?.close());

describe("starting", () => {
  it("says what to do when the port is in use", async () => {
    sandbox = await hubspotSandbox();
    const port = Number(new URL(sandbox.url).port);
    await expect(hubspotSandbox({ port })).rejects.toMatchObject({
      code: "config",
      message: `hubspot sandbox: port ${port} is in use by another program.`,
      hint: expect.stringContaining("another port"),
    });
  });

  it("refuses options that are none", async () => {
    for (const wrong of [
      { port: 70_000 },
      { port: Number.NaN },
      { seed: -1 },
      { perWindow: 0 },
      { windowMs: 0.5 },
      { daily: -1 },
      { indexLagMs: Number.NaN },
      { tier: "gold" as "starter" },
      { faults: { cut: 2 } },
      { properties: [{ name: "Bad", type: "string" as const, fieldType: "text" }] },
    ]) {
      await expect(hubspotSandbox(wrong)).rejects.toMatchObject({ code: "config" });
    }
  });

  it("frees its port when it is closed, also with connections open, and closes twice", async () => {
    sandbox = await hubspotSandbox();
    await clientOf(sandbox)("GET", path);
    const port = Number(new URL(sandbox.url).port);
    await sandbox.close();
    await sandbox.close();
    sandbox = await hubspotSandbox({ port });
    expect(sandbox.url).toBe(`http://127.0.0.1:${port}`);
  });
});

describe("addContacts", () => {
  it("declares what it does not know: flags as bool, the rest as text", async () => {
    sandbox = await hubspotSandbox();
    const [id] = sandbox.addContacts([
      { ...person(1), customer_id: "C1", profiling_opt_out: "false", hs_email_optout: "true" },
    ]);
    const api = clientOf(sandbox);
    const type = async (name: string) =>
      (await api("GET", `/crm/v3/properties/contacts/${name}`)).body.type;
    expect(await type("customer_id")).toBe("string");
    expect(await type("profiling_opt_out")).toBe("bool");
    expect(sandbox.contact(id)?.properties).toMatchObject({
      customer_id: "C1",
      profiling_opt_out: "false",
      hs_email_optout: "true",
      hs_object_id: id,
    });
  });

  it("refuses a second contact with an address without repeating it, and what is no property", async () => {
    sandbox = await hubspotSandbox();
    sandbox.addContacts(people(2));
    const twice = () => sandbox.addContacts([person(5), { email: " Person1@EXAMPLE.com" }]);
    expect(twice).toThrow(expect.objectContaining({ code: "input" }));
    expect(twice).toThrow(/row \d has the e-mail address/);
    expect(() => sandbox.addContacts([{ "Customer ID": "1" }])).toThrow(/Customer ID/);
    expect(() => sandbox.addContacts([{ hs_object_id: "1" }])).toThrow(/hs_object_id/);
    expect(() => sandbox.addContacts([{ createdate: "soon" }])).toThrow(/date/);
  });

  it("takes people without an address, and counts none of it as a request", async () => {
    sandbox = await hubspotSandbox();
    const ids = sandbox.addContacts([{ firstname: "Ada" }, { firstname: "Ada" }]);
    expect(ids).toHaveLength(2);
    expect(sandbox.requests.total).toBe(0);
    expect(sandbox.writes.length).toBe(0);
    expect(sandbox.created).toEqual([]);
  });
});

describe("what it remembers", () => {
  it("logs requests with their bodies, and stops when told", async () => {
    sandbox = await hubspotSandbox();
    const [id] = sandbox.addContacts(people(1));
    const api = clientOf(sandbox);
    const change = { properties: { city: "Bern" } };
    await api("PATCH", `${path}/${id}?idProperty=hs_object_id`, change);
    expect(sandbox.log).toEqual([
      {
        at: expect.any(Number),
        method: "PATCH",
        path: `${path}/${id}?idProperty=hs_object_id`,
        status: 200,
        body: JSON.stringify(change),
      },
    ]);
    sandbox.record({ bodies: false, writes: false });
    await api("PATCH", `${path}/${id}`, change);
    expect(sandbox.log[1]).not.toHaveProperty("body");
    expect(sandbox.writes.length).toBe(1);
    sandbox.record({ log: false });
    await api("GET", `${path}/${id}`);
    expect(sandbox.log).toHaveLength(2);
    expect(sandbox.requests.total).toBe(3);
    sandbox.writes.clear();
    expect([...sandbox.writes]).toEqual([]);
  });

  it("counts by route, so that one contact is like another", async () => {
    sandbox = await hubspotSandbox();
    const ids = sandbox.addContacts(people(3));
    const api = clientOf(sandbox);
    for (const id of [...ids, "17"]) await api("GET", `${path}/${id}`);
    await api("GET", "/nothing/here");
    expect(sandbox.requests.byRoute).toEqual({
      "GET /crm/v3/objects/contacts/{contactId} 200": 3,
      "GET /crm/v3/objects/contacts/{contactId} 404": 1,
      "GET (unknown) 404": 1,
    });
    expect(sandbox.count("{contactId}")).toBe(4);
    expect(sandbox.count(/ 404$/)).toBe(2);
    expect(sandbox.count("batch/create")).toBe(0);
  });
});

describe("control by HTTP", () => {
  it("is closed to web pages, whatever name they reach it by", async () => {
    sandbox = await hubspotSandbox();
    const status = (headers: Record<string, string>) =>
      new Promise((resolve, reject) => {
        get(`${sandbox.url}/sandbox/state`, { headers }, (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        }).on("error", reject);
      });
    expect(await status({})).toBe(200);
    expect(await status({ host: "rebound.example.com" })).toBe(403);
    expect(await status({ origin: "https://example.com" })).toBe(403);
  });

  it("shows and changes the portal without token, limits and faults, and uncounted", async () => {
    sandbox = await hubspotSandbox({ perWindow: 1, faults: { rateLimit: 1 } });
    const control = async (method: string, path: string, body?: unknown) => {
      const answer = await fetch(`${sandbox.url}/sandbox/${path}`, {
        method,
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      return { status: answer.status, body: text && JSON.parse(text) };
    };
    const { ids } = (await control("POST", "contacts", people(3))).body;
    expect((await control("POST", "contacts", people(1))).status).toBe(400);
    expect((await control("GET", `contacts/${ids[0]}`)).body).toEqual(sandbox.contact(ids[0]));
    expect((await control("GET", "contacts/17")).status).toBe(404);
    expect((await control("POST", "merge", { primary: ids[0], merged: ids[1] })).body).toEqual({
      id: ids[0],
    });
    expect((await control("POST", "archive", { id: ids[2] })).status).toBe(204);
    expect((await control("POST", "archive", { id: ids[2] })).status).toBe(404);
    expect((await control("GET", "contacts")).body.results).toMatchObject([
      { id: ids[0], archived: false },
      { id: ids[2], archived: true },
    ]);
    expect((await control("GET", `contacts?after=${ids[0]}`)).body.results).toHaveLength(1);
    expect((await clientOf(sandbox)("GET", path)).status).toBe(429);
    expect((await control("POST", "faults", { rateLimit: 2 })).body.hint).toBeTruthy();
    expect((await control("POST", "faults", {})).body.faults.rateLimit).toBe(0);
    const { token } = (await control("POST", "expire-token")).body;
    expect(token).toBe(sandbox.token);
    const change = { properties: { city: "Bern" } };
    expect((await clientOf(sandbox)("PATCH", `${path}/${ids[0]}`, change)).status).toBe(200);
    expect((await control("GET", "writes?after=0")).body).toEqual({
      results: [{ id: ids[0], name: "city", value: "Bern" }],
      next: 1,
      total: 1,
    });
    expect((await control("GET", "log")).body.results).toHaveLength(2);
    expect((await control("GET", "state")).body).toMatchObject({
      contacts: 1,
      archived: 1,
      created: [],
      writes: 1,
      properties: expect.arrayContaining(["email"]),
      requests: { total: 2, accepted: 1 },
    });
    expect((await control("GET", "nonsense")).status).toBe(400);
  });
});
