import { directGate } from "@inchworm/kit";
import type { Cursor, Page } from "@inchworm/spec";
import nock from "nock";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import fixture from "./__fixtures__/contacts.json" with { type: "json" };
import { hubspot } from "./index.js";

const api = "https://api.hubapi.com";
const path = "/crm/v3/objects/contacts";
const now = Date.parse("2026-05-01T12:00:00Z");
const portal = hubspot({
  accessToken: "pat-test",
  customerIdProperty: "customer_number",
  profilingOptOutProperty: "no_profiling",
});

const named = {
  customerIdProperty: "customer_number",
  profilingOptOutProperty: "no_profiling",
};

/** `cursor` is one of a run that had the same properties. */
async function read(cursor?: Cursor): Promise<Page[]> {
  return readFrom(cursor && { named, ...cursor });
}

async function readFrom(cursor?: Cursor): Promise<Page[]> {
  propertiesOf("customer_number", "no_profiling");
  const pages: Page[] = [];
  const options = { gate: directGate(), now, ...(cursor === undefined ? {} : { cursor }) };
  for await (const page of portal.contacts.read(options)) pages.push(page);
  return pages;
}
const propertiesOf = (...names: string[]) =>
  nock(api)
    .get("/crm/v3/properties/contacts")
    .reply(200, { results: names.map((name) => ({ name })) });
const entry = (id: string, more: object = {}) => ({
  id,
  properties: { email: `p${id}@example.com`, lastmodifieddate: "2026-04-20T00:00:00Z" },
  ...more,
});

beforeEach(() => nock.disableNetConnect());
afterEach(() => {
  const pending = nock.pendingMocks();
  nock.cleanAll();
  nock.enableNetConnect();
  expect(pending).toEqual([]);
});

describe("a first run", () => {
  it("lists contacts and then the archived ones, and ends with the latest change as cursor", async () => {
    nock(api, { reqheaders: { authorization: "Bearer pat-test" } })
      .post(`${path}/search`, (body) => body.limit === 1)
      .reply(200, { total: 3, results: [] })
      .get(path)
      .query(
        (query) =>
          query.limit === "100" &&
          query.archived === "false" &&
          query.after === undefined &&
          String(query.properties).split(",").includes("no_profiling"),
      )
      .reply(200, fixture)
      .get(path)
      .query((query) => query.archived === "false" && query.after === "102")
      .reply(200, { results: [entry("103")] })
      .get(path)
      .query((query) => query.archived === "true" && query.after === undefined)
      .reply(200, {
        results: [entry("90", { archived: true, archivedAt: "2026-04-30T23:00:00Z" })],
      });

    const pages = await read();
    expect(pages.map(({ records }) => records.contact?.map(({ id }) => id))).toEqual([
      ["101", "102"],
      ["103"],
      ["90"],
    ]);
    expect(pages.map(({ total }) => total)).toEqual([3, 3, 3]);
    expect(pages[2]?.records.contact?.[0]?.archived).toBe(true);
    expect(pages[0]?.cursor).toEqual({
      named,
      run: {
        phase: "all",
        start: now,
        latest: Date.parse("2026-04-30T08:00:00.123Z"),
        after: "102",
      },
    });
    expect(pages[2]?.cursor).toEqual({ named, since: Date.parse("2026-04-30T07:50:00.123Z") });
  });

  it("says contacts and consents in our own words", async () => {
    nock(api)
      .post(`${path}/search`)
      .reply(429, { policyName: "SECONDLY" }) // the total is only for show
      .get(path)
      .query(true)
      .reply(200, { results: fixture.results })
      .get(path)
      .query(true)
      .reply(200, { results: [] });
    const [page] = await read();
    expect(page?.total).toBeUndefined();
    expect(page?.records.contact?.[0]).toEqual({
      id: "101",
      email: "ada@example.com",
      firstName: "Ada",
      lastName: "Lovelace",
      phone: "+44 20 7946 0000",
      country: "GB",
      city: "London",
      postalCode: "W1J 7NF",
      timeZone: "Europe/London",
      language: "en-GB",
      createdAt: Date.parse("2024-01-05T09:30:00Z"),
      modifiedAt: Date.parse("2026-04-30T08:00:00.123Z"),
      identities: [
        { system: "customer", id: "C-1815" },
        { system: "hubspot", id: "77" },
        { system: "hubspot", id: "88" },
        { system: "email", id: "countess@example.com" },
      ],
    });
    expect(page?.records.contact?.[1]).toEqual({
      id: "102",
      email: "grace@example.com",
      firstName: "Grace",
      createdAt: 1_704_447_000_000,
      modifiedAt: Date.parse("2026-04-29T00:00:00Z"),
    });
    const at = Date.parse("2026-04-30T08:00:00.123Z");
    const later = Date.parse("2026-04-29T00:00:00Z");
    expect(page?.records.consent).toEqual([
      { contact: "101", purpose: "email", status: "denied", at },
      { contact: "101", purpose: "profiling", status: "denied", at },
      { contact: "102", purpose: "email", status: "unknown", at: later },
      { contact: "102", purpose: "profiling", status: "unknown", at: later },
    ]);
  });

  it("gives up on a list that gives the same page for ever", async () => {
    nock(api)
      .get(path)
      .query((query) => query.after === "102")
      .reply(200, fixture);
    const run = { phase: "all", start: now, latest: 0, after: "102" };
    await expect(read({ run })).rejects.toMatchObject({ code: "server" });
  });
});

