import { directGate } from "@inchworm/kit";
import { type HubspotSandbox, type HubspotSandboxOptions, hubspotSandbox } from "@inchworm/sandbox";
import { type CheckItem, type Field, type Gate, InchwormError } from "@inchworm/spec";
import { afterEach, describe, expect, it } from "vitest";
import { hubspot } from "./index.js";

const chance: Field = {
  name: "chance",
  label: "Chance",
  description: "Of an order.",
  type: "number",
  decimals: 2,
};
const context = { gate: directGate() };

let portal: HubspotSandbox;
let clock = Date.parse("2026-05-01T12:00:00Z");
/** Its clock moves whenever it is looked at, so that no pace is too fast. */
async function open(options: HubspotSandboxOptions = {}) {
  const now = () => (clock += 100);
  portal = await hubspotSandbox({ now, perWindow: 100_000, ...options });
  return portal;
}
const adapter = (options: Parameters<typeof hubspot>[0] = {}) =>
  hubspot({ accessToken: portal.token, baseUrl: portal.url, timeoutMs: 5000, ...options });
const people = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ email: `p${index}@example.com` }));

/** Sends again at once, as often as it takes. */
const stubborn: Gate = {
  async request(request, call) {
    for (let attempt = 1; ; attempt++) {
      try {
        return await call(new AbortController().signal);
      } catch (error) {
        const codes = ["network", "server", "rate-limit"] as const;
        const passing = codes.some((code) => InchwormError.is(error, code));
        if (!passing || !request.repeatable || attempt === 60) throw error;
      }
    }
  },
  observe() {},
};

afterEach(() => portal.close());

describe("check", () => {
  const state = (items: readonly CheckItem[]) =>
    Object.fromEntries(items.map(({ name, ok }) => [name, ok]));

  it("finds nothing wrong with a portal that is well, and changes nothing", async () => {
    await open({ tier: "starter" });
    portal.addContacts([{ email: "ada@example.com", customer_number: "7", no_profiling: "true" }]);
    const items = await adapter({
      customerIdProperty: "customer_number",
      profilingOptOutProperty: "no_profiling",
    }).check(context);
    expect(state(items)).toEqual({
      token: true,
      "crm.objects.contacts.read": true,
      "crm.objects.contacts.write": true,
      "crm.schemas.contacts.read": true,
      "crm.schemas.contacts.write": true,
      limits: true,
      customerIdProperty: true,
      profilingOptOutProperty: true,
    });
    expect(items.find(({ name }) => name === "limits")?.message).toMatch(
      /requests per 10 s, 250000 a day, \d+ left today/,
    );
    expect([...portal.writes]).toEqual([]);
    expect(portal.created).toEqual([]);
  });

  it("names the scopes and properties that are missing, with what to do", async () => {
    await open({ scopes: ["oauth", "crm.objects.contacts.read"] });
    const items = await adapter({ customerIdProperty: "nowhere" }).check(context);
    expect(state(items)).toMatchObject({
      token: true,
      "crm.objects.contacts.read": true,
      "crm.objects.contacts.write": false,
      "crm.schemas.contacts.write": false,
      customerIdProperty: false,
    });
    for (const item of items.filter(({ ok }) => !ok)) {
      expect(item.hint).toMatch(/scope crm\.|internal name/);
    }
  });

  it("says one thing when the token is wrong or nobody is there", async () => {
    await open();
    const wrong = await adapter({ accessToken: "pat-wrong" }).check(context);
    expect(wrong).toMatchObject(
      [{ name: "token", ok: false, hint: /HUBSPOT_TOKEN/ }].map(matching),
    );
    // by another name, so that no connection is left over from before
    const baseUrl = portal.url.replace("127.0.0.1", "localhost");
    await portal.close();
    const nobody = await hubspot({ accessToken: "pat", baseUrl }).check(context);
    expect(nobody).toMatchObject(
      [{ name: "connection", ok: false, message: /nothing listens/ }].map(matching),
    );
  });

  it("notices that somebody else answers", async () => {
    await open();
    const items = await adapter({ baseUrl: `${portal.url}/elsewhere` }).check(context);
    expect(items).toMatchObject([{ name: "connection", ok: false, hint: 'Correct "baseUrl".' }]);
  });

  it("goes without the account's details where there are none", async () => {
    await open();
    const items = await adapter({ apiVersion: "2026-03" }).check(context);
    expect(items.filter(({ ok }) => !ok)).toEqual([]);
  });

  function matching(item: Record<string, unknown>) {
    return Object.fromEntries(
      Object.entries(item).map(([key, value]) => [
        key,
        value instanceof RegExp ? expect.stringMatching(value) : value,
      ]),
    );
  }
});

