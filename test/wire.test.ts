import type { Store } from "@inchworm/store";
import { makePlan, pull, push } from "@inchworm/sync";
import { afterEach, expect, it } from "vitest";
import {
  asOf,
  fields,
  type ScoredPortal,
  saveScores,
  scoredPortal,
  type Values,
} from "./support/scored-portal.js";

let world: ScoredPortal;
afterEach(() => world?.end());

const score: Values = [0.4, "low"];
const optOut = { name: "profiling_opt_out", type: "bool", fieldType: "booleancheckbox" } as const;

async function pullContacts(store: Store): Promise<void> {
  const { portal, gate } = world;
  const source = { name: portal.contacts.name, system: portal.account.system };
  const sink = {
    cursor: () => store.cursor(source.name),
    ingest: (page: Parameters<Store["ingest"]>[1]) => store.ingest(source, page),
  };
  await pull(portal.contacts, sink, { gate, now: Date.now() });
}

/** What somebody at the portal does by hand. */
async function edit(id: string, properties: Record<string, string>): Promise<void> {
  const { url, token } = world.sandbox;
  const answer = await fetch(`${url}/crm/v3/objects/contacts/${id}`, {
    method: "PATCH",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ properties }),
  });
  expect(answer.status).toBe(200);
}

it("somebody who opted out of profiling loses their old score, and gets no new one", async () => {
  world = await scoredPortal(
    30,
    { properties: [optOut], indexLagMs: 0 },
    { profilingOptOutProperty: optOut.name },
  );
  const { sandbox, portal, gate, ids, withStore } = world;
  const [ada, grace] = ids;
  const now = Date.now();
  await withStore(async (store) => {
    await pullContacts(store);
    await saveScores(store, () => score);
    await push(await makePlan(portal.scores, store, fields, { gate, now }), portal.scores, store, {
      gate,
    });
    expect(sandbox.contact(ada)?.properties).toMatchObject({
      inchworm_churn_probability: "0.4",
      inchworm_churn_band: "low",
    });

    await edit(ada, { [optOut.name]: "true" });
    await pullContacts(store);
    const found = await store.find(`hubspot:${ada}`);
    expect(found?.profiling).toBe("denied");
    const known = await store.features({ asOf: Date.now() });
    expect([...known.contacts]).not.toContain(found?.contact);

    // even a score that was saved for them all the same is not written
    await saveScores(store, () => [0.9, "high"]);
    sandbox.writes.clear();
    const plan = await makePlan(portal.scores, store, fields, { gate, now: now + 1 });
    expect(plan).toMatchObject({ updates: 29, clears: 1 });
    expect(await push(plan, portal.scores, store, { gate })).toMatchObject({
      updated: 29,
      cleared: 1,
    });

    const properties = sandbox.contact(ada)?.properties ?? {};
    expect(Object.keys(properties).filter((name) => name.startsWith("inchworm_"))).toEqual([]);
    expect([...sandbox.writes].filter(({ id }) => id === ada)).toEqual([
      { id: ada, name: "inchworm_churn_probability", value: "" },
      { id: ada, name: "inchworm_churn_band", value: "" },
    ]);
    expect(sandbox.contact(grace)?.properties).toMatchObject({ inchworm_churn_probability: "0.9" });

    const again = await makePlan(portal.scores, store, fields, { gate, now: now + 2 });
    expect(again).toMatchObject({ updates: 0, clears: 0, requests: 0 });
  });
});

it("no request carries a property that is not ours, and none creates a contact", async () => {
  world = await scoredPortal(250);
  const { sandbox, portal, gate, ids, withStore } = world;
  const before = new Map(ids.map((id) => [id, sandbox.contact(id)?.properties]));
  await withStore(async (store) => {
    await pullContacts(store);
    const half = new Set(ids.slice(0, 120));
    await saveScores(store, (id) => (half.has(id) ? score : undefined));
    const plan = await makePlan(portal.scores, store, fields, { gate, now: asOf });
    await push(plan, portal.scores, store, { gate, now: asOf });
  });

  const ours = ["inchworm_churn_band", "inchworm_churn_probability"];
  expect(Object.keys(sandbox.requests.propertiesSent).sort()).toEqual(ours);
  for (const { method, path, body } of sandbox.log) {
    // reading, searching, making our own properties, and updating records that exist
    const what = `${method} ${path.split("?")[0]}`.replace(/contacts\/\d+$/, "contacts/{id}");
    if (method !== "GET")
      expect(what).toMatch(
        /\/(search|batch\/read|batch\/update|contacts\/groups|batch\/create|properties\/contacts)$/,
      );
    if (/batch\/create$/.test(path)) expect(path).toContain("/properties/");
    if (!/objects\/contacts\/batch\/update$/.test(path)) continue;
    for (const input of JSON.parse(body ?? "{}").inputs)
      for (const name of Object.keys(input.properties)) expect(ours).toContain(name);
  }
  expect(sandbox.created).toEqual([]);
  for (const [index, id] of ids.entries()) {
    const { lastmodifieddate, inchworm_churn_probability, inchworm_churn_band, ...rest } =
      sandbox.contact(id)?.properties ?? {};
    const { lastmodifieddate: modified, ...old } = before.get(id) ?? {};
    expect(rest).toEqual(old);
    if (index >= 120) expect(lastmodifieddate).toBe(modified);
    expect([inchworm_churn_probability, inchworm_churn_band]).toEqual(
      index < 120 ? ["0.4", "low"] : [undefined, undefined],
    );
  }
});
