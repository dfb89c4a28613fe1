import { directGate } from "@inchworm/kit";
import { InchwormError } from "@inchworm/spec";
import nock from "nock";
import { afterEach, describe, expect, it } from "vitest";
import { account, fields, refused } from "./__fixtures__/account.js";
import { mailchimp } from "./index.js";

const apiKey = "0123456789abcdef0123456789abcdef-us6";
const secrets = { apiKey, accessToken: "token-0815" };
const audience = "a1b2c3d4e5";
const host = "https://us6.api.mailchimp.com";
const member = `/3.0/lists/${audience}/members/${"a".repeat(32)}`;
const ask = (adapter = mailchimp({ apiKey, audience }), signal?: AbortSignal) =>
  adapter.scores.read(["a".repeat(32)], fields, { gate: directGate(signal) });

afterEach(() => nock.cleanAll());

describe("answers that are no success", () => {
  const problem = (title: string, more: object = {}) => ({
    title,
    status: 400,
    detail: "",
    ...more,
  });
  const html = "<html><body><h1>403 Forbidden</h1></body></html>";
  it.each<[string, number, unknown, object]>([
    ["401", 401, problem("API Key Invalid"), { code: "auth", hint: /MAILCHIMP_API_KEY/ }],
    ["403 of a role", 403, problem("Forbidden"), { code: "scope" }],
    ["403 of a disabled user", 403, problem("User Disabled"), { code: "auth" }],
    ["403 of the gateway", 403, html, { code: "rate-limit", vendorCode: "HTTP_403" }],
    ["429", 429, problem("Too Many Requests"), { code: "rate-limit", retryAfterMs: undefined }],
    ["429 as a page", 429, html, { code: "rate-limit" }],
    ["500", 500, problem("Internal Server Error"), { code: "server" }],
    ["502 as a page", 502, html, { code: "server", message: /HTTP 502/ }],
    ["200 as a page", 200, html, { code: "server", message: /web page/ }],
    ["200 empty", 200, "", { code: "server", message: /empty/ }],
    ["200 that is no JSON", 200, '{"id":"a', { code: "server", message: /cut short/ }],
    ["414", 414, html, { code: "rejected" }],
    [
      "422 with an address and the key in it",
      422,
      problem("Invalid Resource", { detail: `ada@example.com and ${apiKey} are wrong` }),
      { code: "rejected", message: /\[address\] and \[secret\]/ },
    ],
  ])("%s", async (_, status, body, expected) => {
    const type =
      typeof body === "string" && body.startsWith("<") ? "text/html" : "application/json";
    nock(host)
      .get(member)
      .query(true)
      .reply(status, body as nock.Body, { "content-type": type });
    const error = await refused(secrets, () => ask());
    for (const [key, value] of Object.entries(expected)) {
      const found = error[key as keyof InchwormError];
      if (value instanceof RegExp) expect(found).toMatch(value);
      else expect(found).toBe(value);
    }
    expect(error.message).not.toContain("a".repeat(32));
  });
});

describe("a line that fails", () => {
  it("says so, and keeps the client's own error to itself", async () => {
    nock(host)
      .get(member)
      .query(true)
      .replyWithError(Object.assign(new Error(`Basic ${apiKey}`), { code: "ECONNRESET" }));
    expect(await refused(secrets, () => ask())).toMatchObject({ code: "network" });
    const nowhere = mailchimp({ apiKey, audience, baseUrl: "http://127.0.0.1:9" });
    expect((await refused(secrets, () => ask(nowhere))).message).toContain("nothing listens");
  });

  it("gives up after its time, and when it is called off", async () => {
    const { sandbox, open } = await account([], { faults: { stalled: 1 }, timeoutMs: 300 });
    const error = await refused(sandbox, () => ask(open({ timeoutMs: 50 })));
    expect(error).toMatchObject({ code: "network" });
    const controller = new AbortController();
    const running = refused(sandbox, () => ask(open(), controller.signal));
    controller.abort();
    expect((await running).code).toBe("aborted");
    await sandbox.close();
  });

  it("tells an answer that was cut short", async () => {
    const { sandbox, ids, adapter, context } = await account([{ email: "ada@example.com" }]);
    sandbox.setFaults({ cut: 1 });
    const error = await refused(sandbox, () => adapter.scores.read(ids, fields, context));
    expect(error.code).toMatch(/server|network/);
    await sandbox.close();
  });
});

