import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Contact, Order } from "@inchworm/spec";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStore } from "../store.js";
import type { HoldoutDefinition } from "../types/holdout.js";
import type { Store } from "../types/store.js";
import { armOf, drawOf } from "./draw.js";

let folder: string;
let path: string;
let store: Store;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "inchworm-holdout-"));
  path = join(folder, "shop.duckdb");
  store = await openStore(path);
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

const golden: { system: string; id: string; draw: number; arm: string }[] = JSON.parse(
  readFileSync(new URL("./__fixtures__/arms.json", import.meta.url), "utf8"),
);
const arms = [
  { name: "holdout", share: 0.1 },
  { name: "blue", share: 0.45 },
  { name: "red", share: 0.45 },
];
const universal: HoldoutDefinition = {
  name: "universal",
  arms: [
    { name: "holdout", share: 0.5 },
    { name: "treated", share: 0.5 },
  ],
};

const come = (system: string, contact: readonly Contact[], order: readonly Order[] = []) =>
  store.ingest({ name: `${system}:contacts`, system }, { records: { contact, order }, cursor: {} });
const refuse = (contact: string) =>
  store.ingest(
    { name: "hubspot:contacts", system: "hubspot" },
    {
      records: { consent: [{ contact, purpose: "profiling", status: "denied", at: 1 }] },
      cursor: {},
    },
  );
async function armOfPerson(person: string): Promise<string | undefined> {
  const found = await store.find(person);
  return (await store.armsOf(found?.contact ?? -1)).at(-1)?.arm;
}

describe("an arm", () => {
  it("is the same in every release: the golden file", async () => {
    for (const { system, id, draw, arm } of golden) {
      expect(drawOf("golden", 1, system, id)).toBe(draw);
      expect(arms[armOf(draw, [0.1, 0.45, 0.45])].name).toBe(arm);
    }
    const emails = golden.filter(({ system }) => system === "email");
    await come(
      "hubspot",
      emails.map(({ id }, index) => ({ id: String(index), email: ` ${id.toUpperCase()} ` })),
    );
    await come(
      "shop",
      golden
        .filter(({ system }) => system === "customer")
        .map(({ id }) => ({ id, identities: [{ system: "customer", id }] })),
    );
    await store.holdOut({ name: "spring", salt: "golden", arms }, { now: 1000 });
    for (const { system, id, arm } of golden)
      if (system !== "hubspot")
        expect(await armOfPerson(system === "email" ? id : `${system}:${id}`), id).toBe(arm);
  });

  it("is the same from whatever platform a person comes, in whatever order", async () => {
    const people = golden.filter(({ system }) => system === "email").map(({ id }) => id);
    await come(
      "hubspot",
      people.map((email, index) => ({ id: String(index), email })),
    );
    await store.holdOut(universal, { now: 1 });
    const there = await openStore(join(folder, "other.duckdb"));
    await there.ingest(
      { name: "mailchimp:members", system: "mailchimp" },
      {
        records: { contact: [...people].reverse().map((email) => ({ id: `m-${email}`, email })) },
        cursor: {},
      },
    );
    await there.holdOut(universal, { now: 2 });
    for (const person of people) {
      const other = await there.find(person);
      expect((await there.armsOf(other?.contact ?? -1))[0].arm).toBe(await armOfPerson(person));
    }
    await there.close();
  });

  it("is of the person: records that share an address share it, and a changed address keeps it", async () => {
    await come("hubspot", [{ id: "1", email: "ada@example.com" }]);
    await come("mailchimp", [{ id: "x", email: "ADA@example.com " }]);
    const { holdout } = await store.holdOut(universal, { now: 1 });
    expect(holdout.counts[0] + holdout.counts[1]).toBe(1);
    const before = await armOfPerson("ada@example.com");
    await come("hubspot", [{ id: "1", email: "countess@example.com" }]);
    expect((await store.holdOut(universal, { now: 2 })).added).toBe(0);
    expect(await armOfPerson("countess@example.com")).toBe(before);
  });

  it("stays when shares would say otherwise, until everybody is drawn anew; history is kept", async () => {
    await come(
      "hubspot",
      golden.map((_, index) => ({ id: String(index), email: `p${index}@example.com` })),
    );
    const first = await store.holdOut(universal, { now: 5 });
    expect(first).toMatchObject({
      added: golden.length,
      holdout: { version: 1, salt: "universal" },
    });
    await store.close();
    store = await openStore(path);
    const again = await store.holdOut(universal, { now: 6 });
    expect(again).toMatchObject({ added: 0, holdout: { counts: first.holdout.counts } });
    const other = { ...universal, arms };
    await expect(store.holdOut(other, { now: 7 })).rejects.toThrow(/stands with other arms.*1970/s);
    const renewed = await store.holdOut(other, { now: 8, renew: true });
    expect(renewed).toMatchObject({ added: golden.length, holdout: { version: 2 } });
    const found = await store.find("p0@example.com");
    expect((await store.armsOf(found?.contact ?? -1)).map(({ version }) => version)).toEqual([
      1, 2,
    ]);
    expect(await store.holdouts()).toHaveLength(1);
  });
});

