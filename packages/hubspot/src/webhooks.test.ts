import { createHmac } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type HubspotEvent, hubspotWebhooks } from "./index.js";

const clientSecret = "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy";
const publicUrl = "https://shop.example.com/hooks%2Fhubspot?a=%21%25";
// what HubSpot signs: the slash and the mark decoded, the per cent sign not
const signedUrl = "https://shop.example.com/hooks/hubspot?a=!%25";
const now = 1_800_000_000_000;
let server: Server;
let url: string;
let got: HubspotEvent[];
let fault: Error | undefined;

beforeEach(async () => {
  got = [];
  fault = undefined;
  const onEvents = async (events: readonly HubspotEvent[]) => {
    if (fault) throw fault;
    got.push(...events);
  };
  server = createServer(hubspotWebhooks({ clientSecret, publicUrl, onEvents, now: () => now }));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => server.close());

const event = (eventId: number, more: object = {}) => ({
  eventId,
  subscriptionId: 7,
  portalId: 62515,
  occurredAt: now - 1000,
  subscriptionType: "contact.propertyChange",
  propertyName: "city",
  objectId: 99_999_999_999,
  attemptNumber: 0,
  ...more,
});

const sign = (body: string, timestamp: string, uri = signedUrl, secret = clientSecret) =>
  createHmac("sha256", secret).update(`POST${uri}${body}${timestamp}`).digest("base64");

async function post(body: string, headers: Record<string, string> = {}): Promise<number> {
  const timestamp = headers["x-hubspot-request-timestamp"] ?? String(now);
  const { status } = await fetch(url, {
    method: "POST",
    body,
    headers: {
      "x-hubspot-request-timestamp": timestamp,
      "x-hubspot-signature-v3": sign(body, timestamp),
      ...headers,
    },
  });
  return status;
}

it("hands each event on once, with its bytes as they came", async () => {
  // spaces and letters that another serialiser would write otherwise
  const body = `[ ${JSON.stringify(event(1, { propertyValue: "Köln \u2028 😀" }))} ,\n${JSON.stringify(
    event(2, { subscriptionType: "contact.merge", mergedObjectIds: [5, 6] }),
  )} ]`;
  expect(await post(body)).toBe(204);
  expect(got).toEqual([
    {
      type: "contact.propertyChange",
      portalId: 62515,
      objectId: "99999999999",
      at: now - 1000,
      propertyName: "city",
    },
    expect.objectContaining({ type: "contact.merge", mergedIds: ["5", "6"] }),
  ]);
  const repeated = JSON.stringify([
    event(2, { subscriptionType: "contact.merge", attemptNumber: 3 }),
    event(3),
  ]);
  expect(await post(repeated)).toBe(204);
  expect(got).toHaveLength(3);
});

it("asks for events again that could not be kept", async () => {
  const body = JSON.stringify([event(1)]);
  fault = new Error("disk full");
  expect(await post(body)).toBe(503);
  fault = undefined;
  expect(await post(body)).toBe(204);
  expect(got).toHaveLength(1);
});

it("takes nothing that is not signed, lately, by the app's secret", async () => {
  const body = JSON.stringify([event(1)]);
  const old = String(now - 5 * 60_000 - 1);
  const signature = (value: string) => ({ "x-hubspot-signature-v3": value });
  expect(await post(body, signature(""))).toBe(401);
  expect(await post(body, signature("not base64 at all"))).toBe(401);
  expect(await post(body, signature(sign(`${body} `, String(now))))).toBe(401);
  expect(await post(body, signature(sign(body, String(now), signedUrl, "other")))).toBe(401);
  expect(await post(body, signature(sign(body, String(now), "https://evil.example.com/")))).toBe(
    401,
  );
  expect(
    await post(body, { "x-hubspot-request-timestamp": old, ...signature(sign(body, old)) }),
  ).toBe(401);
  expect(await post(body, { "x-hubspot-request-timestamp": "soon" })).toBe(401);
  // a weaker scheme is not the sender's to choose
  const v1 = createHmac("sha256", "")
    .update(clientSecret + body)
    .digest("hex");
  expect(await post(body, { ...signature(""), "x-hubspot-signature": v1 })).toBe(401);
  expect(got).toEqual([]);
});

it("refuses what is no list of events", async () => {
  for (const body of ["", "{}", '["x"]', "[{}]", "[1"]) expect(await post(body)).toBe(400);
  expect((await fetch(url)).status).toBe(405);
  expect(await post(`[${" ".repeat(2 ** 20)}]`)).toBe(413);
});

it("needs a secret and an address", () => {
  const onEvents = async () => {};
  expect(() => hubspotWebhooks({ clientSecret: "", publicUrl, onEvents })).toThrow(/clientSecret/);
  expect(() => hubspotWebhooks({ clientSecret, publicUrl: "/hooks", onEvents })).toThrow(
    /publicUrl/,
  );
});
