import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InchwormError, type Plan } from "@inchworm/spec";
import { openStore, type Store } from "@inchworm/store";
import { accountGate, makePlan, push, verify } from "@inchworm/sync";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Platform, platforms, pullPeople } from "./support/platforms.js";
import { fields, saveScores, type Values } from "./support/scored-portal.js";

let store: Store;
let folder: string;
const open: Platform[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "inchworm-"));
  store = await openStore(join(folder, "shop.duckdb"));
});
afterEach(async () => {
  await store.close();
  for (const platform of open.splice(0)) await platform.close();
  await rm(folder, { recursive: true, force: true });
});

const people = 300;
const emails = (who: string) =>
  Array.from({ length: people }, (_, index) => `${who}${index}@example.com`);

describe.each(Object.entries(platforms))("two accounts of %s in one process", (name, start) => {
  it("never mix tokens, limits or data", { timeout: 120_000 }, async () => {
    // the last person of each is in both
    const shared = "both@example.com";
    const accounts = ["eu", "us"];
    for (const [place, account] of accounts.entries())
      open.push(await start({ seed: place + 1, account, emails: [...emails(account), shared] }));
    const gates = open.map(({ account }) => accountGate(account, { seed: 1 }));
    const [eu, us] = open;
    expect(eu.account.system).toBe(`${name}:eu`);
    expect(eu.secrets[0]).not.toBe(us.secrets[0]);

    // some requests of one account are refused as too many; the other's are never held up for it
    eu.setFaults({ rateLimit: 0.15 });
    await Promise.all(open.map((one, place) => pullPeople(store, one, gates[place])));
    expect((await store.summary()).contacts).toBe(2 * people + 1);

    const wanted = new Map<string, Values>();
    for (const [place, { ids }] of open.entries())
      for (const [index, id] of ids.entries())
        wanted.set(
          `${place} ${id}`,
          id === ids[people] ? [0.999, "high"] : [(2 * index + place + 1) / 1000, "low"],
        );
    const numbers = new Map<number, Values>();
    for await (const batch of store.contacts())
      for (const { contact, identities } of batch)
        for (const { system, id } of identities) {
          const place = accounts.indexOf(system.slice(name.length + 1));
          const values = wanted.get(`${place} ${id}`);
          if (system.startsWith(`${name}:`) && values) numbers.set(contact, values);
        }
    expect(numbers.size).toBe(2 * people + 1);
    await store.saveScores({
      scorer: "churn",
      modelId: "made-up",
      asOf: Date.UTC(2026, 0, 1),
      contacts: Int32Array.from(numbers.keys()),
      fields: {
        churn_probability: [...numbers.values()].map(([probability]) => probability),
        churn_band: [...numbers.values()].map(([, band]) => band),
      },
      reasons: [...numbers].map(() => []),
      abstained: [...numbers].map(() => undefined),
    });
    const before = open.map((one) => one.records());
    const plans: Plan[] = [];
    for (const [place, { scores }] of open.entries()) {
      const gate = gates[place];
      plans.push(await makePlan(scores, store, fields, { gate, now: Date.now() }));
    }
    expect(plans.map(({ updates }) => updates)).toEqual([people + 1, people + 1]);
    await Promise.all(
      open.map(({ scores }, place) => push(plans[place], scores, store, { gate: gates[place] })),
    );

    for (const [place, one] of open.entries()) {
      const records = one.records();
      expect(one.written()).toEqual(new Set(one.ids));
      expect(one.created()).toEqual([]);
      expect(one.count(/ 401$/)).toBe(0);
      for (const [id, { foreign, ours }] of records) {
        const [probability, band] = wanted.get(`${place} ${id}`) ?? [];
        expect(ours.map(String)).toEqual([`${probability}`, `${band}`]);
        expect(foreign).toEqual(before[place].get(id)?.foreign);
      }
    }
    expect(gates[0].stats().rateLimited).toBeGreaterThan(0);
    expect(gates[1].stats().rateLimited).toBe(0);

    // a token that ends takes its own account along and no other
    eu.setFaults({});
    eu.revoke();
    await saveScores(store, () => [0.5, "high"], us.account.system);
    const [ended, other] = await Promise.allSettled(
      open.map(async ({ scores }, place) => {
        const gate = gates[place];
        const plan = await makePlan(scores, store, fields, { gate, now: Date.now() + 1 });
        const report = await push(plan, scores, store, { gate });
        const verified = await verify(plan, scores, store, { gate });
        return { report, verified };
      }),
    );
    expect(ended.status).toBe("rejected");
    if (ended.status === "rejected") {
      expect(InchwormError.is(ended.reason, "auth")).toBe(true);
      const text = `${ended.reason.message} ${ended.reason.hint} ${ended.reason.stack}`;
      for (const secret of [...eu.secrets, ...us.secrets]) expect(text).not.toContain(secret);
    }
    expect(other).toMatchObject({
      status: "fulfilled",
      value: { report: { updated: people + 1, failed: 0 }, verified: { mismatches: 0 } },
    });
    expect(us.count(/ 401$/)).toBe(0);
  });
});