describe("a later run", () => {
  const since = Date.parse("2026-04-20T00:00:00Z");
  const after = (last: string) => (body: Record<string, unknown>) => {
    expect(body.filterGroups).toEqual([
      {
        filters: [
          { propertyName: "lastmodifieddate", operator: "GTE", value: String(since) },
          { propertyName: "hs_object_id", operator: "GT", value: last },
        ],
      },
    ]);
    expect(body.sorts).toEqual(["hs_object_id"]);
    return body.after === undefined;
  };

  it("searches past the ids it has seen, never past a query's 10,000 results", async () => {
    nock(api)
      .post(`${path}/search`, after("0"))
      .reply(200, { total: 12_000, results: [entry("9"), entry("10")] })
      .post(`${path}/search`, after("10"))
      .reply(200, { total: 1, results: [entry("10000000000000000001")] })
      .get(path)
      .query((query) => query.archived === "true")
      .reply(200, {
        results: [
          entry("3", { archived: true, archivedAt: "2026-04-01T00:00:00Z" }),
          entry("4", { archived: true, archivedAt: "2026-04-20T00:00:01Z" }),
          entry("5", { archived: true }),
        ],
      });
    const pages = await read({ since });
    expect(pages.map(({ records }) => records.contact?.map(({ id }) => id))).toEqual([
      ["9", "10"],
      ["10000000000000000001"],
      ["4", "5"], // 3 was archived before: the last run has told it
    ]);
    expect(pages.map(({ total }) => total)).toEqual([12_000, 3, 3]);
    // the latest change seen is the cursor itself, and a cursor never goes back
    expect(pages[2]?.cursor).toEqual({ named, since });
  });

  it("goes on from the middle with the clock that the run began with", async () => {
    const start = now - 3_600_000;
    nock(api)
      .post(`${path}/search`, after("500"))
      .reply(200, { total: 0, results: [] })
      .get(path)
      .query(true)
      .reply(200, { results: [] });
    const latest = now - 60_000; // changed after the run began
    const pages = await read({ since, run: { phase: "changed", start, latest, after: "500" } });
    expect(pages.at(-1)?.cursor).toEqual({ named, since: start - 600_000 });
  });

  it("gives up on a search that does not move on", async () => {
    nock(api)
      .post(`${path}/search`)
      .reply(200, { total: 900, results: [entry("7")] });
    const run = { phase: "changed", start: now, latest: 0, after: "7" };
    await expect(read({ since, run })).rejects.toMatchObject({ code: "server" });
  });
});

describe("properties that the user names", () => {
  it("must exist, or nothing is read", async () => {
    propertiesOf("customer_number", "noprofiling");
    const first = portal.contacts.read({ gate: directGate(), now })[Symbol.asyncIterator]().next();
    await expect(first).rejects.toMatchObject({
      code: "config",
      message: 'hubspot: contacts have no property "no_profiling" (profilingOptOutProperty).',
      hint: expect.stringMatching(/Settings > Properties/),
    });
  });

  it.each([
    ["between runs", undefined],
    ["in the middle of a run", undefined],
    ["between runs", { ...named, profilingOptOutProperty: "no_scores" }],
  ])("have everything read again %s when others were named before: %o", async (where, before) => {
    nock(api)
      .post(`${path}/search`, (body) => body.limit === 1)
      .reply(200, { total: 1, results: [] })
      .get(path)
      .query((query) => query.archived === "false" && query.after === undefined)
      .reply(200, { results: [entry("101")] })
      .get(path)
      .query((query) => query.archived === "true" && query.after === undefined)
      .reply(200, {
        results: [entry("9", { archived: true, archivedAt: "2020-01-01T00:00:00Z" })],
      });
    const run = { phase: "archived", start: now, latest: 0, after: "7" };
    const pages = await readFrom({
      since: now,
      ...(before && { named: before }),
      ...(where === "between runs" ? {} : { run }),
    });
    expect(pages.map(({ records }) => records.contact?.map(({ id }) => id))).toEqual([
      ["101"],
      ["9"],
    ]);
    expect(pages.map(({ cursor }) => cursor.named)).toEqual([named, named]);
  });
});

describe("the other family of paths", () => {
  it("puts the version behind the resource", async () => {
    const dated = hubspot({ accessToken: "pat-test", apiVersion: "2026-03", account: "eu" });
    expect(dated.contacts.name).toBe("hubspot:eu:contacts");
    nock(api)
      .post("/crm/objects/2026-03/contacts/search")
      .reply(200, { total: 0, results: [] })
      .get("/crm/objects/2026-03/contacts")
      .query(true)
      .twice()
      .reply(200, { results: [] });
    for await (const page of dated.contacts.read({ gate: directGate(), now })) {
      expect(page.records.contact).toEqual([]);
    }
  });
});
