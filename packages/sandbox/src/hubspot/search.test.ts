import { afterEach, expect, it } from "vitest";
import { hubspotSandbox } from "./hubspot-sandbox.js";
import { clientOf, people, type Reply } from "./test-client.js";
import type { HubspotSandbox, HubspotSandboxOptions } from "./types.js";

let sandbox: HubspotSandbox;
let now: number;
let api: ReturnType<typeof clientOf>;

/** Every search is a second after the last, so that the limit of five in one second stays out of the way. */
async function start(options: HubspotSandboxOptions = {}) {
  now = Date.parse("2026-05-01T10:00:00Z");
  sandbox = await hubspotSandbox({ now: () => now, indexLagMs: 0, ...options });
  api = clientOf(sandbox);
}

async function search(body: object): Promise<Reply> {
  now += 1_000;
  return api("POST", "/crm/v3/objects/contacts/search", body);
}

const where = (...filters: object[]) => ({ filterGroups: [{ filters }] });
const ids = ({ body }: Reply): string[] => body.results.map(({ id }: { id: string }) => id);

afterEach(() => sandbox.close());

it("compares numbers as numbers, times as milliseconds, and text in any case", async () => {
  await start({ properties: [{ name: "score", type: "number", fieldType: "number" }] });
  const all = sandbox.addContacts([
    { firstname: "Ada", score: "9", createdate: "1000" },
    { firstname: "Grace", score: "10", createdate: "2000" },
    { firstname: "Mary", createdate: "3000" },
  ]);
  const found = async (propertyName: string, operator: string, more: object = {}) => {
    const reply = await search(where({ propertyName, operator, ...more }));
    expect(reply.status).toBe(200);
    return ids(reply).map((id) => all.indexOf(id));
  };
  expect(await found("score", "GT", { value: "9" })).toEqual([1]);
  expect(await found("score", "LTE", { value: "9" })).toEqual([0]);
  expect(await found("score", "BETWEEN", { value: "9", highValue: "10" })).toEqual([0, 1]);
  expect(await found("score", "NEQ", { value: "9" })).toEqual([1]);
  expect(await found("score", "HAS_PROPERTY")).toEqual([0, 1]);
  expect(await found("score", "NOT_HAS_PROPERTY")).toEqual([2]);
  expect(await found("createdate", "GTE", { value: "2000" })).toEqual([1, 2]);
  expect(await found("createdate", "LT", { value: "2000" })).toEqual([0]);
  expect(await found("firstname", "EQ", { value: "aDA" })).toEqual([0]);
  expect(await found("firstname", "IN", { values: ["ada", "mary"] })).toEqual([0, 2]);
  expect(await found("firstname", "NOT_IN", { values: ["ada"] })).toEqual([1, 2]);
  expect(await found("firstname", "CONTAINS_TOKEN", { value: "gra*" })).toEqual([1]);
  expect(await found("firstname", "NOT_CONTAINS_TOKEN", { value: "gra*" })).toEqual([0, 2]);
  expect(await found("hs_object_id", "GT", { value: all[0] })).toEqual([1, 2]);
  expect(ids(await search({ query: "grac" }))).toEqual([all[1]]);
});

it("demands all filters of a group, and one of the groups", async () => {
  await start();
  const all = sandbox.addContacts([
    { firstname: "Ada", city: "Bern" },
    { firstname: "Ada", city: "Basel" },
    { firstname: "Grace", city: "Chur" },
  ]);
  const is = (propertyName: string, value: string) => ({ propertyName, operator: "EQ", value });
  const filterGroups = [
    { filters: [is("firstname", "Ada"), is("city", "Bern")] },
    { filters: [is("city", "Chur")] },
  ];
  expect(ids(await search({ filterGroups }))).toEqual([all[0], all[2]]);
});

it("sorts by one property, in either direction and every spelling", async () => {
  await start();
  const all = sandbox.addContacts([
    { lastname: "Hopper", createdate: "3000" },
    { lastname: "Lovelace", createdate: "1000" },
    { lastname: "Allen", createdate: "2000" },
  ]);
  const sorted = async (sort: unknown) =>
    ids(await search({ sorts: [sort] })).map((id) => all.indexOf(id));
  expect(await sorted("createdate")).toEqual([1, 2, 0]);
  expect(await sorted("-createdate")).toEqual([0, 2, 1]);
  expect(await sorted({ propertyName: "lastname", direction: "ASCENDING" })).toEqual([2, 0, 1]);
  expect(await sorted('{"propertyName":"hs_object_id","direction":"DESCENDING"}')).toEqual([
    2, 1, 0,
  ]);
  expect((await search({ sorts: ["createdate", "lastname"] })).status).toBe(400);
  expect((await search({ sorts: ["nonsense"] })).status).toBe(400);
  expect((await search({ sorts: [{ propertyName: "email", direction: "UP" }] })).status).toBe(400);
});

