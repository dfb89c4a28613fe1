import { afterEach, expect, it } from "vitest";
import { FaultDice } from "../stand-in/fault-dice.js";
import { faultKinds } from "./fault-kinds.js";
import { hubspotSandbox } from "./hubspot-sandbox.js";
import { clientOf, people, type Reply } from "./test-client.js";
import type { HubspotFaults, HubspotSandbox } from "./types.js";

const path = "/crm/v3/objects/contacts";
let sandbox: HubspotSandbox;
let ids: string[];

async function start(faults: Partial<HubspotFaults>, seed = 1) {
  sandbox = await hubspotSandbox({ faults, seed, perWindow: 100_000 });
  ids = sandbox.addContacts(people(1));
  return clientOf(sandbox);
}

/** What became of a number of updates: the answer or the connection's failure, and whether the value was written. */
async function updates(api: ReturnType<typeof clientOf>, count: number) {
  const seen: { reply: Reply | undefined; written: boolean }[] = [];
  for (let value = 0; value < count; value++) {
    const properties = { firstname: `Ada the ${value}.` };
    const before = sandbox.writes.length;
    const reply = await api("POST", `${path}/batch/update`, {
      inputs: [{ id: ids[0], properties }],
    }).catch(() => undefined);
    seen.push({ reply, written: sandbox.writes.length > before });
  }
  return seen;
}

afterEach(() => sandbox.close());

it("answers 429 with the limit's own body, and counts nothing against the limit", async () => {
  const api = await start({ rateLimit: 1 });
  const [{ reply, written }] = await updates(api, 1);
  expect(reply?.status).toBe(429);
  expect(reply?.body).toMatchObject({
    policyName: "TEN_SECONDLY_ROLLING",
    errorType: "RATE_LIMIT",
  });
  expect(reply?.headers.get("x-hubspot-ratelimit-max")).toBe("100000");
  expect(written).toBe(false);
  const search = await api("POST", `${path}/search`, {});
  expect(search.body.policyName).toBe("SECONDLY");
  expect(sandbox.requests).toMatchObject({
    accepted: 0,
    refused: { tenSecondly: 0, secondly: 0 },
    injected: { rateLimit: 2 },
  });
});

it("fails with 500, 502 and 503, and some of the 502s have done their work", async () => {
  const seen = await updates(await start({ serverError: 1 }), 60);
  const kinds = new Set(seen.map(({ reply, written }) => `${reply?.status} ${written}`));
  expect([...kinds].sort()).toEqual(["500 false", "502 false", "502 true", "503 false"]);
});

it("drops connections, before the work was done and after", async () => {
  const seen = await updates(await start({ dropped: 1 }), 40);
  expect(seen.every(({ reply }) => reply === undefined)).toBe(true);
  const written = seen.filter((update) => update.written).length;
  expect(written).toBeGreaterThan(8);
  expect(written).toBeLessThan(32);
  expect(sandbox.count("batch/update 0")).toBe(40);
  expect(sandbox.requests.accepted).toBe(written);
});

it("cuts answers in the middle of the body, with the work done", async () => {
  await start({ cut: 1 });
  const answer = await fetch(`${sandbox.url}${path}/batch/update`, {
    method: "POST",
    headers: { Authorization: `Bearer ${sandbox.token}`, "Content-Type": "application/json" },
    body: JSON.stringify({ inputs: [{ id: ids[0], properties: { firstname: "Grace" } }] }),
  });
  expect(answer.status).toBe(200);
  await expect(answer.text()).rejects.toThrow();
  expect(sandbox.contact(ids[0])?.properties.firstname).toBe("Grace");
});

it("locks writes of contacts alone", async () => {
  const api = await start({ locked423: 1 });
  const [{ reply, written }] = await updates(api, 1);
  expect([reply?.status, written]).toEqual([423, false]);
  expect((await api("GET", path)).status).toBe(200);
  expect((await api("GET", "/crm/v3/properties/contacts")).status).toBe(200);
});

