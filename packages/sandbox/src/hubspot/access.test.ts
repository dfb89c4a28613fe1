import { afterEach, expect, it } from "vitest";
import { hubspotSandbox } from "./hubspot-sandbox.js";
import { clientOf, people } from "./test-client.js";
import type { HubspotSandbox } from "./types.js";

const contacts = "/crm/v3/objects/contacts";
let sandbox: HubspotSandbox;

afterEach(() => sandbox.close());

function refresh(changes: Record<string, string> = {}, path = "/oauth/v3/token") {
  return fetch(`${sandbox.url}${path}`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "refresh_token",
      client_id: sandbox.oauth.clientId,
      client_secret: sandbox.oauth.clientSecret,
      refresh_token: sandbox.oauth.refreshToken,
      ...changes,
    }),
  });
}

it("knows no missing and no wrong token, and repeats none", async () => {
  sandbox = await hubspotSandbox();
  const bare = await fetch(`${sandbox.url}${contacts}`);
  expect(bare.status).toBe(401);
  const { status, body } = await clientOf(sandbox, () => "s3cret")("GET", contacts);
  expect([status, body.category]).toEqual([401, "INVALID_AUTHENTICATION"]);
  expect(JSON.stringify(body)).not.toContain("s3cret");
  expect(sandbox.requests.accepted).toBe(0);
});

it("takes the token that was chosen, until it expires", async () => {
  sandbox = await hubspotSandbox({ token: "chosen" });
  expect(sandbox.token).toBe("chosen");
  const api = clientOf(sandbox, () => "chosen");
  expect((await api("GET", contacts)).status).toBe(200);
  const next = sandbox.expireToken();
  const { status, body } = await api("GET", contacts);
  expect([status, body.category]).toEqual([401, "EXPIRED_AUTHENTICATION"]);
  expect(sandbox.token).toBe(next);
  expect((await clientOf(sandbox)("GET", contacts)).status).toBe(200);
});

it("names the missing scope", async () => {
  sandbox = await hubspotSandbox({ scopes: ["crm.objects.contacts.read"] });
  const [id] = sandbox.addContacts(people(1));
  const api = clientOf(sandbox);
  expect((await api("GET", contacts)).status).toBe(200);
  expect((await api("GET", "/crm/v3/properties/contacts")).status).toBe(200);
  for (const [path, scope] of [
    [`${contacts}/batch/update`, "crm.objects.contacts.write"],
    ["/crm/v3/properties/contacts/groups", "crm.schemas.contacts.write"],
  ]) {
    const inputs = [{ id, properties: { firstname: "x" } }];
    const { status, body } = await api("POST", path, { inputs });
    expect([status, body.category]).toEqual([403, "MISSING_SCOPES"]);
    expect(body.errors[0].context.requiredGranularScopes).toEqual([scope]);
  }
  expect(sandbox.writes.length).toBe(0);
});

it("gives an OAuth app access tokens that live 30 minutes", async () => {
  let now = Date.parse("2026-05-01T10:00:00Z");
  sandbox = await hubspotSandbox({ now: () => now });
  const grant = await (await refresh()).json();
  expect(grant).toMatchObject({ token_type: "bearer", expires_in: 1_800 });
  const api = clientOf(sandbox, () => grant.access_token);
  const answer = await api("GET", contacts);
  expect(answer.headers.get("x-hubspot-ratelimit-max")).toBe("110");
  expect(answer.headers.get("x-hubspot-ratelimit-daily")).toBe(null);
  const info = await api("GET", `/oauth/v1/access-tokens/${grant.access_token}`);
  expect(info.body).toMatchObject({ expires_in: 1_800, scopes: expect.arrayContaining(["oauth"]) });
  now += 1_800_000;
  expect((await api("GET", contacts)).body.category).toBe("EXPIRED_AUTHENTICATION");
  expect((await api("GET", `/oauth/v1/access-tokens/${grant.access_token}`)).status).toBe(404);
  const next = await (await refresh()).json();
  expect((await clientOf(sandbox, () => next.access_token)("GET", contacts)).status).toBe(200);
});

it("refuses wrong secrets, other grants, and secrets in the query", async () => {
  sandbox = await hubspotSandbox();
  for (const [changes, status] of [
    [{ grant_type: "password" }, "BAD_GRANT_TYPE"],
    [{ client_id: "x" }, "BAD_CLIENT_ID"],
    [{ client_secret: "x" }, "BAD_CLIENT_SECRET"],
    [{ refresh_token: "x" }, "BAD_REFRESH_TOKEN"],
  ] as const) {
    const answer = await refresh(changes);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ status });
  }
  expect((await refresh({}, "/oauth/v3/token?client_secret=x")).status).toBe(400);
  const json = await clientOf(sandbox)("POST", "/oauth/v3/token", { grant_type: "refresh_token" });
  expect(json.status).toBe(400);
});

it("tells which portal a token opens, and what it may do there", async () => {
  sandbox = await hubspotSandbox();
  const api = clientOf(sandbox);
  const { body } = await api("GET", "/account-info/v3/details");
  expect(body).toMatchObject({ portalId: expect.any(Number), timeZone: "UTC" });
  expect((await api("GET", "/integrations/v1/me")).body.portalId).toBe(body.portalId);
  const tokenInfo = (tokenKey: string) =>
    api("POST", "/oauth/v2/private-apps/get/access-token-info", { tokenKey });
  expect((await tokenInfo(sandbox.token)).body).toMatchObject({
    hubId: body.portalId,
    scopes: expect.arrayContaining(["crm.objects.contacts.write"]),
  });
  expect((await tokenInfo("x")).status).toBe(404);
  expect((await clientOf(sandbox, () => "x")("GET", "/account-info/v3/details")).status).toBe(401);
});
