import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { mailchimpSandbox } from "./mailchimp-sandbox.js";
import { testClient } from "./test-client.js";
import type { MailchimpSandbox, MailchimpSandboxOptions } from "./types.js";

const start = Date.UTC(2026, 4, 1, 12);
let time: number;
let sandbox: MailchimpSandbox;
let api: ReturnType<typeof testClient>;
let members: string;

async function open(options: MailchimpSandboxOptions = {}) {
  time = start;
  sandbox = await mailchimpSandbox({ now: () => time, batchMs: 1_000, ...options });
  api = testClient(sandbox);
  members = `/lists/${sandbox.audience}/members`;
}
beforeEach(() => open());
afterEach(() => sandbox.close());

describe("members", () => {
  it("are known by the hash of their address, which changes with it, and by a contact id, which does not", async () => {
    const [id] = sandbox.addMembers([{ email: "Ada@Example.com" }]);
    const hash = createHash("md5").update("ada@example.com").digest("hex");
    expect(sandbox.member(id)?.hash).toBe(hash);
    const moved = sandbox.changeEmail(id, "ada.king@example.com");
    expect((await api("GET", `${members}/${hash}`)).status).toBe(404);
    expect((await api("GET", `${members}/${moved}`)).body.contact_id).toBe(id);
    expect((await api("GET", `${members}/${id}`)).body.id).toBe(moved);
  });

  it("are listed by change, without archived ones, whose date does not move", async () => {
    const ids = sandbox.addMembers(
      ["a", "b", "c"].map((name, index) => ({
        email: `${name}@example.com`,
        changedAt: start - (3 - index) * 60_000,
      })),
    );
    const list = async (query: string) => {
      const { body } = await api("GET", `${members}?${query}`);
      return body.members.map((member: { contact_id: string }) => member.contact_id);
    };
    const since = (at: number) => `${new Date(at).toISOString().slice(0, 19)}Z`;
    const sorted = "sort_field=last_changed&sort_dir=DESC";
    expect(await list(sorted)).toEqual([...ids].reverse());
    expect(await list(`since_last_changed=${since(start - 120_000)}`)).toEqual([ids[2]]);
    expect(await list(`before_last_changed=${since(start - 120_000)}`)).toEqual([ids[0]]);
    // a fraction of a second gives everybody
    expect(await list("since_last_changed=2026-05-01T11:58:00.5Z")).toEqual(ids);
    sandbox.setStatus(ids[0], "archived");
    expect(await list("")).toEqual(ids.slice(1));
    expect(await list("status=archived")).toEqual([ids[0]]);
    expect(sandbox.member(ids[0])?.changedAt).toBe(start - 180_000);
  });

  it("refuse what does not fit their merge fields, and ignore unknown ones", async () => {
    await sandbox.close();
    await open({
      mergeFields: [
        { tag: "AGE", type: "number" },
        { tag: "SIZE", type: "dropdown", choices: ["S", "M"] },
        { tag: "MUST", required: true },
      ],
    });
    const [id] = sandbox.addMembers([{ email: "ada@example.com" }]);
    const patch = (fields: object, query = "?skip_merge_validation=true") =>
      api("PATCH", `${members}/${id}${query}`, { merge_fields: fields });
    for (const [fields, field] of [
      [{ AGE: "many" }, "AGE"],
      [{ AGE: true }, "merge_fields.AGE"],
      [{ SIZE: "XL" }, "SIZE"],
    ] as const) {
      const { status, body } = await patch(fields);
      expect([status, body.errors[0].field]).toEqual([400, field]);
    }
    expect((await patch({ AGE: 7 }, "")).body.errors[0].field).toBe("MUST");
    const long = `${"x".repeat(254)}é`;
    expect((await patch({ AGE: "7.5", SIZE: "M", FNAME: long, NONE: "?" })).status).toBe(200);
    const { AGE, FNAME, ...rest } = sandbox.member(id)?.mergeFields ?? {};
    expect([AGE, Buffer.byteLength(String(FNAME)), rest]).toEqual([7.5, 257, { SIZE: "M" }]);
    await patch({ AGE: "" });
    expect(sandbox.member(id)?.mergeFields).not.toHaveProperty("AGE");
    expect(sandbox.requests.mergeFieldsSent).toMatchObject({ AGE: 5, NONE: 1, SIZE: 2 });
    expect(sandbox.requests.memberKeysSent).toEqual({ merge_fields: 6 });
  });

  it("do not come back from where the law keeps them", async () => {
    const [gone, bounced] = sandbox.addMembers([
      { email: "gone@example.com", status: "unsubscribed" },
      { email: "bounced@example.com", status: "cleaned" },
    ]);
    const title = async (id: string, body: object) =>
      (await api("PATCH", `${members}/${id}`, body)).body.title;
    expect(await title(gone, { status: "subscribed" })).toBe("Member In Compliance State");
    expect(await title(bounced, { merge_fields: {} })).toBe("Member In Compliance State");
    expect((await api("PATCH", `${members}/${gone}`, { merge_fields: {} })).status).toBe(200);
    expect(sandbox.member(gone)?.status).toBe("unsubscribed");
    const put = { email_address: "new@example.com", status_if_new: "subscribed" };
    await api("PUT", `${members}/new@example.com`, put);
    expect(sandbox.created).toHaveLength(1);
  });
});