it("pages by 10 unless asked for up to 200, and ends at 10,000 results", async () => {
  await start();
  const all = sandbox.addContacts(people(10_050));
  const first = await search({});
  expect(first.body).toMatchObject({ total: 10_050, paging: { next: { after: "10" } } });
  expect(ids(first)).toEqual(all.slice(0, 10));
  expect((await search({ limit: 201 })).status).toBe(400);
  const last = await search({ limit: 200, after: "9800" });
  expect(ids(last)).toEqual(all.slice(9_800, 10_000));
  expect(last.body.paging.next.after).toBe("10000");
  expect((await search({ limit: 200, after: "10000" })).status).toBe(400);
  expect((await search({ limit: 200, after: "9801" })).status).toBe(400);
  const moved = where({ propertyName: "hs_object_id", operator: "GT", value: all[9_999] });
  expect((await search({ ...moved, limit: 200 })).body).toMatchObject({ total: 50 });
});

it("refuses too many groups and filters, unknown properties and operators, and times as ISO", async () => {
  await start();
  const filter = { propertyName: "city", operator: "EQ", value: "Bern" };
  const group = (count: number) => ({ filters: Array(count).fill(filter) });
  const status = async (...counts: number[]) =>
    (await search({ filterGroups: counts.map(group) })).status;
  expect(await status(6, 6, 6)).toBe(200);
  expect(await status(6, 6, 6, 1)).toBe(400);
  expect(await status(7)).toBe(400);
  expect(await status(1, 1, 1, 1, 1)).toBe(200);
  expect(await status(1, 1, 1, 1, 1, 1)).toBe(400);
  for (const change of [
    { propertyName: "nonsense" },
    { operator: "LIKE" },
    { value: "" },
    { operator: "IN" },
    { propertyName: "createdate", value: "2026-01-01" },
    { propertyName: "hs_email_open", value: "many" },
  ]) {
    expect((await search(where({ ...filter, ...change }))).status).toBe(400);
  }
});

it("shows changes and new contacts only after the index lag, and archived ones never", async () => {
  await start({ indexLagMs: 5_000 });
  const [first, second] = sandbox.addContacts([
    { firstname: "Ada", city: "Bern", lastmodifieddate: "1000" },
    { firstname: "Grace", city: "Chur", lastmodifieddate: "1000" },
  ]);
  const began = now;
  const change = { properties: { city: "Basel" } };
  await api("PATCH", `/crm/v3/objects/contacts/${first}`, change);
  const { body: made } = await api("POST", "/crm/v3/objects/contacts", change);
  const inBasel = where({ propertyName: "city", operator: "EQ", value: "Basel" });
  const recent = where({
    propertyName: "lastmodifieddate",
    operator: "GTE",
    value: String(began),
  });
  expect(ids(await search(inBasel))).toEqual([]);
  expect(ids(await search(recent))).toEqual([]);
  const old = await search({ properties: ["city"], limit: 2 });
  expect(old.body).toMatchObject({ total: 2, results: [{ properties: { city: "Bern" } }, {}] });
  expect(old.body.results[0].updatedAt).toBe("1970-01-01T00:00:01Z");
  await api("PATCH", `/crm/v3/objects/contacts/${first}`, { properties: { city: "Genf" } });
  now = began + 4_999;
  expect(ids(await search(inBasel))).toEqual([first, made.id]); // the search itself is a second later
  now = began + 9_000;
  expect(ids(await search(inBasel))).toEqual([made.id]);
  expect(ids(await search(recent))).toEqual([first, made.id]);
  sandbox.archive(second);
  expect(ids(await search({}))).toEqual([first, made.id]);
});

it("lets five searches through in a second, outside the ten-second budget and without headers", async () => {
  await start();
  const post = () => api("POST", "/crm/v3/objects/contacts/search", {});
  for (let count = 0; count < 5; count++) {
    now += 100;
    const { status, headers } = await post();
    expect(status).toBe(200);
    expect(headers.get("x-hubspot-ratelimit-max")).toBe(null);
  }
  const refused = await post();
  expect(refused.status).toBe(429);
  expect(refused.body.policyName).toBe("SECONDLY");
  expect(refused.headers.get("x-hubspot-ratelimit-remaining")).toBe(null);
  now += 599; // the first was 1,000 ms before that
  expect((await post()).status).toBe(429);
  now += 1;
  expect((await post()).status).toBe(200);
  expect(sandbox.requests).toMatchObject({
    accepted: 0,
    searches: 6,
    today: 6,
    refused: { secondly: 2, tenSecondly: 0 },
  });
});
