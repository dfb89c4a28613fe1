import { afterEach, expect, it } from "vitest";
import { hubspotSandbox } from "./hubspot-sandbox.js";
import { clientOf, people, person } from "./test-client.js";
import type { HubspotSandbox, HubspotSandboxOptions } from "./types.js";

const contacts = "/crm/v3/objects/contacts";
let sandbox: HubspotSandbox;

async function start(options?: HubspotSandboxOptions) {
  sandbox = await hubspotSandbox(options);
  return clientOf(sandbox);
}

afterEach(() => sandbox.close());

it("lists every contact exactly once, in the order of the ids, at most 100 a page", async () => {
  const api = await start();
  const ids = sandbox.addContacts(people(450));
  const listed: string[] = [];
  let after = "";
  let pages = 0;
  do {
    const { body } = await api("GET", `${contacts}?limit=100${after && `&after=${after}`}`);
    listed.push(...body.results.map(({ id }: { id: string }) => id));
    after = body.paging?.next.after ?? "";
    pages++;
  } while (after);
  expect(listed).toEqual(ids);
  expect(pages).toBe(5);
  expect((await api("GET", contacts)).body.results).toHaveLength(10);
  for (const query of ["limit=101", "limit=0", "limit=x", "after=x", "archived=maybe"]) {
    expect((await api("GET", `${contacts}?${query}`)).status).toBe(400);
  }
});

it("gives record ids that break 32-bit numbers, comparing as text, and counting from one", async () => {
  await start();
  const ids = sandbox.addContacts(people(50));
  const numbers = ids.map(Number);
  expect(numbers[0]).toBeGreaterThan(2 ** 32);
  expect(numbers).toEqual([...numbers].sort((left, right) => left - right));
  expect(ids).not.toEqual([...ids].sort());
  expect(numbers[49] - numbers[0]).toBeGreaterThan(100);
});

it("answers under date-versioned paths and by the object type's number as well", async () => {
  const api = await start();
  const [id] = sandbox.addContacts(people(1));
  for (const path of [`/crm/objects/2026-03/contacts/${id}`, `/crm/v3/objects/0-1/${id}`]) {
    expect((await api("GET", path)).body.properties.email).toBe("person0@example.com");
  }
  expect((await api("GET", "/crm/objects/2027-03/contacts")).status).toBe(404);
  expect((await api("GET", "/crm/v3/objects/tickets")).status).toBe(400);
  expect((await api("PUT", contacts)).status).toBe(405);
});

it("shows the default properties unless named, unknown ones never, empty ones as null", async () => {
  const api = await start();
  const [id] = sandbox.addContacts([{ ...person(1), country: "DE", createdate: "1577836800000" }]);
  const shown = async (query: string) => {
    const { body } = await api("GET", `${contacts}/${id}?${query}`);
    return Object.keys(body.properties).sort();
  };
  const kept = ["createdate", "hs_object_id", "lastmodifieddate"];
  expect(await shown("")).toEqual([...kept, "email", "firstname", "lastname"].sort());
  expect(await shown("properties=country,nothing_of_the_kind&properties=city")).toEqual(
    [...kept, "city", "country"].sort(),
  );
  const { body } = await api("GET", `${contacts}/${id}?properties=country&properties=city`);
  expect(body.properties).toMatchObject({ country: "DE", city: null, hs_object_id: id });
  expect(body.createdAt).toBe("2020-01-01T00:00:00Z");
  expect((await api("GET", `${contacts}/${id}?propertiesWithHistory=email`)).status).toBe(400);
});

it("cuts off a URL with too many properties, in HTML", async () => {
  const api = await start();
  sandbox.addContacts(people(1));
  const names = Array.from({ length: 800 }, (_, n) => `property_${n}`).join(",");
  const { status, body } = await api("GET", `${contacts}?properties=${names}`);
  expect(status).toBe(414);
  expect(body).toContain("<html>");
});

it("finds one contact by e-mail address in any case, and by another unique property", async () => {
  const api = await start({
    properties: [{ name: "shop_key", type: "string", fieldType: "text", hasUniqueValue: true }],
  });
  const [id] = sandbox.addContacts([{ ...person(1), email: "Ada@Example.com", shop_key: "K1" }]);
  const found = await api("GET", `${contacts}/ADA%40example.com?idProperty=email`);
  expect(found.body).toMatchObject({ id, properties: { email: "ada@example.com" } });
  expect((await api("GET", `${contacts}/K1?idProperty=shop_key`)).body.id).toBe(id);
  expect((await api("GET", `${contacts}/Ada?idProperty=firstname`)).status).toBe(400);
  expect((await api("GET", `${contacts}/nobody%40example.com?idProperty=email`)).status).toBe(404);
  expect((await api("GET", `${contacts}/12345`)).body.category).toBe("OBJECT_NOT_FOUND");
});

it("bumps the modified date on every update, also one that changes nothing", async () => {
  let now = Date.parse("2026-05-01T10:00:00Z");
  const api = await start({ now: () => now });
  const [id] = sandbox.addContacts([person(1)]);
  now += 5_000;
  const { body } = await api("PATCH", `${contacts}/${id}`, { properties: { firstname: "Ada 1" } });
  expect(body.updatedAt).toBe("2026-05-01T10:00:05Z");
  expect(body.properties.lastmodifieddate).toBe(body.updatedAt);
  expect(body.createdAt).toBe("2026-05-01T10:00:00Z");
});