describe("merge fields", () => {
  it("are at most 30, with tags of at most 10 letters", async () => {
    const fields = `/lists/${sandbox.audience}/merge-fields`;
    for (let field = 6; field <= 30; field++) {
      const answer = await api("POST", fields, { name: `F${field}`, type: "text" });
      expect(answer.body.tag).toBe(`MMERGE${field}`);
    }
    expect((await api("POST", fields, { name: "Too many", type: "text" })).status).toBe(400);
    sandbox.deleteMergeField("MMERGE6");
    for (const tag of ["lower", "ELEVENCHARS", "SP ACE"]) {
      expect((await api("POST", fields, { name: "?", type: "text", tag })).status).toBe(400);
    }
    expect(sandbox.mergeFields).toHaveLength(29);
  });
});

describe("batches", () => {
  it("are carried out later, and their results stand in a packed file for ten minutes", async () => {
    const [id] = sandbox.addMembers([{ email: "ada@example.com" }]);
    const patch = { merge_fields: { FNAME: "Ada" } };
    const operations = [
      { method: "PATCH", path: `${members}/${id}`, body: JSON.stringify(patch), operation_id: "1" },
      { method: "PATCH", path: `${members}/none`, body: "{}", operation_id: "2" },
    ];
    const { body: batch } = await api("POST", "/batches", { operations });
    expect(batch).toMatchObject({ status: "pending", total_operations: 2, response_body_url: "" });
    expect(sandbox.member(id)?.mergeFields).toEqual({});
    expect(sandbox.batches).toEqual({ submitted: 1, running: 1 });
    time += 1_000;
    expect(sandbox.member(id)?.mergeFields).toEqual({ FNAME: "Ada" });
    const { body: ended } = await api("GET", `/batches/${batch.id}`);
    expect(ended).toMatchObject({ status: "finished", errored_operations: 1 });
    const file = await fetch(ended.response_body_url);
    const text = gunzipSync(Buffer.from(await file.arrayBuffer())).toString();
    expect(text).toContain('"status_code":404,"operation_id":"2"');
    const authorization = { headers: { Authorization: `Bearer ${sandbox.apiKey}` } };
    expect((await fetch(ended.response_body_url, authorization)).status).toBe(403);
    time += 600_000;
    expect((await fetch(ended.response_body_url)).status).toBe(403);
    expect((await api("GET", `/batches/${batch.id}`)).body.response_body_url).not.toBe("");
    expect(sandbox.requests.operations).toEqual({
      "PATCH /lists/{list_id}/members/{subscriber_hash}": 2,
    });
  });

  it("hold operations that fail where a request would not", async () => {
    const [id] = sandbox.addMembers([{ email: "ada@example.com" }]);
    sandbox.setFaults({ operationError: 1 });
    const operations = [{ method: "GET", path: `${members}/${id}` }];
    const { body } = await api("POST", "/batches", { operations });
    time += 1_000;
    expect((await api("GET", `/batches/${body.id}`)).body.errored_operations).toBe(1);
  });
});

