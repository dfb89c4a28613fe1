import { afterEach, describe, expect, it } from "vitest";
import { salesforceSandbox } from "./salesforce-sandbox.js";
import type { SalesforceSandbox, SalesforceSandboxOptions } from "./types.js";

let org: SalesforceSandbox;
afterEach(() => org?.close());
async function open(options: SalesforceSandboxOptions = {}) {
  org = await salesforceSandbox(options);
  return org;
}

async function call(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
) {
  const csv = typeof body === "string";
  const answer = await fetch(`${org.url}/services/data/v60.0/${path}`, {
    method,
    headers: {
      Authorization: `Bearer ${org.token}`,
      "Content-Type": csv ? "text/csv" : "application/json",
      ...headers,
    },
    ...(body === undefined ? {} : { body: csv ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  const json = answer.headers.get("content-type")?.startsWith("application/json")
    ? JSON.parse(text)
    : text;
  return { status: answer.status, body: json, header: (name: string) => answer.headers.get(name) };
}
const contact = (id: string, more: object) => ({ attributes: { type: "Contact" }, id, ...more });

describe("collections", () => {
  it("answer 200 and tell of each record on its own", async () => {
    await open();
    const [ada, gone, loser] = org.addRecords(
      "Contact",
      ["A", "B", "C"].map((LastName) => ({ LastName })),
    );
    const [lead] = org.addRecords("Lead", [{ LastName: "L", Company: "E" }]);
    org.delete(gone);
    org.merge(ada, loser);
    org.convert(lead);
    const { status, body, header } = await call("PATCH", "composite/sobjects", {
      allOrNone: false,
      records: [
        contact(ada, { FirstName: "Ada" }),
        contact(gone, { FirstName: "x" }),
        contact(loser, { FirstName: "x" }),
        contact(`${ada.slice(0, 7)}99999999AAA`, { FirstName: "x" }),
        contact(ada, { FirstName: "twice" }),
        contact("4711", { FirstName: "x" }),
        contact(org.addRecords("Contact", [{ LastName: "D" }])[0], { FirstName: "x".repeat(41) }),
        contact(org.addRecords("Contact", [{ LastName: "E" }])[0], {
          EmailBouncedDate: "2026-01-01T00:00:00Z",
        }),
        { attributes: { type: "Lead" }, id: lead, FirstName: "x" },
      ],
    });
    expect(status).toBe(200);
    expect(header("sforce-limit-info")).toMatch(/^api-usage=\d+\/100000$/);
    expect(
      body.map(
        (one: { success: boolean; errors: { statusCode: string }[] }) =>
          one.errors[0]?.statusCode ?? one.success,
      ),
    ).toEqual([
      true,
      "ENTITY_IS_DELETED",
      "ENTITY_IS_DELETED",
      "INVALID_CROSS_REFERENCE_KEY",
      "DUPLICATE_VALUE",
      "MALFORMED_ID",
      "STRING_TOO_LONG",
      "INVALID_FIELD_FOR_INSERT_UPDATE",
      "CANNOT_UPDATE_CONVERTED_LEAD",
    ]);
    expect(org.record(ada)?.fields.FirstName).toBe("Ada");
  });

  it("refuse the whole request for unknown fields, wrong types and too many records, and do nothing of it", async () => {
    await open();
    const [ada] = org.addRecords("Contact", [{ LastName: "A" }]);
    for (const [records, code] of [
      [[contact(ada, { FirstName: "x" }), contact(ada, { Nonsense: 1 })], "INVALID_FIELD"],
      [[contact(ada, { HasOptedOutOfEmail: "yes" })], "JSON_PARSER_ERROR"],
      [Array.from({ length: 201 }, () => contact(ada, { FirstName: "x" })), "EXCEEDED_ID_LIMIT"],
      [[{ id: ada, FirstName: "x" }], "JSON_PARSER_ERROR"],
    ] as const) {
      const { status, body } = await call("PATCH", "composite/sobjects", {
        records,
        allOrNone: true,
      });
      expect([status, body[0].errorCode]).toEqual([400, code]);
    }
    expect(org.writes).toEqual([]);
  });

  it("undo everything for one bad record when all or none is asked for", async () => {
    await open();
    const [ada, grace] = org.addRecords(
      "Contact",
      ["A", "B"].map((LastName) => ({ LastName })),
    );
    const records = [contact(ada, { FirstName: "x" }), contact(grace, { Email: "no address" })];
    const { body } = await call("PATCH", "composite/sobjects", { records, allOrNone: true });
    expect(
      body.map((one: { errors: { statusCode: string }[] }) => one.errors[0]?.statusCode),
    ).toEqual(["ALL_OR_NONE_OPERATION_ROLLED_BACK", "INVALID_EMAIL_ADDRESS"]);
    expect(org.record(ada)?.fields.FirstName).toBeUndefined();
  });
});

describe("jobs", () => {
  const job = (operation = "update") =>
    call("POST", "jobs/ingest", { object: "Contact", operation });

  it("go through their states, and take one upload", async () => {
    let time = Date.UTC(2026, 0, 1);
    await open({ now: () => time, jobMs: 1_000 });
    const [ada] = org.addRecords("Contact", [{ LastName: "A", FirstName: "Ada" }]);
    const { id } = (await job()).body;
    expect((await call("GET", `jobs/ingest/${id}/successfulResults`)).body[0].errorCode).toBe(
      "INVALIDJOBSTATE",
    );
    expect(
      (await call("PUT", `jobs/ingest/${id}/batches`, `Id,FirstName,Title\n${ada},#N/A,\n`)).status,
    ).toBe(201);
    expect((await call("PUT", `jobs/ingest/${id}/batches`, "Id\n")).status).toBe(400);
    expect((await call("PATCH", `jobs/ingest/${id}`, { state: "UploadComplete" })).body.state).toBe(
      "UploadComplete",
    );
    expect((await call("GET", `jobs/ingest/${id}`)).body.state).toBe("InProgress");
    expect(org.record(ada)?.fields.FirstName).toBe("Ada");
    time += 1_000;
    expect((await call("GET", `jobs/ingest/${id}`)).body).toMatchObject({
      state: "JobComplete",
      numberRecordsProcessed: 1,
      numberRecordsFailed: 0,
    });
    expect(org.record(ada)?.fields).toMatchObject({ LastName: "A" });
    expect(org.record(ada)?.fields.FirstName).toBeUndefined();
  });

  it("fail as a whole for unknown columns and other line ends", async () => {
    await open();
    for (const [csv, why] of [
      ["Id,Nonsense\n1,2\n", /Field name not found : Nonsense/],
      ["FirstName\nA\n", /Field name not found : Id/],
      ["Id,FirstName\r\n1,A\r\n", /LineEnding is invalid/],
    ] as const) {
      const { id } = (await job()).body;
      await call("PUT", `jobs/ingest/${id}/batches`, csv);
      await call("PATCH", `jobs/ingest/${id}`, { state: "UploadComplete" });
      const { body } = await call("GET", `jobs/ingest/${id}`);
      expect(body).toMatchObject({ state: "Failed", errorMessage: expect.stringMatching(why) });
    }
  });

  it("page through results until the word null", async () => {
    await open();
    org.addRecords(
      "Contact",
      Array.from({ length: 5 }, (_, index) => ({ LastName: `P${index}` })),
    );
    const { id } = (
      await call("POST", "jobs/query", {
        operation: "query",
        query: "SELECT Id, LastName FROM Contact",
      })
    ).body;
    const first = await call("GET", `jobs/query/${id}/results?maxRecords=3`);
    expect(first.header("sforce-numberofrecords")).toBe("3");
    const locator = first.header("sforce-locator");
    const second = await call("GET", `jobs/query/${id}/results?maxRecords=3&locator=${locator}`);
    expect(second.header("sforce-locator")).toBe("null");
    expect(first.body.split("\n")[0]).toBe('"Id","LastName"');
    expect(second.body.match(/"P\d"/g)).toEqual(['"P3"', '"P4"']);
    const refused = await call("POST", "jobs/query", {
      operation: "query",
      query: "SELECT Id, (SELECT Id FROM Opportunities) FROM Account",
    });
    expect(refused.status).toBe(400);
  });
});

describe("an organisation", () => {
  it("counts its requests and refuses those beyond the day's", async () => {
    await open({ daily: 2 });
    expect((await call("GET", "limits")).body.DailyApiRequests).toEqual({ Max: 2, Remaining: 1 });
    await call("GET", "limits");
    const { status, body } = await call("GET", "limits");
    expect([status, body[0]]).toEqual([
      403,
      { errorCode: "REQUEST_LIMIT_EXCEEDED", message: "TotalRequests Limit exceeded." },
    ]);
    expect(org.requests).toMatchObject({ today: 2, daily: 2, limitRefusals: 1 });
  });

  it("has two looks of the same id, and takes no third", async () => {
    await open();
    const [ada] = org.addRecords("Contact", [{ LastName: "A" }]);
    expect(ada).toMatch(/^003\w{15}$/);
    expect((await call("GET", `sobjects/Contact/${ada.slice(0, 15)}`)).body.Id).toBe(ada);
    expect((await call("GET", `sobjects/Contact/${ada.slice(0, 15)}xyz`)).status).toBe(404);
  });

  it("moves what points at a merged record, and keeps the person's own values", async () => {
    await open();
    const [ada, other] = org.addRecords("Contact", [
      { LastName: "A" },
      { LastName: "B", Phone: "1" },
    ]);
    const [campaign] = org.addRecords("Campaign", [{ Name: "C" }]);
    const [member] = org.addRecords("CampaignMember", [{ CampaignId: campaign, ContactId: other }]);
    org.merge(ada, other);
    expect(org.record(ada)?.fields).toMatchObject({ LastName: "A", Phone: "1" });
    expect(org.record(member)?.fields.ContactId).toBe(ada);
    expect(org.record(other)).toMatchObject({ deleted: true, masterId: ada });
  });

  it("suffers the same faults for the same seed and requests", async () => {
    const run = async () => {
      await open({
        seed: 5,
        faults: { rateLimit: 0.2, serverError: 0.2, sessionEnds: 0.1, htmlErrors: 0.1 },
      });
      const statuses: number[] = [];
      for (let request = 0; request < 30; request++) {
        statuses.push((await call("GET", "limits")).status);
        if (statuses.at(-1) === 401) org.expireToken();
      }
      await org.close();
      return statuses;
    };
    const first = await run();
    expect(new Set(first).size).toBeGreaterThan(3);
    expect(await run()).toEqual(first);
  });

  it("is driven by routes that no web page reaches", async () => {
    await open();
    const post = (path: string, body: unknown, headers = {}) =>
      fetch(`${org.url}/sandbox/${path}`, { method: "POST", body: JSON.stringify(body), headers });
    const made = (await (
      await post("records/Contact", [{ LastName: "A" }, { LastName: "B" }])
    ).json()) as { ids: [string, string] };
    expect(await post("merge", { master: made.ids[0], merged: made.ids[1] })).toMatchObject({
      status: 204,
    });
    expect(org.record(made.ids[1])?.masterId).toBe(made.ids[0]);
    expect((await post("records/Contact", [{ Nonsense: 1 }])).status).toBe(400);
    expect((await post("faults", { serverError: 2 })).status).toBe(400);
    expect((await post("expire-token", {}, { origin: "https://example.com" })).status).toBe(403);
    expect(org.requests.total).toBe(0);
  });
});
