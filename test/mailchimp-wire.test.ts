import { existsSync, readFileSync } from "node:fs";
import { mailchimp } from "@inchworm/mailchimp";
import type { Source } from "@inchworm/spec";
import type { Store } from "@inchworm/store";
import { accountGate, makePlan, pull, push, verify } from "@inchworm/sync";
import { afterEach, expect, it } from "vitest";
import { swaggerContract } from "./contract/swagger.js";
import { type ScoredAudience, scoredAudience } from "./support/scored-audience.js";
import { fields, saveScores, type Values } from "./support/scored-portal.js";

const spec = new URL(
  "../../shared/specs/mailchimp/marketing-3.0.55.selection.swagger.json",
  import.meta.url,
);
const score: Values = [0.4, "low"];
const quick = { looks: { requests: 200, perMs: 1_000 } };

let world: ScoredAudience;
afterEach(() => world?.end());

async function pullAll(store: Store, ...sources: readonly Source[]): Promise<void> {
  const { adapter, gate } = world;
  for (const one of sources) {
    const source = { name: one.name, system: adapter.account.system };
    const sink = {
      cursor: () => store.cursor(source.name),
      ingest: (page: Parameters<Store["ingest"]>[1]) => store.ingest(source, page),
    };
    await pull(one, sink, { gate, now: Date.now() });
  }
}

const members = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    email: `person${index}@example.com`,
    signedUpAt: Date.UTC(2025, 0, 1),
    tags: ["VIP"],
    mergeFields: { FNAME: `P${index}` },
  }));

it("somebody who opted out of profiling loses their old score, also when they have unsubscribed", async () => {
  world = await scoredAudience(
    members(30),
    { mergeFields: [{ tag: "NOSCORE" }], batchMs: 5 },
    { profilingOptOutField: "NOSCORE", limits: quick },
  );
  const { sandbox, adapter, gate, ids, withStore } = world;
  const { scores } = adapter;
  const [ada, grace, mary] = ids;
  const now = Date.now();
  await withStore(async (store) => {
    await pullAll(store, adapter.contacts);
    await saveScores(store, () => score, "mailchimp");
    await push(await makePlan(scores, store, fields, { gate, now }), scores, store, { gate });
    expect(Object.keys(sandbox.member(ada)?.mergeFields ?? {})).toHaveLength(3);

    sandbox.edit(ada, { NOSCORE: "yes" });
    sandbox.edit(grace, { NOSCORE: "yes" });
    sandbox.setStatus(grace, "unsubscribed");
    sandbox.setStatus(mary, "unsubscribed");
    await pullAll(store, adapter.contacts);
    await saveScores(store, () => [0.9, "high"], "mailchimp");
    const plan = await makePlan(scores, store, fields, { gate, now: now + 1 });
    expect(plan).toMatchObject({ updates: 28, clears: 2 });
    expect(await push(plan, scores, store, { gate })).toMatchObject({
      updated: 27,
      cleared: 2,
      skipped: 1,
      failures: { unsubscribed: 1 },
    });
    for (const id of [ada, grace]) {
      const left = Object.keys(sandbox.member(id)?.mergeFields ?? {});
      expect(left.sort()).toEqual(["FNAME", "NOSCORE"]);
    }
    // left as it was: whoever has left keeps what they had
    expect(Object.values(sandbox.member(mary)?.mergeFields ?? {})).toContain(0.4);
    expect(sandbox.member(grace)?.status).toBe("unsubscribed");
  });
  expect(Object.keys(sandbox.requests.memberKeysSent)).toEqual(["merge_fields"]);
});