describe("two accounts in one process", () => {
  it("never mix keys, addresses or members", async () => {
    const ada = await account([{ email: "ada@example.com" }], { seed: 1, server: "us6" });
    const eve = await account([{ email: "eve@example.com" }], { seed: 2, server: "us19" });
    const both = [ada, eve];
    await Promise.all(
      Array.from({ length: 20 }, async (_, turn) => {
        const { adapter, ids, context, sandbox } = both[turn % 2] as typeof ada;
        const found = await adapter.scores.resolve(
          [sandbox.member(ids[0] as string)?.email ?? ""],
          context,
        );
        expect(found).toEqual(ids);
        const foreign = (both[(turn + 1) % 2] as typeof ada).ids;
        expect(await adapter.scores.read(foreign, fields, context)).toEqual([undefined]);
      }),
    );
    const [one, other] = await Promise.all(
      both.map(({ adapter, context }) => adapter.scores.identify?.(context)),
    );
    expect(one).toContain(ada.sandbox.accountId);
    expect(other).toContain(eve.sandbox.accountId);
    for (const { sandbox } of both) {
      expect(sandbox.count(" 401")).toBe(0);
      await sandbox.close();
    }
  });
});

describe("settings", () => {
  const config = (options: object) => {
    try {
      mailchimp({ apiKey, audience, ...options });
    } catch (error) {
      if (InchwormError.is(error)) return error;
    }
    throw new Error("nothing was thrown");
  };
  it.each([
    [{ apiKey: "no-data-centre!" }, /does not end in a data centre/],
    [{ apiKey: "abc-us6.evil.example" }, /does not end in a data centre/],
    [{ server: "us6.evil.example/" }, /"server" must be a data centre/],
    [{ server: "us7" }, /not the data centre that the API key ends in/],
    [{ apiKey: undefined, accessToken: "t" }, /"server" must be a data centre/],
    [{ audience: "../other" }, /"audience"/],
    [{ prefix: "inchworm_" }, /"prefix"/],
    [{ mergeTags: { churn_band: "TOO_LONG_BAND" } }, /mergeTags.churn_band/],
    [{ profilingOptOutField: "opt out" }, /profilingOptOutField/],
    [{ baseUrl: "ftp://x" }, /"baseUrl"/],
    [{ batchSize: 0 }, /"batchSize"/],
    [{ account: "a b" }, /"account"/],
  ])("refuse %j", (options, message) => {
    const error = config(options);
    expect(error).toMatchObject({ code: "config", message: expect.stringMatching(message) });
    expect(`${error.message} ${error.hint}`).not.toContain(apiKey);
  });

  it("take a token with its data centre, and names for several accounts", () => {
    const adapter = mailchimp({ accessToken: "t", server: "us19", audience, account: "eu" });
    expect(adapter.scores.name).toBe("mailchimp:eu:scores");
    expect(adapter.tags.account.lanes.standard?.concurrency).toBeLessThanOrEqual(5);
  });
});

describe("check", () => {
  it("tells of key, role, audience, merge fields and named tags", async () => {
    const { sandbox, open, context } = await account([{ email: "ada@example.com" }]);
    const items = await open({ customerIdField: "CUSTOMER" }).check(context);
    expect(items.map(({ name, ok }) => [name, ok])).toEqual([
      ["key", true],
      ["role", true],
      ["audience", true],
      ["merge fields", true],
      ["customerIdField", false],
    ]);
    const another = await open({ audience: "nothere" }).check(context);
    expect(another.at(-1)).toMatchObject({ name: "audience", ok: false });
    sandbox.revoke();
    expect(await open({ apiKey }).check(context)).toMatchObject([{ name: "key", code: "auth" }]);
    expect((await refused(sandbox, () => ask(open({ apiKey })))).code).toBe("auth");
    await sandbox.close();
  });
});
