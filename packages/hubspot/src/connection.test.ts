import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { directGate } from "@inchworm/kit";
import { type Allowance, type Gate, InchwormError } from "@inchworm/spec";
import nock from "nock";
import { afterEach, describe, expect, it } from "vitest";
import { hubspot } from "./index.js";

const api = "https://api.hubapi.com";
const token = "pat-eu1-secret-0815";
const contact = "/crm/v3/objects/contacts/batch/read";
const portal = hubspot({ accessToken: token });

const ask = (adapter = portal, gate: Gate = directGate(), signal?: AbortSignal) =>
  adapter.scores.read(["1"], [], { gate, ...(signal === undefined ? {} : { signal }) });

async function refused(act: () => Promise<unknown>): Promise<InchwormError> {
  const error = await act().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!InchwormError.is(error)) throw error ?? new Error("nothing was thrown");
  const said = `${error.message} ${error.hint} ${error.stack} ${error.cause}`;
  expect(said).not.toContain(token);
  expect(said).not.toContain("@example.com");
  return error;
}

afterEach(() => nock.cleanAll());

describe("answers that are no success", () => {
  const html = "<html><body><h1>502 Bad Gateway</h1></body></html>";
  const json = (category: string, more: object = {}) => ({ status: "error", category, ...more });
  it.each<[string, number, unknown, Record<string, string>, object]>([
    ["401", 401, json("INVALID_AUTHENTICATION"), {}, { code: "auth", hint: /HUBSPOT_TOKEN/ }],
    ["401 expired", 401, json("EXPIRED_AUTHENTICATION"), {}, { code: "auth", message: /expired/ }],
    [
      "403 with scopes",
      403,
      json("MISSING_SCOPES", {
        errors: [{ context: { requiredGranularScopes: ["crm.objects.contacts.read"] } }],
      }),
      {},
      { code: "scope", message: /lacks crm\.objects\.contacts\.read\./ },
    ],
    ["403 bare", 403, html, {}, { code: "scope", message: /crm\.objects\.contacts\.read/ }],
    [
      "429 of ten seconds",
      429,
      { errorType: "RATE_LIMIT", policyName: "TEN_SECONDLY_ROLLING" },
      {},
      { code: "rate-limit", retryAfterMs: undefined, vendorCode: "TEN_SECONDLY_ROLLING" },
    ],
    [
      "429 of a second",
      429,
      { errorType: "RATE_LIMIT", policyName: "SECONDLY" },
      {},
      { code: "rate-limit", retryAfterMs: undefined, vendorCode: "SECONDLY" },
    ],
    [
      "429 with a wait",
      429,
      html,
      { "Retry-After": "3" },
      { code: "rate-limit", retryAfterMs: 3000 },
    ],
    ["429 of the day", 429, { policyName: "DAILY" }, {}, { code: "quota", vendorCode: "DAILY" }],
    [
      "429 of the day, told in words",
      429,
      { message: "You have reached your daily limit." },
      {},
      { code: "quota" },
    ],
    ["423", 423, "", {}, { code: "rate-limit", retryAfterMs: 2000 }],
    ["477", 477, {}, { "Retry-After": "60" }, { code: "rate-limit", retryAfterMs: 60_000 }],
    ["500", 500, json("INTERNAL_ERROR"), {}, { code: "server" }],
    ["502 as a page", 502, html, {}, { code: "server", message: /HTTP 502/ }],
    ["524", 524, "", {}, { code: "server" }],
    ["200 as a page", 200, html, {}, { code: "server", message: /web page/ }],
    ["200 empty", 200, "", {}, { code: "server", message: /empty/ }],
    ["200 cut short", 200, '{"results":[{"id":"1"', {}, { code: "server", message: /cut short/ }],
    [
      "400",
      400,
      json("VALIDATION_ERROR", { message: `ada@example.com and ${token} are wrong` }),
      {},
      { code: "rejected", message: /VALIDATION_ERROR.*\[address\] and \[secret\]/ },
    ],
    ["414", 414, html, {}, { code: "rejected", message: /HTTP 414/ }],
  ])("%s", async (_, status, body, headers, expected) => {
    nock(api)
      .post(contact)
      .reply(status, body as nock.Body, headers);
    const error = await refused(() => ask());
    for (const [key, value] of Object.entries(expected)) {
      const found = error[key as keyof InchwormError];
      if (value instanceof RegExp) expect(found).toMatch(value);
      else expect(found).toBe(value);
    }
  });

  it("tells the gate what the headers say, also with a refusal", async () => {
    const told: [string, Allowance][] = [];
    const gate = {
      ...directGate(),
      observe: (lane: string, seen: Allowance) => told.push([lane, seen]),
    };
    nock(api).post(contact).reply(
      429,
      {},
      {
        "X-HubSpot-RateLimit-Max": "190",
        "X-HubSpot-RateLimit-Remaining": "0",
        "X-HubSpot-RateLimit-Interval-Milliseconds": "10000",
        "X-HubSpot-RateLimit-Daily": "625000",
        "X-HubSpot-RateLimit-Daily-Remaining": "nonsense",
      },
    );
    await refused(() => ask(portal, gate));
    const allowance = { requests: 190, remaining: 0, perMs: 10_000, daily: 625_000 };
    expect(told).toEqual([["standard", allowance]]);
  });
});

