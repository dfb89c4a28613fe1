import { afterEach, describe, expect, it } from "vitest";
import { accountEngagementSandbox } from "./account-engagement-sandbox.js";
import type { AccountEngagementSandbox, AccountEngagementSandboxOptions } from "./types.js";

let unit: AccountEngagementSandbox;
afterEach(() => unit.close());

async function open(options: AccountEngagementSandboxOptions = {}) {
  unit = await accountEngagementSandbox(options);
}

async function ask(path: string, init: RequestInit = {}, headers: Record<string, string> = {}) {
  const answer = await fetch(`${unit.url}/api/v5/${path}`, {
    ...init,
    headers: {
      authorization: `Bearer ${unit.token}`,
      "pardot-business-unit-id": unit.businessUnitId,
      ...headers,
    },
  });
  const text = await answer.text();
  const json = answer.headers.get("content-type")?.includes("json") && text !== "";
  return { status: answer.status, answer, text, body: json ? JSON.parse(text) : {} };
}

const patch = (id: number | undefined, body: object, fields = "id") =>
  ask(`objects/prospects/${id}?fields=${fields}`, { method: "PATCH", body: JSON.stringify(body) });

describe("the stand-in of Account Engagement", () => {
  it("asks for a token, the business unit and a place in the day", async () => {
    await open({ daily: 2 });
    const path = "objects/prospects?fields=id";
    expect((await ask(path, {}, { authorization: "" })).body.code).toBe(49);
    expect(await ask(path, {}, { authorization: "Bearer x" })).toMatchObject({
      status: 401,
      body: { code: 184 },
    });
    for (const id of ["", "0Uv000000000000AAA"]) {
      expect((await ask(path, {}, { "pardot-business-unit-id": id })).body.code).toBe(201);
    }
    const { answer } = await ask(path, {}, { "x-return-api-usage": "1" });
    expect(answer.headers.get("x-api-usage")).toBe("1/2");
    expect((await ask(path)).status).toBe(200);
    expect((await ask(path)).body.code).toBe(122);
  });

  it("takes five requests at one time", async () => {
    await open({ faults: { latencyMs: 30 } });
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => ask("objects/prospects?fields=id")),
    );
    expect(answers.map(({ body }) => body.code).filter((code) => code === 66)).toHaveLength(3);
    expect(unit.requests).toMatchObject({ mostUnderWay: 5, concurrentRefusals: 3 });
  });

  it("gives the named fields alone, in pages whose tokens go with nothing else and end", async () => {
    await open({ chainRecords: 5 });
    unit.addProspects(Array.from({ length: 7 }, (_, at) => ({ email: `p${at}@example.com` })));
    expect((await ask("objects/prospects")).status).toBe(400);
    expect((await ask("objects/prospects?fields=id,nonsense")).status).toBe(400);
    expect((await ask("objects/prospects?fields=id&page=2")).status).toBe(400);
    expect((await ask("objects/prospects?fields=id&limit=1001")).status).toBe(400);
    const unencoded = "objects/prospects?fields=id&updatedAtAfter=2026-01-01T00:00:00+02:00";
    expect((await ask(unencoded)).status).toBe(400);

    const first = await ask("objects/prospects?fields=id&limit=3&orderBy=id%20DESC");
    expect(Object.keys(first.body.values[0])).toEqual(["id"]);
    const token = `&nextPageToken=${first.body.nextPageToken}`;
    expect((await ask(`objects/prospects?fields=id&limit=3${token}`)).status).toBe(400);
    const second = await ask(`objects/prospects?fields=id,email${token}`);
    expect(second.body).toMatchObject({ nextPageToken: null });
    expect(second.answer.headers.get("pardot-warning")).toMatch(/^203;/);
    const ids = [...first.body.values, ...second.body.values].map(({ id }) => id);
    expect(ids).toEqual([...ids].sort((one, other) => other - one));
    expect(ids).toHaveLength(5);
    const after = ids.at(-1);
    const rest = await ask(`objects/prospects?fields=id&idLessThan=${after}&orderBy=id%20DESC`);
    expect(rest.body.values).toHaveLength(2);
  });

  it("goes on giving what stood before a change, for a while", async () => {
    let time = Date.UTC(2026, 4, 1);
    await open({ staleMs: 60_000, now: () => time });
    const [id] = unit.addProspects([{ email: "ada@example.com", createdAt: time }]);
    await patch(id, { city: "London" });
    const city = async () => (await ask(`objects/prospects/${id}?fields=city`)).body.city;
    expect(await city()).toBeNull();
    time += 60_000;
    expect(await city()).toBe("London");
    expect((await ask("objects/prospects?fields=updatedAt")).body.values[0].updatedAt).toBe(
      "2026-04-30T19:00:00-05:00",
    );
  });

  it("keeps the recycle bin apart", async () => {
    await open();
    const [ada, grace] = unit.addProspects([
      { email: "a@example.com" },
      { email: "b@example.com" },
    ]);
    unit.delete(ada as number);
    const ids = async (deleted: string) =>
      (await ask(`objects/prospects?fields=id${deleted}`)).body.values.map(
        (one: { id: number }) => one.id,
      );
    expect(await ids("")).toEqual([grace]);
    expect(await ids("&deleted=all")).toEqual([ada, grace]);
    expect(await ids("&deleted=true")).toEqual([ada]);
    expect((await patch(ada, { city: "x" })).status).toBe(404);
    const read = await ask(`objects/prospects/${ada}?fields=isDeleted`);
    expect(read.body).toEqual({ isDeleted: true });
    expect(read.answer.headers.get("pardot-warning")).toMatch(/^201;/);
  });

  it("changes what is named and nothing of a request that is refused", async () => {
    await open({ customFields: [{ fieldId: "s", type: "Number" }] });
    const [id] = unit.addProspects([{ email: "ada@example.com" }]);
    expect((await patch(id, { s__c: "0.5", createdById: 3 })).status).toBe(400);
    expect((await patch(id, { s__c: "much" })).status).toBe(400);
    expect((await patch(id, { t__c: 1 })).status).toBe(400);
    expect(unit.writes).toEqual([]);
    expect((await patch(id, { s__c: "0.5" }, "id,s__c")).body).toEqual({ id, s__c: "0.5" });
    expect((await patch(id, { s__c: null }, "s__c")).body).toEqual({ s__c: null });
    expect(unit.requests.fieldsSent).toEqual({ s__c: 4, createdById: 1, t__c: 1 });
  });
});

