import { afterEach, describe, expect, it } from "vitest";
import { account, pages, refused } from "./__fixtures__/account.js";
import { hashOf } from "./values.js";

let world: Awaited<ReturnType<typeof account>>;
afterEach(() => world?.sandbox.close());
const now = Date.UTC(2026, 4, 1, 12);

describe("members", () => {
  it("come in our words, with their consents", async () => {
    const optOut = { tag: "NOSCORE" };
    world = await account(
      [
        {
          email: "Ada@Example.com",
          mergeFields: {
            FNAME: "Ada",
            ADDRESS: { addr1: "1 St", city: "Köln", state: "NW", zip: "50667", country: "DE" },
            CUSTOMER: 17,
            NOSCORE: "yes",
          },
          language: "pt_PT",
          timezone: "europe/berlin",
          signedUpAt: now - 5_000,
          changedAt: now - 4_000,
        },
        { email: "left@example.com", status: "unsubscribed", timezone: "nowhere" },
        { email: "bounced@example.com", status: "cleaned" },
        { email: "asked@example.com", status: "pending", countryCode: "fr" },
        { email: "old@example.com", status: "archived" },
      ],
      { now: () => now, mergeFields: [{ tag: "CUSTOMER", type: "number" }, optOut] },
      { customerIdField: "CUSTOMER", profilingOptOutField: "NOSCORE" },
    );
    const { adapter, context, ids } = world;
    const read = await pages(adapter.contacts.read({ ...context, now }));
    const contacts = read.flatMap((page) => page.records.contact ?? []);
    expect(contacts[0]).toEqual({
      id: ids[0],
      email: "ada@example.com",
      firstName: "Ada",
      country: "DE",
      region: "NW",
      city: "Köln",
      postalCode: "50667",
      timeZone: "Europe/Berlin",
      language: "pt-PT",
      createdAt: now - 5_000,
      modifiedAt: now - 4_000,
      identities: [
        { system: "mailchimp", id: hashOf("ada@example.com") },
        { system: "customer", id: "17" },
      ],
    });
    expect(contacts.map(({ archived }) => archived ?? false)).toEqual([
      ...[false, false, false, false, true],
    ]);
    const consents = read.flatMap((page) => page.records.consent ?? []);
    const said = (purpose: string) =>
      ids.map(
        (id) => consents.find((one) => one.contact === id && one.purpose === purpose)?.status,
      );
    expect(said("email")).toEqual(["unknown", "denied", "denied", "unknown", undefined]);
    expect(said("profiling")).toEqual(["denied", ...Array(4).fill("unknown")]);
  });

  it("must have the merge fields that are named", async () => {
    world = await account([], {}, { profilingOptOutField: "NOSCORE" });
    const { adapter, context, sandbox } = world;
    const act = () => pages(adapter.contacts.read({ ...context, now }));
    expect(await refused(sandbox, act)).toMatchObject({
      code: "config",
      message: expect.stringContaining('"NOSCORE" (profilingOptOutField)'),
    });
  });

  it("are all given once others named fields are asked for", async () => {
    const members = Array.from({ length: 5 }, (_, index) => ({
      email: `p${index}@example.com`,
      changedAt: now - 86_400_000,
    }));
    world = await account(members, { now: () => now, mergeFields: [{ tag: "CUSTOMER" }] });
    const { adapter, context, open, ids } = world;
    const reading = { ...context, now };
    const cursor = (await pages(adapter.contacts.read(reading))).at(-1)?.cursor ?? {};
    const named = open({ customerIdField: "CUSTOMER" }).contacts;
    const again = await pages(named.read({ ...reading, cursor }));
    expect(again.flatMap((page) => page.records.contact ?? [])).toHaveLength(ids.length);
  });

  it("are not lost when others leave the list while it is read", async () => {
    const members = Array.from({ length: 3_500 }, (_, index) => ({
      email: `p${index}@example.com`,
      // all of one import, within one second
      signedUpAt: now - 3_600_000,
    }));
    let time = now;
    world = await account(members, { now: () => time });
    const { adapter, context, sandbox, ids } = world;
    const seen = new Set<string>();
    let cursor = {};
    let turn = 0;
    for await (const page of adapter.contacts.read({ ...context, now })) {
      for (const { id } of page.records.contact ?? []) seen.add(id);
      cursor = page.cursor;
      time += 10_000;
      // those before are changed and deleted: what is behind moves forward
      if (turn++ > 2) continue;
      for (const id of ids.slice(turn * 100, turn * 100 + 40))
        sandbox.edit(id, { FNAME: "Changed" });
      for (const id of ids.slice(turn * 100 + 40, turn * 100 + 60)) sandbox.forget(id);
    }
    const lost = ids.filter((id) => !seen.has(id));
    expect(lost).toEqual([]);
    const later = await pages(adapter.contacts.read({ ...context, now: time, cursor }));
    const again = new Set(later.flatMap((page) => page.records.contact ?? []).map(({ id }) => id));
    for (const id of ids.slice(100, 140)) expect(again).toContain(id);
  });

  it("ask in whole seconds", async () => {
    world = await account([{ email: "ada@example.com" }], { now: () => now });
    const { adapter, context, sandbox } = world;
    const reading = { ...context, now: now + 123 };
    const cursor = (await pages(adapter.contacts.read(reading))).at(-1)?.cursor ?? {};
    await pages(adapter.contacts.read({ ...reading, cursor }));
    const asked = sandbox.log.flatMap(({ path }) => [
      ...new URL(path, sandbox.url).searchParams.entries(),
    ]);
    const times = asked.filter(([name]) => name.endsWith("_last_changed")).map(([, time]) => time);
    expect(times.length).toBeGreaterThanOrEqual(3);
    for (const time of times) expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/);
  });
});
