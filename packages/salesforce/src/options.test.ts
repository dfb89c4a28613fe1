import { InchwormError } from "@inchworm/spec";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type SalesforceOptions, salesforce } from "./index.js";

const login = { clientId: "key", clientSecret: "very-secret" };

function refused(options: SalesforceOptions): InchwormError {
  try {
    salesforce(options);
  } catch (error) {
    if (InchwormError.is(error)) return error;
    throw error;
  }
  throw new Error("it should have been refused, and was not");
}

describe("the options", () => {
  beforeEach(() => {
    for (const name of Object.keys(process.env))
      if (name.startsWith("SALESFORCE_")) vi.stubEnv(name, undefined);
  });
  afterEach(() => vi.unstubAllEnvs());

  it("say what is missing, by its option and its variable", () => {
    expect(refused({})).toMatchObject({ code: "auth", hint: /External Client App/ });
    expect(refused({ clientId: "key" }).message).toMatch(
      /"clientSecret".*SALESFORCE_CLIENT_SECRET/,
    );
    expect(refused({ accessToken: "token" }).message).toMatch(/"instanceUrl"/);
    expect(refused({ refreshToken: "token" }).message).toMatch(/"clientId"/);
  });

  it("come from the environment, whole or not at all", () => {
    vi.stubEnv("SALESFORCE_CLIENT_ID", "key");
    vi.stubEnv("SALESFORCE_CLIENT_SECRET", "secret");
    expect(salesforce().account.system).toBe("salesforce");
    // a login in code is not completed by somebody else's variables
    expect(refused({ accessToken: "token" }).message).toMatch(/"instanceUrl"/);
  });

  it.each([
    [{ loginUrl: "http://example.my.salesforce.com" }, /https/],
    [{ loginUrl: "https://user:very-secret@example.com" }, /host only/],
    [{ loginUrl: "https://example.lightning.force.com" }, /user interface/],
    [{ loginUrl: "not an address" }, /loginUrl/],
    [{ apiVersion: "v60" }, /apiVersion/],
    [{ apiVersion: "50.0" }, /apiVersion/],
    [{ prefix: "Inchworm" }, /prefix/],
    [{ prefix: "in__ch_" }, /prefix/],
    [{ permissionSet: "two words" }, /permissionSet/],
    [{ pageSize: 2001 }, /pageSize/],
    [{ jobRows: 200 }, /jobRows/],
    [{ timeoutMs: 0 }, /timeoutMs/],
    [{ customerIdField: "a b" }, /customerIdField/],
    [{ account: "a:b" }, /account/],
    [{ privateKey: "no key very-secret", username: "u" }, /privateKey/],
    [{ clientSecret: "two words" }, /clientSecret/],
  ] as const)("refuse %o", (options, what) => {
    const error = refused({ ...login, ...options } as SalesforceOptions);
    expect(error.code).toBe("config");
    expect(error.message).toMatch(what);
    expect(`${error.message} ${error.hint}`).not.toContain("very-secret");
  });
});
