import { directGate, type OauthTokens } from "@inchworm/kit";
import { type HubspotSandbox, hubspotSandbox } from "@inchworm/sandbox";
import { InchwormError } from "@inchworm/spec";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hubspot } from "./index.js";

let portal: HubspotSandbox;
let ids: string[];
beforeEach(async () => {
  portal = await hubspotSandbox({ perWindow: 10_000 });
  ids = portal.addContacts([{ email: "ada@example.com" }, { email: "grace@example.com" }]);
});
afterEach(() => portal.close());

const context = { gate: directGate() };
const asked = () => portal.count("oauth/v3/token 200");

function memory(first?: OauthTokens) {
  const kept = { tokens: first };
  return {
    kept,
    store: {
      load: async () => kept.tokens,
      save: async (tokens: OauthTokens) => {
        kept.tokens = tokens;
      },
    },
  };
}

describe("an OAuth app", () => {
  it("asks for a token once, however many calls begin together, and again when it is refused", async () => {
    const { store, kept } = memory();
    const account = hubspot({ baseUrl: portal.url, oauth: { ...portal.oauth, tokens: store } });
    const read = () => account.scores.read(ids, [], context);
    await Promise.all(Array.from({ length: 8 }, read));
    expect(asked()).toBe(1);
    expect(kept.tokens?.refreshToken).toBe(portal.oauth.refreshToken);
    portal.expireToken();
    const again = await Promise.all(Array.from({ length: 8 }, read));
    expect(again.every((rows) => rows.length === 2)).toBe(true);
    expect(asked()).toBe(2);
    // another process goes on with what the store holds
    await hubspot({ baseUrl: portal.url, oauth: { ...portal.oauth, tokens: store } }).scores.read(
      ids,
      [],
      context,
    );
    expect(asked()).toBe(2);
  });

  it("that the account has removed is told without a secret", async () => {
    const oauth = { ...portal.oauth, refreshToken: "na1-gone" };
    const account = hubspot({ baseUrl: portal.url, oauth });
    const error = await account.scores.read(ids, [], context).catch((thrown) => thrown);
    expect(InchwormError.is(error, "auth")).toBe(true);
    expect(`${error.message} ${error.hint}`).toMatch(/BAD_REFRESH_TOKEN.*install it again/);
    expect(`${error.message} ${error.hint} ${error.stack}`).not.toMatch(
      new RegExp(`${oauth.clientSecret}|na1-gone`),
    );
  });

  it("is either that or a token, and complete", () => {
    const { clientId, clientSecret } = portal.oauth;
    expect(() => hubspot({ accessToken: "x", oauth: portal.oauth })).toThrow(/not both/);
    expect(() => hubspot({ oauth: { clientId, clientSecret } })).toThrow(/"refreshToken"/);
    expect(() => hubspot({ oauth: { clientId, clientSecret: "", refreshToken: "x" } })).toThrow(
      /clientSecret/,
    );
  });
});