describe("two people who prove to be one", () => {
  it("have the arm that was given first, and the conflict is told", async () => {
    const index = [...Array(50).keys()];
    const arm = (email: string) =>
      drawOf("universal", 1, "email", email) < 0.5 ? "holdout" : "treated";
    const one = "first@example.com";
    const other = index
      .map((at) => `second${at}@example.com`)
      .find((email) => arm(email) !== arm(one)) as string;
    // numbered first, assigned second
    await come("mailchimp", [{ id: "b", email: other }]);
    await store.ingest(
      { name: "mailchimp:members", system: "mailchimp" },
      {
        records: { consent: [{ contact: "b", purpose: "profiling", status: "denied", at: 1 }] },
        cursor: {},
      },
    );
    await come("hubspot", [{ id: "a", email: one }]);
    expect((await store.holdOut(universal, { now: 10 })).added).toBe(1);
    await store.ingest(
      { name: "mailchimp:members", system: "mailchimp" },
      {
        records: { consent: [{ contact: "b", purpose: "profiling", status: "granted", at: 2 }] },
        cursor: {},
      },
    );
    expect((await store.holdOut(universal, { now: 20 })).added).toBe(1);
    expect(await armOfPerson(other)).toBe(arm(other));
    await come("hubspot", [{ id: "a", identities: [{ system: "mailchimp", id: "b" }] }]);
    expect(await armOfPerson(other)).toBe(arm(one));
    expect(await armOfPerson(one)).toBe(arm(one));
    const [{ conflicts, counts }] = await store.holdouts();
    expect(conflicts).toBe(1);
    expect(counts[0] + counts[1]).toBe(1);
  });
});

describe("a holdout", () => {
  it("of a campaign leaves out who is held out from everything, and knows strata", async () => {
    await come(
      "hubspot",
      Array.from({ length: 400 }, (_, index) => ({
        id: String(index),
        email: `p${index}@example.com`,
        ...(index % 3 > 0 && { country: index % 3 === 1 ? "DE" : "FR" }),
      })),
    );
    await store.holdOut(universal, { now: 1 });
    const spring: HoldoutDefinition = {
      name: "spring",
      arms,
      stratum: "country",
      within: "universal",
    };
    await store.holdOut(spring, { now: 2 });
    const all = await store.holdoutArms("universal");
    const some = await store.holdoutArms("spring");
    const treated = all.contacts.filter((_, row) => all.arms[row] === 1);
    expect(some.contacts).toEqual(treated);
    expect(some.stratumNames).toEqual(["DE", "FR"]);
    expect(new Set(some.strata)).toEqual(new Set([-1, 0, 1]));
    expect(some.armNames).toEqual(["holdout", "blue", "red"]);
    expect(new Set(some.shares)).toEqual(new Set([0.1, 0.45]));
    // independent of the universal one: a tenth of those who are treated, not of some half
    const held = some.arms.filter((arm) => arm === 0).length / some.contacts.length;
    expect(held).toBeGreaterThan(0.04);
    expect(held).toBeLessThan(0.17);
  });

  it("has nobody who refuses profiling, and forgets who is forgotten", async () => {
    await come("hubspot", [
      { id: "1", email: "ada@example.com" },
      { id: "2", email: "grace@example.com" },
      { id: "3", email: "mary@example.com" },
    ]);
    await refuse("2");
    expect((await store.holdOut(universal, { now: 1 })).added).toBe(2);
    const found = await store.find("ada@example.com");
    expect((await store.forget(found?.contact ?? -1)).removed.holdout_arms).toBe(1);
    expect((await store.holdoutArms("universal")).contacts).toHaveLength(1);
    await refuse("3");
    expect((await store.holdoutArms("universal")).contacts).toHaveLength(0);
  });

  it("is refused when it is none", async () => {
    const wrong: [Partial<HoldoutDefinition>, RegExp][] = [
      [{ name: " " }, /no name/],
      [{ arms: arms.slice(0, 1) }, /2 to 250 arms/],
      [{ arms: arms.slice(0, 2) }, /add up to 1/],
      [{ arms: [arms[0], { ...arms[0], share: 0.9 }] }, /a name of its own/],
      [
        {
          arms: [
            { name: "a", share: 0 },
            { name: "b", share: 1 },
          ],
        },
        /above 0 and below 1/,
      ],
      [{ within: "nothing" }, /no holdout "nothing"/],
      [{ within: "universal" }, /within itself/],
    ];
    for (const [part, message] of wrong)
      await expect(store.holdOut({ ...universal, ...part }, { now: 1 })).rejects.toThrow(message);
    await expect(store.holdoutArms("nothing")).rejects.toThrow(/no holdout "nothing"/);
    expect(await store.holdouts()).toEqual([]);
  });
});

