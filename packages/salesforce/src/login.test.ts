import type { OauthTokens, TokenStore } from "@inchworm/kit";
import { type SalesforceSandbox, salesforceSandbox } from "@inchworm/sandbox";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { clientLogin, context, failed, readAll, saidBy } from "./__fixtures__/opened.js";
import { type SalesforceOptions, salesforce } from "./index.js";

let org: SalesforceSandbox;
beforeEach(async () => {
  org = await salesforceSandbox();
  org.addRecords("Contact", [{ LastName: "Lovelace", Email: "ada@example.com" }]);
});
afterEach(() => org.close());

const whose = (options: SalesforceOptions) =>
  salesforce({ loginUrl: org.url, ...options }).contacts.identify?.(context);
const named = () => `Salesforce organization ${org.organizationId.slice(0, 15)}`;

function memory(tokens?: OauthTokens): TokenStore & { kept: OauthTokens[] } {
  const kept = tokens === undefined ? [] : [tokens];
  return {
    kept,
    load: async () => kept.at(-1),
    save: async (next) => {
      kept.push(next);
    },
  };
}

describe("logging in", () => {
  it("takes a signed assertion, client credentials, a refresh token or an access token", async () => {
    const { clientId, clientSecret, refreshToken } = org.oauth;
    expect(await whose({ ...org.jwt })).toBe(named());
    expect(
      await whose({ ...org.jwt, privateKey: org.jwt.privateKey.replaceAll("\n", "\\n") }),
    ).toBe(named());
    expect(await whose({ clientId, clientSecret })).toBe(named());
    expect(await whose({ accessToken: org.token, instanceUrl: org.url })).toBe(named());
    expect(await whose({ clientId, refreshToken })).toBe(named());
  });

  it("asks once, however many calls begin at one time", async () => {
    const sales = salesforce(clientLogin(org));
    await Promise.all(Array.from({ length: 8 }, () => sales.scores.read([], [], context)));
    await Promise.all([sales.check(context), sales.check(context), readAll(sales.contacts)]);
    expect(org.count("oauth2/token")).toBe(1);
  });

  it("keeps each refresh token that takes another's place, in any process", async () => {
    const { clientId, refreshToken } = org.oauth;
    const tokens = memory();
    const open = () => salesforce({ loginUrl: org.url, clientId, refreshToken, tokens });
    await readAll(open().contacts);
    expect(tokens.kept.map((one) => one.refreshToken)).toEqual([org.oauth.refreshToken]);
    expect(org.oauth.refreshToken).not.toBe(refreshToken);
    // the first refresh token is worthless by now, the kept session is good
    await readAll(open().contacts);
    expect(org.count("oauth2/token")).toBe(1);
    org.expireToken();
    await readAll(open().contacts);
    expect(tokens.kept.map((one) => one.refreshToken)).toHaveLength(2);
    const forgetful = salesforce({ loginUrl: org.url, clientId, refreshToken });
    const error = await failed(() => readAll(forgetful.contacts));
    expect(error).toMatchObject({ code: "auth", vendorCode: "invalid_grant" });
  });

  it("renews a session that ends in the middle, and gives up on one that always ends", async () => {
    const sales = salesforce({ ...clientLogin(org), pageSize: 1 });
    org.addRecords("Contact", [{ LastName: "Hopper", Email: "grace@example.com" }]);
    const ids: string[] = [];
    for await (const page of sales.contacts.read({ ...context, now: Date.now() })) {
      ids.push(...(page.records.contact ?? []).map(({ id }) => id));
      org.expireToken();
    }
    expect(new Set(ids).size).toBe(2);
    expect(org.count("oauth2/token 200")).toBeGreaterThan(2);

    const asked = org.count("oauth2/token");
    org.setFaults({ sessionEnds: 1 });
    const error = await failed(() => readAll(sales.contacts));
    expect(error).toMatchObject({ code: "auth", vendorCode: "INVALID_SESSION_ID" });
    // a session that is refused at once is not asked for again and again
    expect(org.count("oauth2/token") - asked).toBeLessThanOrEqual(3);
  });

  it("cannot renew an access token from elsewhere, and says so", async () => {
    const sales = salesforce({ accessToken: org.token, instanceUrl: org.url });
    org.expireToken();
    expect(await failed(() => readAll(sales.contacts))).toMatchObject({
      code: "auth",
      hint: /Log in anew/,
    });
  });

  it("says what is wrong with a login, what to do about it, and none of its secrets", async () => {
    const { clientId, clientSecret } = org.oauth;
    const other = await salesforceSandbox({ seed: 2 });
    const cases: readonly (readonly [SalesforceOptions, RegExp])[] = [
      [{ clientId, clientSecret: "wrong-secret" }, /consumer key and secret/],
      [{ clientId: "wrong", clientSecret }, /consumer key and secret/],
      [{ ...org.jwt, privateKey: other.jwt.privateKey }, /certificate in the app/],
      [{ ...org.jwt, username: "somebody@example.com" }, /pre-authorized/],
      [{ clientId, refreshToken: "wrong-refresh" }, /log in again/],
    ];
    for (const [options, hint] of cases) {
      const error = await failed(() => whose(options) as Promise<unknown>);
      expect(error.code).toBe("auth");
      expect(error.hint).toMatch(hint);
      const said = saidBy(error);
      for (const secret of [
        clientSecret,
        "wrong-secret",
        "wrong-refresh",
        "PRIVATE KEY",
        "@example.com",
      ]) {
        expect(said).not.toContain(secret);
      }
    }
    await other.close();
  });

  it("tells failures on the way from refusals", async () => {
    for (const [faults, code] of [
      [{ dropped: 1 }, "network"],
      [{ cut: 1 }, "server"],
      [{ serverError: 1 }, /server|network/],
      [{ htmlErrors: 1 }, "server"],
    ] as const) {
      org.setFaults(faults);
      const error = await failed(() => readAll(salesforce(clientLogin(org)).contacts));
      expect(error.code).toMatch(code);
    }
  });
});

describe("two organisations in one process", () => {
  it("never mix sessions, limits or data", async () => {
    const other = await salesforceSandbox({ seed: 2, daily: 5_000 });
    other.addRecords("Contact", [{ LastName: "Hopper", Email: "grace@example.com" }]);
    const one = salesforce({ ...clientLogin(org), account: "one" });
    const two = salesforce({ ...clientLogin(other), account: "two" });
    const told: string[] = [];
    const watching = (name: string) => ({
      gate: {
        ...context.gate,
        observe: (_: string, { daily }: { daily?: number }) => {
          if (daily !== undefined) told.push(`${name} ${daily}`);
        },
      },
    });
    const people = async (sales: typeof one, name: string) => {
      const emails: (string | undefined)[] = [];
      for await (const page of sales.contacts.read({ ...watching(name), now: Date.now() })) {
        emails.push(...(page.records.contact ?? []).map(({ email }) => email));
        if (name === "one") org.expireToken();
      }
      return emails;
    };
    const [ada, grace] = await Promise.all([people(one, "one"), people(two, "two")]);
    expect(ada).toEqual(["ada@example.com"]);
    expect(grace).toEqual(["grace@example.com"]);
    expect(new Set(told)).toEqual(new Set(["one 100000", "two 5000"]));
    expect(one.account.system).not.toBe(two.account.system);
    expect(other.count("401")).toBe(0);
    await other.close();
  });
});