it("moves a lifecycle stage only forward, without a word, unless it was cleared", async () => {
  const api = await start();
  const [id] = sandbox.addContacts([{ ...person(1), lifecyclestage: "customer" }]);
  const stage = async (lifecyclestage: string) => {
    const { body } = await api("PATCH", `${contacts}/${id}`, { properties: { lifecyclestage } });
    return body.properties.lifecyclestage;
  };
  expect(await stage("lead")).toBe("customer");
  expect(await stage("evangelist")).toBe("evangelist");
  expect(await stage("")).toBe(null);
  expect(await stage("lead")).toBe("lead");
});

it("creates a contact, refuses a second with its address, and tells what was created", async () => {
  const api = await start();
  const created = await api("POST", contacts, { properties: person(7) });
  expect(created.status).toBe(201);
  expect(sandbox.created).toEqual([created.body.id]);
  const again = await api("POST", contacts, { properties: person(7) });
  expect(again.status).toBe(409);
  expect(again.body.message).toContain(created.body.id);
  expect(sandbox.created).toHaveLength(1);
});

it("archives: gone from reading and lists, except where archived ones are asked for", async () => {
  const api = await start();
  const [first, second] = sandbox.addContacts(people(2));
  expect((await api("DELETE", `${contacts}/${first}`)).status).toBe(204);
  expect((await api("GET", `${contacts}/${first}`)).status).toBe(404);
  expect((await api("GET", `${contacts}/${first}?archived=true`)).body.archived).toBe(true);
  const { body } = await api("GET", `${contacts}?archived=true`);
  expect(body.results).toMatchObject([{ id: first, archived: true }]);
  expect(Date.parse(body.results[0].archivedAt)).not.toBeNaN();
  expect((await api("GET", contacts)).body.results).toMatchObject([{ id: second }]);
  const update = { inputs: [{ id: first, properties: { firstname: "x" } }] };
  expect((await api("POST", `${contacts}/batch/update`, update)).status).toBe(404);
  expect((await api("DELETE", `${contacts}/${first}`)).status).toBe(404);
  // the address is free again
  expect((await api("POST", contacts, { properties: person(0) })).status).toBe(201);
});

it("merges: the old id reads and updates one record, but no batch takes it", async () => {
  const api = await start();
  const [primary, other, third] = sandbox.addContacts([
    { ...person(1), city: "Bern" },
    { ...person(2), city: "Basel", country: "CH" },
    person(3),
  ]);
  const merged = await api("POST", `${contacts}/merge`, {
    primaryObjectId: primary,
    objectIdToMerge: other,
  });
  expect(merged.body).toMatchObject({
    id: primary,
    properties: { hs_merged_object_ids: other, hs_additional_emails: "person2@example.com" },
  });
  expect(sandbox.merge(third, primary)).toBe(third);
  expect(sandbox.contact(other)).toMatchObject({
    id: third,
    properties: {
      city: "Bern",
      country: "CH",
      email: "person3@example.com",
      hs_merged_object_ids: `${other};${primary}`,
      hs_additional_emails: "person1@example.com;person2@example.com",
    },
  });
  expect((await api("GET", `${contacts}/${other}`)).body.id).toBe(third);
  const patched = await api("PATCH", `${contacts}/${primary}`, { properties: { city: "Chur" } });
  expect(patched.body).toMatchObject({ id: third, properties: { city: "Chur" } });
  const byOldEmail = await api("GET", `${contacts}/person2%40example.com?idProperty=email`);
  expect(byOldEmail.body.id).toBe(third);
  for (const route of ["read", "update"]) {
    const { status } = await api("POST", `${contacts}/batch/${route}`, {
      inputs: [{ id: other, properties: { city: "Genf" } }],
      properties: [],
      propertiesWithHistory: [],
    });
    expect(status).toBe(route === "read" ? 207 : 404);
  }
  expect((await api("GET", `${contacts}?archived=true`)).body.results).toEqual([]);
  expect((await api("GET", contacts)).body.results).toHaveLength(1);
  const self = { primaryObjectId: third, objectIdToMerge: third };
  expect((await api("POST", `${contacts}/merge`, self)).status).toBe(400);
});

it("can give the survivor of a merge a new record id", async () => {
  await start({ mergeMakesNewId: true });
  const [primary, other] = sandbox.addContacts(people(2));
  const survivor = sandbox.merge(primary, other);
  expect([primary, other]).not.toContain(survivor);
  expect(sandbox.contact(primary)?.id).toBe(survivor);
  expect(sandbox.contact(survivor)?.properties).toMatchObject({
    email: "person0@example.com",
    hs_additional_emails: "person1@example.com",
    hs_merged_object_ids: `${other};${primary}`,
  });
  expect([...sandbox.contacts()]).toHaveLength(1);
});

it("deletes for privacy without a trace, and blocks an unknown address for good", async () => {
  const api = await start();
  const [id] = sandbox.addContacts(people(1));
  const forget = (objectId: string) =>
    api("POST", `${contacts}/gdpr-delete`, { objectId, idProperty: "email" });
  expect((await forget("person0@example.com")).status).toBe(204);
  expect(sandbox.contact(id)).toBeUndefined();
  expect((await api("GET", `${contacts}/${id}?archived=true`)).status).toBe(404);
  expect((await forget("Stranger@example.com")).status).toBe(204);
  for (const email of ["person0@example.com", "stranger@example.com"]) {
    expect((await api("POST", contacts, { properties: { email } })).status).toBe(400);
  }
});

it("refuses a body that is no JSON object, and one that is not declared as JSON", async () => {
  const api = await start();
  for (const body of ["{", "[]", "null", ""]) {
    expect((await api("POST", contacts, body)).status).toBe(400);
  }
  const untyped = await fetch(`${sandbox.url}${contacts}`, {
    method: "POST",
    headers: { Authorization: `Bearer ${sandbox.token}` },
    body: "{}",
  });
  expect(untyped.status).toBe(415);
});