it("a key that is revoked in the middle ends the push, and another key goes on with it", async () => {
  world = await scoredAudience(
    members(400),
    { batchMs: 10 },
    { batchSize: 20, directAtMost: 0, limits: quick },
  );
  const { sandbox, adapter, gate, options, withStore } = world;
  const { scores } = adapter;
  await withStore(async (store) => {
    await saveScores(store, () => score, "mailchimp");
    const plan = await makePlan(scores, store, fields, { gate, now: Date.now() });
    const onProgress = ({ done }: { done: number }) => {
      if (done >= 40) sandbox.revoke();
    };
    const failure = await push(plan, scores, store, { gate, onProgress }).catch((error) => error);
    expect(failure).toMatchObject({ code: "auth" });
    expect(`${failure.message} ${failure.hint} ${failure.stack}`).not.toContain(sandbox.apiKey);
    expect((await store.planState(plan.id))?.pending).toBeGreaterThan(0);

    const renewed = mailchimp({ ...options, apiKey: sandbox.apiKey });
    const open = { gate: accountGate(renewed.account) };
    const report = await push(plan, renewed.scores, store, open);
    expect(report).toMatchObject({ resumed: true, failed: 0, unknown: 0 });
    const verified = await verify(plan, renewed.scores, store, open);
    expect(verified).toMatchObject({ compared: 800, mismatches: 0, missing: 0 });
  });
});

it.skipIf(!existsSync(spec))(
  "every request and every operation of a batch is as the API's description has it",
  async () => {
    world = await scoredAudience(members(60), { batchMs: 5 }, { batchSize: 30, limits: quick });
    const { sandbox, adapter, gate, withStore } = world;
    sandbox.addCampaign({ subject: "Spring", sentAt: Date.now() - 60_000, sentTo: [] });
    sandbox.addStore({ id: "shop" });
    await adapter.check({ gate });
    await withStore(async (store) => {
      const { contacts, campaigns, engagements, orders, products } = adapter;
      for (let run = 0; run < 2; run++) {
        await pullAll(store, contacts, campaigns, engagements, orders, products);
      }
      await saveScores(store, () => score, "mailchimp");
      for (const destination of [adapter.scores, adapter.tags]) {
        const plan = await makePlan(destination, store, fields, { gate, now: Date.now() });
        await push(plan, destination, store, { gate });
        const verified = await verify(plan, destination, store, { gate });
        expect(verified.compared).toBeGreaterThan(0);
        expect(verified.mismatches).toBe(0);
      }
      const few = { gate };
      await adapter.scores.resolve(["person1@example.com"], few);
      await adapter.scores.write([{ recordId: world.ids[0], values: { churn_band: "high" } }], few);
    });

    const contract = swaggerContract(spec);
    const paths = JSON.parse(readFileSync(spec, "utf8")).paths;
    const parameters = (name: string) => {
      const [method, path] = name.split(" ");
      const listed: { in: string; name: string }[] =
        paths[path][method.toLowerCase()].parameters ?? [];
      return new Set(listed.filter((one) => one.in === "query").map((one) => one.name));
    };
    const asked = (method: string, path: string, query: Iterable<string>, body?: string) => {
      const before = new Set(contract.checked);
      contract.checked.clear();
      const sent = body === undefined || body === "" ? {} : { sent: JSON.parse(body) };
      // any refusal will do for an answer: it is the request that is looked at
      const problem = { type: "", title: "", status: 400, detail: "", instance: "" };
      contract.check({ method, path, ...sent, status: 400, body: problem });
      const [name] = contract.checked;
      for (const one of query) expect(parameters(name), `${name} takes ${one}`).toContain(one);
      for (const one of before) contract.checked.add(one);
    };
    for (const { method, path, body } of sandbox.log) {
      const url = new URL(path, sandbox.url);
      if (url.pathname.startsWith("/batch-results/")) continue;
      asked(method, url.pathname.slice("/3.0".length), url.searchParams.keys(), body);
      if (method !== "POST" || url.pathname !== "/3.0/batches") continue;
      for (const operation of JSON.parse(body ?? "").operations) {
        expect(operation.path).not.toContain("?");
        const query = Object.keys(operation.params ?? {});
        asked(operation.method, operation.path, query, operation.body);
      }
    }
    expect(contract.checked.size).toBeGreaterThanOrEqual(17);
    expect(JSON.stringify(sandbox.log.map(({ path }) => path))).not.toMatch(/@|%40/);
  },
);