describe("decisions and outcomes", () => {
  const day = 86_400_000;
  beforeEach(async () => {
    await come(
      "hubspot",
      [1, 2, 3].map((id) => ({ id: String(id), email: `p${id}@example.com` })),
    );
  });

  it("are kept, and the first of a campaign counts", async () => {
    const log = {
      campaign: "spring",
      at: 10 * day,
      contacts: Int32Array.of(1, 2, 3),
      arms: Uint8Array.of(0, 1, 1),
      armNames: ["holdout", "mail"],
      actions: ["nothing", "mail"],
      propensities: Float64Array.of(0.5, 0.5, 0.5),
      scorer: "churn",
      modelId: "m1",
      scores: Float64Array.of(0.25, 0.5, Number.NaN),
      holdout: "universal",
      costs: [0, 0.3],
    };
    await store.logDecisions(log);
    await store.logDecisions({ ...log, at: 11 * day, arms: Uint8Array.of(1, 1, 1) });
    await store.logDecisions({ ...log, campaign: "autumn", at: 90 * day });
    const found = await store.decisionLog({ asOf: 50 * day });
    expect(found).toEqual([
      {
        campaign: "spring",
        since: 10 * day,
        scorer: "churn",
        modelId: "m1",
        holdout: "universal",
        contacts: Int32Array.of(1, 2, 3),
        at: new Float64Array(3).fill(10 * day),
        arms: Uint8Array.of(0, 1, 1),
        armNames: ["holdout", "mail"],
        actions: ["nothing", "mail"],
        scores: Float64Array.of(0.25, 0.5, Number.NaN),
        propensities: Float64Array.of(0.5, 0.5, 0.5),
        costs: [0, 0.6],
      },
    ]);
    expect((await store.decisionLog({ asOf: 100 * day })).map(({ campaign }) => campaign)).toEqual([
      "spring",
      "autumn",
    ]);
    await store.forget(2);
    expect((await store.decisionLog({ asOf: 50 * day }))[0].contacts).toEqual(Int32Array.of(1, 3));
  });

  it("count from each one's own day, for so many days, and as many before", async () => {
    const event = (
      contact: string,
      at: number,
      type: "click" | "visit",
      campaign?: string,
      machine = false,
    ) => ({
      contact,
      at,
      type,
      machine,
      ...(campaign !== undefined && { campaign }),
    });
    await store.ingest(
      { name: "shop:orders", system: "hubspot" },
      {
        records: {
          order: [
            { id: "a", contact: "1", at: 9 * day, total: 5 },
            { id: "b", contact: "1", at: 10 * day, total: 20 },
            { id: "c", contact: "1", at: 12 * day, total: -8 },
            { id: "d", contact: "1", at: 13 * day, total: 100 },
            { id: "e", contact: "2", at: 10 * day, total: 7 },
          ],
          engagement: [
            event("1", 11 * day, "click", "spring"),
            event("1", 11 * day, "click", "other"),
            event("1", 11 * day + 1, "click", "spring", true),
            event("2", 12 * day, "visit"),
            event("2", 8 * day, "visit"),
          ],
        },
        cursor: {},
      },
    );
    const found = await store.outcomes({
      contacts: Int32Array.of(1, 2, 3),
      from: Float64Array.of(10 * day, 11 * day, 10 * day),
      to: 100 * day,
      days: 3,
      campaign: "spring",
    });
    expect(found.orders).toEqual(Float64Array.of(1, 0, 0));
    expect(found.spend).toEqual(Float64Array.of(12, 0, 0));
    expect(found.clicks).toEqual(Float64Array.of(1, 0, 0));
    expect(found.visits).toEqual(Float64Array.of(0, 1, 0));
    expect(found.spendBefore).toEqual(Float64Array.of(5, 7, 0));
    expect(found.visitsBefore).toEqual(Float64Array.of(0, 1, 0));
    const early = await store.outcomes({
      contacts: Int32Array.of(1),
      from: Float64Array.of(10 * day),
      to: 11 * day,
    });
    expect(early.spend).toEqual(Float64Array.of(20));
  });
});
