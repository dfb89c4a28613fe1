import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore, type Store } from "@inchworm/store";
import { type AccountGate, accountGate, makePlan, push } from "@inchworm/sync";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Platform, platforms, pullPeople } from "./support/platforms.js";
import { fields } from "./support/scored-portal.js";

const names = Object.keys(platforms);
/** The first two are everywhere, the rest only there. */
const emailsOf = (name: string) => [
  "ada@example.com",
  "grace@example.com",
  `only-${name}@example.com`,
];

let folder: string;
let store: Store;
const open = new Map<string, Platform>();
const gates = new Map<string, AccountGate>();
const at = (name: string) => open.get(name) as Platform;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "inchworm-"));
  store = await openStore(join(folder, "shop.duckdb"));
  for (const [place, [name, start]] of Object.entries(platforms).entries()) {
    // vendors and people write addresses as they like
    const emails = emailsOf(name).map((email) => (place === 1 ? email.toUpperCase() : email));
    const platform = await start({ seed: place + 1, emails });
    open.set(name, platform);
    gates.set(name, accountGate(platform.account));
  }
});
afterEach(async () => {
  await store.close();
  for (const platform of open.values()) await platform.close();
  open.clear();
  await rm(folder, { recursive: true, force: true });
});

/** All at once, as `inchworm pull` does. */
const pullAll = () =>
  Promise.all(names.map((name) => pullPeople(store, at(name), gates.get(name) as AccountGate)));

async function idsOf(person: string): Promise<Record<string, string>> {
  for await (const batch of store.contacts())
    for (const { contact, identities } of batch)
      if (contact === (await store.find(person))?.contact)
        return Object.fromEntries(
          identities
            .filter(({ system }) => names.includes(system))
            .map(({ system, id }) => [system, id]),
        );
  return {};
}

async function pushScores(): Promise<void> {
  const contacts: number[] = [];
  for await (const batch of store.contacts())
    for (const { contact } of batch) contacts.push(contact);
  await store.saveScores({
    scorer: "churn",
    modelId: "made-up",
    asOf: Date.UTC(2026, 0, 1),
    contacts: Int32Array.from(contacts),
    fields: {
      churn_probability: contacts.map((contact) => contact / 100),
      churn_band: contacts.map(() => "low"),
    },
    reasons: contacts.map(() => []),
    abstained: contacts.map(() => undefined),
  });
  for (const name of names) {
    const gate = gates.get(name) as AccountGate;
    const { scores } = at(name);
    const plan = await makePlan(scores, store, fields, { gate, now: Date.now() });
    await push(plan, scores, store, { gate });
  }
}

it("is one person for all platforms by the address, however it is written", async () => {
  await pullAll();
  expect((await store.summary()).contacts).toBe(2 + names.length);
  for (const [place, email] of ["ada@example.com", "grace@example.com"].entries())
    expect(await idsOf(email)).toEqual(
      Object.fromEntries(names.map((name) => [name, at(name).ids[place]])),
    );
  expect(await store.sharedNames()).toEqual([]);

  // one score on every platform
  await pushScores();
  const ada = (await store.find("ada@example.com"))?.contact as number;
  for (const name of names) {
    const { ours } = at(name).records().get(at(name).ids[0]) ?? { ours: [] };
    expect(ours.map(String)).toEqual([String(ada / 100), "low"]);
    expect(at(name).created()).toEqual([]);
  }
});

it("a refusal at one platform is a refusal at all of them", async () => {
  await pullAll();
  await pushScores();
  at(names[0]).refuseProfiling(at(names[0]).ids[0]);
  await pullAll();
  expect((await store.find("ada@example.com"))?.profiling).toBe("denied");
  await pushScores();
  for (const name of names) {
    const { ours } = at(name).records().get(at(name).ids[0]) ?? { ours: [] };
    expect(ours.filter((value) => value !== undefined && value !== "")).toEqual([]);
  }
});

it.each(names)(
  "somebody deleted at %s stays at the others, and is left alone there",
  async (name) => {
    await pullAll();
    const { [name]: deleted, ...left } = await idsOf("ada@example.com");
    at(name).delete(deleted);
    await pullAll();
    expect(await idsOf("ada@example.com")).toEqual(left);
    const before = at(name).records().get(deleted);
    await pushScores();
    expect(at(name).records().get(deleted)).toEqual(before);
    expect(at(name).written().has(deleted)).toBe(false);
    for (const [other, id] of Object.entries(left)) expect(at(other).written().has(id)).toBe(true);
  },
);

it.each(names.filter((name) => name !== "mailchimp"))(
  "people merged at %s are one everywhere, and standing twice elsewhere is told",
  async (name) => {
    await pullAll();
    const [ada, grace] = at(name).ids;
    at(name).merge?.(ada, grace);
    await pullAll();
    const found = await store.find("grace@example.com");
    expect(found?.contact).toBe((await store.find("ada@example.com"))?.contact);
    const others = names.filter((other) => other !== name);
    expect(await store.sharedNames()).toEqual(
      others.map((system) => ({
        system,
        people: 1,
        examples: [{ contact: found?.contact, ids: at(system).ids.slice(0, 2).sort() }],
      })),
    );
    await pushScores();
    expect(at(name).written()).toEqual(new Set([ada, at(name).ids[2]]));
    for (const other of others) expect(at(other).written()).toEqual(new Set(at(other).ids));
  },
);

it("two records of one system with one address are told, not guessed at", async () => {
  await pullAll();
  const { ids, changeEmail } = at("salesforce");
  changeEmail(ids[2], "ada@example.com");
  await pullAll();
  const contact = (await store.find("ada@example.com"))?.contact;
  expect(await store.sharedNames()).toEqual([
    { system: "salesforce", people: 1, examples: [{ contact, ids: [ids[0], ids[2]].sort() }] },
  ]);
});