it("answers with a gateway's HTML page", async () => {
  const seen = await updates(await start({ htmlErrors: 1 }), 40);
  const statuses = new Set(seen.map(({ reply }) => reply?.status));
  expect([...statuses].sort()).toEqual([502, 503, 504, 521, 522, 523, 524]);
  expect(seen.every(({ reply, written }) => reply?.body.includes("<html>") && !written)).toBe(true);
});

it("announces a migration with seconds to wait", async () => {
  const [{ reply, written }] = await updates(await start({ migration477: 1 }), 1);
  expect([reply?.status, written]).toEqual([477, false]);
  expect(reply?.headers.get("retry-after")).toBe("1");
});

it("waits before it answers, with the work done already", async () => {
  const api = await start({ latencyMs: [300, 400] });
  const update = updates(api, 1);
  for (let tries = 0; sandbox.writes.length === 0 && tries < 5_000; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const early = await Promise.race([update.then(() => "answered"), Promise.resolve("waiting")]);
  expect([sandbox.writes.length, early]).toEqual([1, "waiting"]);
  expect((await update)[0].reply?.status).toBe(200);
});

it("does its work when the client has gone away", async () => {
  await start({ latencyMs: 60_000 });
  const controller = new AbortController();
  const sent = fetch(`${sandbox.url}${path}/${ids[0]}`, {
    method: "PATCH",
    signal: controller.signal,
    headers: { Authorization: `Bearer ${sandbox.token}`, "Content-Type": "application/json" },
    body: JSON.stringify({ properties: { firstname: "Grace" } }),
  }).catch(() => "aborted");
  for (let tries = 0; sandbox.writes.length === 0 && tries < 5_000; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  controller.abort();
  expect(await sent).toBe("aborted");
  expect(sandbox.contact(ids[0])?.properties.firstname).toBe("Grace");
  sandbox.setFaults({});
  expect((await clientOf(sandbox)("GET", path)).status).toBe(200);
});

it("keeps to the shares, one fault a request, the same for the same seed", async () => {
  const shares = { rateLimit: 0.05, serverError: 0.02, dropped: 0.01, cut: 0.03, htmlErrors: 0.04 };
  const draw = (seed: number) => {
    const dice = new FaultDice("hubspot sandbox", faultKinds, seed, shares);
    return Array.from({ length: 50_000 }, () => dice.draw()?.kind);
  };
  const drawn = draw(5);
  for (const [kind, share] of Object.entries(shares)) {
    const measured = drawn.filter((one) => one === kind).length / drawn.length;
    expect(Math.abs(measured - share)).toBeLessThan(5 * Math.sqrt(share / drawn.length));
  }
  expect(draw(5)).toEqual(drawn);
  expect(draw(6)).not.toEqual(drawn);
  await start({}); // for the hook
});

it("gives the same answers again for the same seed and requests", async () => {
  const run = async () => {
    const api = await start({ rateLimit: 0.2, serverError: 0.2, dropped: 0.2, cut: 0.1 }, 9);
    const seen = await updates(api, 30);
    const { token } = sandbox;
    await sandbox.close();
    return JSON.stringify([
      token,
      ids,
      seen.map(({ reply, written }) => [reply?.status, reply?.body.correlationId, written]),
    ]);
  };
  expect(await run()).toBe(await run());
});

it("turns faults off and on, and refuses what are no shares", async () => {
  const api = await start({ rateLimit: 1 });
  expect((await api("GET", path)).status).toBe(429);
  sandbox.setFaults({ latencyMs: 1 });
  expect((await api("GET", path)).status).toBe(200);
  for (const wrong of [
    { rateLimit: 1.5 },
    { cut: -0.1 },
    { dropped: Number.NaN },
    { rateLimit: 0.6, serverError: 0.6 },
    { latencyMs: [5, 1] as const },
    { latencyMs: -1 },
    { nonsense: 0.1 },
  ]) {
    expect(() => sandbox.setFaults(wrong)).toThrow(
      expect.objectContaining({ code: "config", name: "InchwormError" }),
    );
  }
  expect((await api("GET", path)).status).toBe(200);
});