describe("permissions that go away", () => {
  it("calls an expired token auth", async () => {
    await open();
    const { contacts, scores } = adapter();
    portal.expireToken();
    await expect(scores.read(["1"], [chance], context)).rejects.toMatchObject({ code: "auth" });
    const reading = contacts.read({ ...context, now: clock })[Symbol.asyncIterator]();
    await expect(reading.next()).rejects.toMatchObject({ code: "auth" });
  });

  it("names the scope that writing and preparing lack", async () => {
    await open({ scopes: ["crm.objects.contacts.read", "crm.schemas.contacts.read"] });
    await expect(adapter().scores.prepare([chance], context)).rejects.toMatchObject({
      code: "scope",
      message: expect.stringContaining("crm.schemas.contacts.write"),
    });
  });

  it("gives up a batch at once when its property has been deleted", async () => {
    await open();
    const ids = portal.addContacts(people(100));
    const { scores } = adapter();
    await scores.prepare([chance], context);
    portal.archiveProperty("inchworm_chance");
    const before = portal.requests.total;
    const rows = ids.map((recordId) => ({ recordId, values: { chance: 0.5 } }));
    await expect(scores.write(rows, context)).rejects.toMatchObject({ code: "rejected" });
    expect(portal.requests.total - before).toBe(1);
  });
});

describe("a property of ours", () => {
  const segment: Field = {
    name: "segment",
    label: "Segment",
    description: "By recency.",
    type: "category",
    options: ["loyal"],
  };
  const newer = {
    ...segment,
    label: "Kind",
    description: "By spend.",
    options: ["new", "loyal"],
  };

  it("says what its field says by now, and keeps the options it had", async () => {
    await open();
    const { scores } = adapter();
    const read = async () => {
      const answer = await fetch(`${portal.url}/crm/v3/properties/contacts/inchworm_segment`, {
        headers: { authorization: `Bearer ${portal.token}` },
      });
      return (await answer.json()) as Record<string, unknown> & { options: { value: string }[] };
    };
    await scores.prepare([segment], context);
    await scores.prepare([newer], { ...context, dryRun: true });
    expect(await read()).toMatchObject({ label: "Segment", description: "By recency." });
    await scores.prepare([newer], context);
    const changed = await read();
    expect(changed).toMatchObject({ label: "Kind", description: "By spend.", type: "enumeration" });
    expect(changed.options.map(({ value }) => value)).toEqual(["loyal", "new"]);
    const before = portal.requests.total;
    await scores.prepare([newer], context);
    expect(portal.requests.total - before).toBe(1);
  });

  it("is left as it is when somebody has moved it to a group of theirs", async () => {
    await open({
      properties: [
        { name: "inchworm_chance", label: "Theirs", type: "number", fieldType: "number" },
      ],
    });
    await adapter().scores.prepare([chance], context);
    expect(portal.requests.total).toBe(1);
  });
});

describe("whose a token is", () => {
  it("is asked once, and differs between portals", async () => {
    await open({ seed: 1 });
    const { contacts, scores } = adapter();
    const first = await contacts.identify?.(context);
    expect(first).toMatch(/^HubSpot portal \d{6,9}$/);
    const before = portal.requests.total;
    expect(await scores.identify?.(context)).toBe(first);
    expect(portal.requests.total).toBe(before);
    await portal.close();
    await open({ seed: 2 });
    expect(await adapter().contacts.identify?.(context)).not.toBe(first);
  });

  it("stays unknown when the token may not ask, and only then", async () => {
    await open();
    const refusing = (code: "scope" | "not-found" | "auth"): Gate => ({
      request: () => Promise.reject(new InchwormError(code, "no")),
      observe() {},
    });
    const { contacts } = adapter();
    await expect(contacts.identify?.({ gate: refusing("auth") })).rejects.toMatchObject({
      code: "auth",
    });
    expect(await contacts.identify?.({ gate: refusing("scope") })).toBeUndefined();
    expect(await adapter().scores.identify?.({ gate: refusing("not-found") })).toBeUndefined();
  });
});