describe("a line that fails", () => {
  let server: Server;
  const listen = async (handler: Parameters<typeof createServer>[1]) => {
    server = createServer(handler as never);
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  afterEach(() => server?.close());

  it("says that nothing listens", async () => {
    const baseUrl = await listen(() => {});
    await new Promise((closed) => server.close(closed));
    const error = await refused(() => ask(hubspot({ accessToken: token, baseUrl })));
    expect(error).toMatchObject({ code: "network", vendorCode: "ECONNREFUSED" });
    expect(error.message).toContain(`nothing listens at ${baseUrl}`);
  });

  it("says that there is no such host", async () => {
    nock("https://hubspot.invalid")
      .post(contact)
      .replyWithError(Object.assign(new Error("getaddrinfo"), { code: "ENOTFOUND" }));
    const baseUrl = "https://hubspot.invalid/";
    const error = await refused(() => ask(hubspot({ accessToken: token, baseUrl })));
    expect(error.code).toBe("network");
    expect(error.message).toContain("no network, or no host named hubspot.invalid");
  });

  it("calls a dropped connection network, and a cut body the server's fault", async () => {
    let cut = false;
    const baseUrl = await listen((request, response) => {
      if (!cut) return request.socket.destroy();
      response.writeHead(200, { "content-length": "1000" });
      response.write('{"results": [');
      setTimeout(() => request.socket.destroy(), 10);
    });
    const adapter = hubspot({ accessToken: token, baseUrl });
    expect((await refused(() => ask(adapter))).code).toBe("network");
    cut = true;
    expect((await refused(() => ask(adapter))).code).toBe("server");
  });

  it.each(["before the answer", "in the middle of it"])(
    "closes the connection when the time is up %s",
    async (when) => {
      let closed: (() => void) | undefined;
      const hungUp = new Promise<void>((resolve) => {
        closed = resolve;
      });
      const baseUrl = await listen((request, response) => {
        request.socket.on("close", () => closed?.());
        if (when !== "before the answer") response.write("{");
      });
      const adapter = hubspot({ accessToken: token, baseUrl, timeoutMs: 80 });
      const error = await refused(() => ask(adapter));
      expect(error).toMatchObject({ code: "network" });
      expect(error.message).toContain("no answer within 0.08 s");
      await hungUp;
    },
  );

  it("closes the connection when the caller's signal fires", async () => {
    const controller = new AbortController();
    let closed: (() => void) | undefined;
    const hungUp = new Promise<void>((resolve) => {
      closed = resolve;
    });
    const baseUrl = await listen((request) => {
      request.socket.on("close", () => closed?.());
      controller.abort();
    });
    const adapter = hubspot({ accessToken: token, baseUrl });
    const error = await refused(() => ask(adapter, directGate(), controller.signal));
    expect(error.code).toBe("aborted");
    await hungUp;
  });

  it("keeps two portals apart in one process", async () => {
    const seen: (string | undefined)[] = [];
    const baseUrl = await listen((request, response) => {
      seen.push(request.headers.authorization);
      response.end('{"results": []}');
    });
    const [one, two] = ["one", "two"].map((accessToken) => hubspot({ accessToken, baseUrl }));
    for (const adapter of [one, two, one]) await ask(adapter as typeof portal);
    expect(seen).toEqual(["Bearer one", "Bearer two", "Bearer one"]);
  });
});
