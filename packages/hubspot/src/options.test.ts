import { InchwormError } from "@inchworm/spec";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type HubspotOptions, hubspot } from "./index.js";

const refused = (options: HubspotOptions): InchwormError => {
  try {
    hubspot(options);
  } catch (error) {
    if (InchwormError.is(error)) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
};

afterEach(() => vi.unstubAllEnvs());

describe("hubspot()", () => {
  it("says how to give a token when there is none", () => {
    vi.stubEnv("HUBSPOT_TOKEN", "");
    expect(refused({})).toMatchObject({
      code: "auth",
      message: 'hubspot: there is no token. Set HUBSPOT_TOKEN, or pass "accessToken" in code.',
      hint: expect.stringContaining("Service keys"),
    });
    vi.stubEnv("HUBSPOT_TOKEN", "pat-from-environment");
    expect(hubspot().account.system).toBe("hubspot");
  });

  it.each<[string, HubspotOptions]>([
    ["accessToken", { accessToken: "pat\nna1" }],
    ["baseUrl", { baseUrl: "localhost:4010" }],
    ["baseUrl", { baseUrl: "https://user:word@example.com" }],
    ["apiVersion", { apiVersion: "v4" as "v3" }],
    ["timeoutMs", { timeoutMs: 0 }],
    ["timeoutMs", { timeoutMs: Number.NaN }],
    ["prefix", { prefix: "Inchworm " }],
    ["group", { group: "My Group" }],
    ["profilingOptOutProperty", { profilingOptOutProperty: "No profiling" }],
    ["account", { account: "a b" }],
  ])("refuses a malformed %s by name", (name, options) => {
    const error = refused({ accessToken: "pat", ...options });
    expect(error.code).toBe("config");
    expect(error.message).toContain(`"${name}"`);
  });

  it("takes limits lane by lane, over the numbers of a starter account", () => {
    const { account } = hubspot({
      accessToken: "pat",
      account: "eu",
      limits: { standard: { requests: 190 } },
    });
    expect(account).toEqual({
      system: "hubspot:eu",
      lanes: {
        standard: { requests: 190, perMs: 10_000, concurrency: 10, daily: 250_000 },
        search: { requests: 5, perMs: 1000, concurrency: 4 },
      },
    });
  });
});