describe("merged records", () => {
  it.each([
    { mergedInBatch: "missing" },
    { mergedInBatch: "ignored" },
    { mergedInBatch: "missing", mergeMakesNewId: true },
  ] as const)("are skipped, and their survivor is left alone: %o", async (options) => {
    await open(options);
    const ids = portal.addContacts(people(3));
    const [first, second, third] = ids as [string, string, string];
    const { scores } = adapter();
    await scores.prepare([chance], context);
    const survivor = portal.merge(first, second);
    const rows = [second, third].map((recordId) => ({ recordId, values: { chance: 0.5 } }));
    expect(await scores.write(rows, context)).toMatchObject([
      { outcome: "skipped", code: "merged" },
      { outcome: "updated" },
    ]);
    expect(portal.contact(survivor)?.properties.inchworm_chance).toBeUndefined();
  });

  it("counts an archived record as gone", async () => {
    await open();
    const [id] = portal.addContacts(people(1)) as [string];
    const { scores } = adapter();
    await scores.prepare([chance], context);
    portal.archive(id);
    expect(await scores.write([{ recordId: id, values: { chance: 1 } }], context)).toMatchObject([
      { outcome: "failed", code: "gone" },
    ]);
    expect(await scores.resolve(["p0@example.com"], context)).toEqual([undefined]);
    expect(await scores.read([id], [chance], context)).toEqual([undefined]);
  });
});

describe("a portal that was cleaned up", () => {
  it("costs one request more a batch, and its merged records are known all the same", async () => {
    await open();
    const ids = portal.addContacts(people(300));
    const [survivor, ...others] = ids as [string, ...string[]];
    const { scores } = adapter();
    const merged = others.slice(0, 30);
    for (const id of merged) portal.merge(survivor, id);
    for (const id of others.slice(30)) portal.archive(id);
    await scores.prepare([chance], context);
    const before = portal.requests.total;
    const codes: Record<string, number> = {};
    for (let start = 0; start < ids.length; start += 100) {
      const rows = ids.slice(start, start + 100).map((recordId) => ({
        recordId,
        values: { chance: 0.5 },
      }));
      for (const { code = "", outcome } of await scores.write(rows, context)) {
        codes[code || outcome] = (codes[code || outcome] ?? 0) + 1;
      }
    }
    expect(codes).toEqual({ updated: 1, merged: 30, gone: 269 });
    // three updates, three batch reads, a read for each merged record, and twenty in vain
    expect(portal.requests.total - before).toBe(3 + 3 + 30 + 20);
  });
});

describe("a bad line", () => {
  it("loses no contact and writes nothing but our property, whatever breaks", async () => {
    await open({ seed: 7 });
    const ids = portal.addContacts(people(450));
    portal.setFaults({
      rateLimit: 0.1,
      serverError: 0.1,
      dropped: 0.1,
      cut: 0.1,
      htmlErrors: 0.1,
      locked423: 0.05,
      migration477: 0.05,
    });
    const { contacts, scores } = adapter();
    const context = { gate: stubborn };
    const seen = new Set<string>();
    for await (const { records } of contacts.read({ ...context, now: clock })) {
      for (const { id } of records.contact ?? []) seen.add(id);
    }
    expect([...seen].sort()).toEqual([...ids].sort());

    await scores.prepare([chance], context);
    for (let start = 0; start < ids.length; start += scores.batchSize) {
      const batch = ids.slice(start, start + scores.batchSize);
      const rows = batch.map((recordId) => ({ recordId, values: { chance: 0.25 } }));
      const outcomes = await scores.write(rows, context);
      expect(outcomes.every(({ outcome }) => outcome === "updated")).toBe(true);
    }
    for (const id of ids) expect(portal.contact(id)?.properties.inchworm_chance).toBe("0.25");
    expect(Object.keys(portal.requests.propertiesSent)).toEqual(["inchworm_chance"]);
    expect(portal.created).toEqual([]);
    expect(Object.keys(portal.requests.injected).length).toBeGreaterThanOrEqual(6);
  });
});

describe("a later run", () => {
  it("gives more changes than one search can", async () => {
    await open();
    const ids = portal.addContacts(people(10_450));
    const found = new Set<string>();
    for await (const page of adapter().contacts.read({
      ...context,
      now: clock,
      cursor: { since: 0 },
    })) {
      for (const { id } of page.records.contact ?? []) found.add(id);
    }
    expect(found.size).toBe(ids.length);
  });
});