describe("imports and exports of the stand-in", () => {
  const form = (csv: string) => {
    const body = new FormData();
    body.append("importFile", new Blob([csv]), "prospects.csv");
    return { method: "POST", body };
  };

  it("import batches once they are handed over, and make prospects of whom they do not know", async () => {
    await open({ customFields: [{ fieldId: "s", type: "Number" }] });
    const [ada, bin] = unit.addProspects([
      { email: "ada@example.com", city: "London" },
      { email: "gone@example.com" },
    ]);
    unit.delete(bin as number);
    const body = JSON.stringify({ operation: "Upsert", object: "Prospect" });
    const { id } = (await ask("imports", { method: "POST", body })).body;
    const batches = `imports/${id}/batches`;
    expect((await ask(batches, form("matchId,nope__c\n1,2\n"))).status).toBe(400);
    expect((await ask(batches, form("s__c\n2\n"))).status).toBe(400);
    const csv = `matchId,s__c,city\n${ada},0.5,\n${bin},1,\n7,1,\n${ada},much,\n`;
    expect((await ask(batches, form(csv))).status).toBe(204);
    expect(unit.writes).toEqual([]);
    const ready = JSON.stringify({ status: "Ready" });
    const handed = await ask(`imports/${id}`, { method: "PATCH", body: ready });
    expect(handed.body.status).toBe("Waiting");
    expect((await ask(batches, form(csv))).status).toBe(400);
    const counts = "status,createdCount,updatedCount,errorCount";
    expect((await ask(`imports/${id}?fields=${counts}`)).body).toEqual({
      status: "Complete",
      createdCount: 0,
      updatedCount: 1,
      errorCount: 3,
    });
    expect((await ask(`imports/${id}/errors`)).text.split("\n")).toHaveLength(5);
    expect(unit.prospect(ada as number)?.fields).toMatchObject({ s__c: "0.5" });
    expect(unit.prospect(ada as number)?.fields.city).toBeUndefined();

    const again = (await ask("imports", { method: "POST", body })).body;
    await ask(
      `imports/${again.id}/batches`,
      form("matchEmail,email\nnew@example.com,new@example.com\n"),
    );
    await ask(`imports/${again.id}`, { method: "PATCH", body: ready });
    await ask("imports?fields=id");
    expect(unit.created).toHaveLength(1);
  });

  it("export in files that need not be in order", async () => {
    await open({ exportFileRows: 2 });
    unit.addProspects(
      Array.from({ length: 5 }, (_, at) => ({
        email: `p${at}@example.com`,
        createdAt: Date.UTC(2026, 0, 1 + at),
      })),
    );
    const body = {
      object: "Prospect",
      fields: ["id", "email"],
      procedure: {
        name: "filter_by_created_at",
        arguments: { createdAfter: "2026-01-02T00:00:00Z" },
      },
    };
    const made = await ask("exports", { method: "POST", body: JSON.stringify(body) });
    const read = await ask(`exports/${made.body.id}`);
    expect(read.body).toMatchObject({ state: "Complete", isExpired: false });
    const texts = await Promise.all(
      read.body.resultRefs.map(
        async (ref: string) => (await ask(ref.split("/api/v5/")[1] as string)).text,
      ),
    );
    expect(texts).toHaveLength(2);
    expect(texts.join("").match(/p\d@/g)?.sort()).toEqual(["p1@", "p2@", "p3@", "p4@"]);
  });
});