describe("access and limits", () => {
  it("takes a key or a token, until they are revoked", async () => {
    const ask = async (authorization: string) =>
      (await fetch(`${sandbox.url}/3.0/ping`, { headers: { authorization } })).status;
    const { apiKey, accessToken } = sandbox;
    expect(apiKey).toMatch(/^[0-9a-f]{32}-us6$/);
    const good = [`Bearer ${apiKey}`, `Bearer ${accessToken}`];
    for (const one of good) expect(await ask(one)).toBe(200);
    expect(await ask("Bearer wrong")).toBe(401);
    const fresh = sandbox.revoke();
    for (const one of good) expect(await ask(one)).toBe(401);
    expect(await ask(`Bearer ${fresh}`)).toBe(200);
  });

  it("refuses an eleventh request while ten are under way", async () => {
    sandbox.setFaults({ latencyMs: 50 });
    const statuses = await Promise.all(
      Array.from({ length: 12 }, async () => (await api("GET", "/ping")).status),
    );
    expect(statuses.filter((status) => status === 429)).toHaveLength(2);
    expect(sandbox.requests).toMatchObject({ refused: 2, mostUnderWay: 10 });
    expect((await api("GET", "/ping")).status).toBe(200);
  });

  it("lets a stalled request hold its place after its client has left", async () => {
    await sandbox.close();
    await open({ connections: 1, timeoutMs: 500, faults: { stalled: 1 } });
    const [id] = sandbox.addMembers([{ email: "ada@example.com" }]);
    const body = JSON.stringify({ merge_fields: { FNAME: "Ada" } });
    const headers = { Authorization: `Bearer ${sandbox.apiKey}` };
    const url = `${sandbox.url}/3.0${members}/${id}`;
    const leaving = new AbortController();
    const asking = fetch(url, { method: "PATCH", headers, body, signal: leaving.signal });
    while (sandbox.requests.total === 0) await new Promise((done) => setTimeout(done, 2));
    leaving.abort();
    await expect(asking).rejects.toThrow();
    sandbox.setFaults({});
    expect((await api("GET", "/ping")).status).toBe(429);
    await new Promise((done) => setTimeout(done, 550));
    expect((await api("GET", "/ping")).status).toBe(200);
  });

  it.each([
    ["rateLimit", 429, "Too Many Requests"],
    ["forbidden403", 403, "<html>"],
    ["htmlErrors", 50, "<html>"],
  ] as const)("answers %s", async (fault, status, said) => {
    sandbox.setFaults({ [fault]: 1 });
    const answer = await api("GET", "/ping");
    expect(String(answer.status)).toContain(String(status));
    expect(JSON.stringify(answer.body)).toContain(said);
    expect(sandbox.requests.injected).toEqual({ [fault]: 1 });
  });

  it("is driven by scripts under /sandbox/, and says what it does not know", async () => {
    const drive = async (method: string, path: string, body?: unknown) => {
      const text = body === undefined ? {} : { body: JSON.stringify(body) };
      const answer = await fetch(`${sandbox.url}/sandbox/${path}`, { method, ...text });
      return { status: answer.status, text: await answer.text() };
    };
    const { text } = await drive("POST", "members", [{ email: "ada@example.com" }]);
    const [id] = JSON.parse(text).ids;
    expect((await drive("POST", "status", { id, status: "pending" })).status).toBe(204);
    expect(JSON.parse((await drive("GET", `members/${id}`)).text).status).toBe("pending");
    expect(JSON.parse((await drive("GET", "state")).text)).toMatchObject({ members: 1 });
    expect((await drive("GET", "members/none")).status).toBe(404);
    expect((await drive("GET", "nonsense")).status).toBe(400);
    expect((await drive("POST", "faults", { nonsense: 1 })).status).toBe(400);
    await expect(mailchimpSandbox({ server: "us6.evil" })).rejects.toMatchObject({
      code: "config",
    });
  });
});
