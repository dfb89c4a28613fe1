import { afterEach, describe, expect, it } from "vitest";
import { random } from "../stand-in/random.js";
import { RollingWindow } from "../stand-in/rolling-window.js";
import { hubspotSandbox } from "./hubspot-sandbox.js";
import { clientOf } from "./test-client.js";
import type { HubspotSandbox, HubspotSandboxOptions } from "./types.js";

describe("a rolling window", () => {
  it("lets through whatever keeps every window within the limit, and nothing else", () => {
    const next = random(11);
    const window = new RollingWindow(7, 1_000);
    const accepted: number[] = [];
    let now = 0;
    for (let request = 0; request < 2_000; request++) {
      now += Math.floor(next() * 250);
      const recent = accepted.filter((time) => time > now - 1_000).length;
      expect(window.take(now)).toBe(recent < 7);
      if (recent < 7) accepted.push(now);
    }
    expect(window.accepted).toBe(accepted.length);
    expect(window.accepted).toBeLessThan(2_000);
    expect(window.peak).toBe(7);
    expect([window.firstAt, window.lastAt]).toEqual([accepted[0], accepted.at(-1)]);
  });
});

describe("the portal's limits", () => {
  const path = "/crm/v3/objects/contacts";
  let sandbox: HubspotSandbox;
  let now: number;

  async function start(options: HubspotSandboxOptions = {}) {
    now = Date.parse("2026-05-01T23:59:00Z");
    sandbox = await hubspotSandbox({ now: () => now, ...options });
    return clientOf(sandbox);
  }

  afterEach(() => sandbox.close());

  it.each([
    ["starter", "100", "250000"],
    ["professional", "190", "625000"],
    ["increased", "250", "1000000"],
  ] as const)("tells a %s portal's numbers with every answer", async (tier, perWindow, daily) => {
    const api = await start({ tier });
    await api("GET", path);
    const { headers } = await api("GET", `${path}/17`);
    const told = (name: string) => headers.get(`x-hubspot-ratelimit-${name}`);
    expect(told("max")).toBe(perWindow);
    expect(told("remaining")).toBe(String(Number(perWindow) - 2));
    expect(told("interval-milliseconds")).toBe("10000");
    expect(told("daily")).toBe(daily);
    expect(told("daily-remaining")).toBe(String(Number(daily) - 2));
  });

  it("counts by arrival over the last ten seconds, and does not count what it refuses", async () => {
    const api = await start({ perWindow: 3 });
    const statuses: number[] = [];
    for (const after of [0, 4_000, 4_000, 1_999, 1, 0, 3_999, 1]) {
      now += after;
      statuses.push((await api("GET", path)).status);
    }
    expect(statuses).toEqual([200, 200, 200, 429, 200, 429, 429, 200]);
    expect(sandbox.requests).toMatchObject({
      total: 8,
      accepted: 5,
      today: 5,
      maxInWindow: 3,
      refused: { tenSecondly: 3, secondly: 0, daily: 0 },
    });
  });

  it("takes another length of the window, and announces it", async () => {
    const api = await start({ perWindow: 1, windowMs: 500 });
    const { headers } = await api("GET", path);
    expect(headers.get("x-hubspot-ratelimit-interval-milliseconds")).toBe("500");
    now += 499;
    expect((await api("GET", path)).status).toBe(429);
    now += 1;
    expect((await api("GET", path)).status).toBe(200);
  });

  it("refuses with the documented body: no category, and no Retry-After", async () => {
    const api = await start({ perWindow: 1 });
    await api("GET", path);
    const { body, headers } = await api("GET", path);
    expect(body).toEqual({
      status: "error",
      message: "You have reached your ten_secondly_rolling limit.",
      errorType: "RATE_LIMIT",
      policyName: "TEN_SECONDLY_ROLLING",
      correlationId: expect.any(String),
      requestId: expect.any(String),
    });
    expect(headers.get("retry-after")).toBe(null);
    expect(headers.get("x-hubspot-ratelimit-remaining")).toBe("0");
  });

  it("refuses for the rest of the day once the day's allowance is gone", async () => {
    const api = await start({ daily: 2 });
    await api("GET", path);
    await api("POST", `${path}/search`, {});
    const { status, body, headers } = await api("GET", path);
    expect([status, body.policyName]).toEqual([429, "DAILY"]);
    expect(headers.get("x-hubspot-ratelimit-daily-remaining")).toBe("0");
    now += 59_999;
    expect((await api("POST", `${path}/search`, {})).body.policyName).toBe("DAILY");
    now += 1; // midnight
    expect((await api("GET", path)).status).toBe(200);
    expect(sandbox.requests).toMatchObject({ today: 1, refused: { daily: 2 } });
  });

  it("keeps the OAuth app's window apart from the private app's", async () => {
    const api = await start({ perWindow: 1 });
    const { clientId, clientSecret, refreshToken } = sandbox.oauth;
    const granted = await fetch(`${sandbox.url}/oauth/v3/token`, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "refresh_token",
        client_id: clientId,
        client_secret: clientSecret,
        refresh_token: refreshToken,
      }),
    });
    const { access_token } = await granted.json();
    expect((await api("GET", path)).status).toBe(200);
    expect((await api("GET", path)).status).toBe(429);
    expect((await clientOf(sandbox, () => access_token)("GET", path)).status).toBe(200);
    expect(sandbox.requests.accepted).toBe(2);
  });
});
