import type { PlanInput } from "@inchworm/spec";
import { describe, expect, it } from "vitest";
import { churn, fields, noon, segment } from "./__fixtures__/fields.js";
import { memoryDestination } from "./__fixtures__/memory-destination.js";
import { memoryLedger, type Person } from "./__fixtures__/memory-ledger.js";
import { decide } from "./decide.js";
import { accountGate } from "./gate.js";
import { makePlan } from "./plan.js";
import { push } from "./push.js";

const score = (probability: number, kind = "loyal") => ({
  [churn.name]: probability,
  [segment.name]: kind,
});

function setUp(people: readonly (readonly [number, Person])[], recordIds: readonly string[] = []) {
  const ledger = memoryLedger(people);
  const destination = memoryDestination([
    ...people.flatMap(([, { recordId }]) => recordId ?? []),
    ...recordIds,
  ]);
  const gate = accountGate(destination.account, { seed: 1 });
  return {
    ledger,
    destination,
    gate,
    plan: (now = noon, some = fields) => makePlan(destination, ledger, some, { gate, now }),
    push: (plan: Parameters<typeof push>[0]) =>
      push(plan, destination, ledger, { gate, now: noon }),
    rows: () => ledger.outbox.map(({ row }) => row),
  };
}

describe("decide", () => {
  const rules = { fields, retired: [], missing: new Set<string>() };
  const input = (more: Partial<PlanInput>): PlanInput => ({
    contact: 1,
    recordId: "101",
    wanted: undefined,
    written: undefined,
    ...more,
  });

  it("writes only what differs beyond the field's decimals", () => {
    expect(decide(input({ wanted: score(0.4211), written: score(0.4189) }), rules)).toEqual({
      action: "skip",
      reason: "unchanged",
    });
    expect(decide(input({ wanted: score(0.43), written: score(0.4189) }), rules)).toEqual({
      action: "update",
      values: { [churn.name]: 0.43 },
    });
  });

  it("empties a field that a person has no value for any more", () => {
    expect(
      decide(input({ wanted: { [segment.name]: "new" }, written: score(0.4) }), rules),
    ).toEqual({
      action: "update",
      values: { [churn.name]: null, [segment.name]: "new" },
    });
  });

  it("writes nothing where nothing is and nothing should be", () => {
    expect(decide(input({ wanted: { [churn.name]: null } }), rules)).toMatchObject({
      action: "skip",
      reason: "nothing to write",
    });
    expect(decide(input({ reason: "opted out of profiling" }), rules)).toEqual({
      action: "skip",
      reason: "opted out of profiling",
    });
  });

  it("clears everything of ours from a person who is not to be scored", () => {
    const retired = { ...segment, name: "old_field" };
    expect(
      decide(
        input({ written: { ...score(0.4), old_field: "x" }, reason: "opted out of profiling" }),
        { ...rules, retired: [retired] },
      ),
    ).toEqual({
      action: "clear",
      values: { [churn.name]: null, [segment.name]: null, old_field: null },
      reason: "opted out of profiling",
    });
    // once it is clear it stays so
    expect(
      decide(input({ written: { [churn.name]: null, [segment.name]: null } }), rules),
    ).toMatchObject({ action: "skip" });
  });

  it("writes what may or may not be there, whatever was written before", () => {
    const uncertain = [churn.name];
    expect(decide(input({ wanted: score(0.4), written: score(0.4), uncertain }), rules)).toEqual({
      action: "update",
      values: { [churn.name]: 0.4 },
    });
    expect(decide(input({ uncertain, reason: "opted out of profiling" }), rules)).toEqual({
      action: "clear",
      values: { [churn.name]: null },
      reason: "opted out of profiling",
    });
  });

  it("does not trust values of a field that somebody has deleted", () => {
    const missing = new Set([churn.name]);
    expect(
      decide(input({ wanted: score(0.4), written: score(0.4) }), { ...rules, missing }),
    ).toEqual({
      action: "update",
      values: { [churn.name]: 0.4 },
    });
    expect(decide(input({ written: { [churn.name]: 0.4 } }), { ...rules, missing })).toMatchObject({
      action: "skip",
    });
  });
});

describe("makePlan", () => {
  it("counts what a push would do, and does nothing", async () => {
    const world = setUp(
      [
        [1, { recordId: "101", wanted: score(0.1) }],
        [2, { email: "ada@example.com", wanted: score(0.2) }],
        [3, { email: "nobody@example.com", wanted: score(0.3) }],
        [4, { wanted: score(0.4) }],
        [5, { recordId: "105", reason: "opted out of profiling" }],
      ],
      ["102"],
    );
    world.destination.emails.set("ada@example.com", "102");
    const plan = await world.plan();
    expect(plan).toMatchObject({
      destination: "memory:scores",
      createdAt: noon,
      fields,
      missingFields: ["ours_churn_probability", "ours_segment"],
      updates: 2,
      clears: 0,
      skips: 3,
      skipReasons: { "no record in memory": 2, "opted out of profiling": 1 },
      // looking at the fields twice, making them, one batch
      requests: 4,
    });
    expect(plan.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(world.rows()).toEqual([
      { contact: 1, recordId: "101", action: "update", values: score(0.1) },
      { contact: 2, recordId: "102", action: "update", values: score(0.2) },
    ]);
    expect(world.destination.wire).toEqual([]);
    expect(world.destination.standing.size).toBe(0);
  });

  it("reckons with the pace that the vendor tells, not the default", async () => {
    const people = Array.from({ length: 985 }, (_, index): [number, Person] => [
      index,
      { recordId: `${index}`, wanted: score(0.5) },
    ]);
    const world = setUp(people);
    // 99 batches, and twice the looking at fields and once the making of them
    expect(await world.plan()).toMatchObject({ requests: 102, minutes: 102 / 1000 / 60 });
    const prepare = world.destination.prepare;
    Object.assign(world.destination, {
      prepare: (...[some, context]: Parameters<typeof prepare>) => {
        context.gate.observe("all", { requests: 17, perMs: 10_000 });
        return prepare(some, context);
      },
    });
    expect((await world.plan(noon + 1)).minutes).toBeCloseTo(1);
  });

  it("gives the same digest for the same rows, and another for others", async () => {
    const people = (probability: number): [number, Person][] =>
      Array.from({ length: 30 }, (_, index) => [
        index,
        { recordId: `${index}`, wanted: score(probability) },
      ]);
    const one = await setUp(people(0.5)).plan();
    const same = await setUp(people(0.5001)).plan(noon + 1);
    const other = await setUp(people(0.51)).plan();
    expect(same.digest).toBe(one.digest);
    expect(other.digest).not.toBe(one.digest);
    expect(same.id).not.toBe(one.id);
  });

  it("lets one contact speak for a record", async () => {
    const world = setUp([
      [1, { email: "ada@example.com", wanted: score(0.1) }],
      [2, { email: "lovelace@example.com", wanted: score(0.2) }],
      [3, { recordId: "101", wanted: score(0.3) }],
    ]);
    world.destination.emails.set("ada@example.com", "101").set("lovelace@example.com", "101");
    const plan = await world.plan();
    expect(plan.skipReasons).toEqual({ "same record as another contact": 2 });
    expect(world.rows()).toMatchObject([{ contact: 1, recordId: "101" }]);
  });

  it("asks for records in full batches, and only for people with something to write", async () => {
    const people = Array.from({ length: 64 }, (_, index): [number, Person] => [
      index,
      { email: `p${index}@example.com`, ...(index % 2 === 0 && { wanted: score(0.5) }) },
    ]);
    const world = setUp(people);
    for (const [index, { email }] of people) world.destination.emails.set(email ?? "", `${index}`);
    const asked: number[] = [];
    const resolve = world.destination.resolve;
    Object.assign(world.destination, {
      resolve: (...[emails, context]: Parameters<typeof resolve>) => {
        asked.push(emails.length);
        return resolve(emails, context);
      },
    });
    const plan = await world.plan();
    expect(plan.updates).toBe(32);
    expect(asked.reduce((sum, count) => sum + count)).toBe(32);
    expect(Math.max(...asked)).toBe(10);
    expect(asked.length).toBeLessThanOrEqual(5);
  });

  it("writes nothing twice: after a push the next plan is empty", async () => {
    const world = setUp([[1, { recordId: "101", wanted: score(0.1) }]]);
    await world.push(await world.plan());
    const next = await world.plan(noon + 1);
    expect(next).toMatchObject({
      updates: 0,
      clears: 0,
      skips: 1,
      skipReasons: { unchanged: 1 },
      requests: 0,
    });
  });

  it("clears an opted-out person's score, that of a scorer no longer published included", async () => {
    const world = setUp([[1, { recordId: "101", wanted: score(0.1) }]]);
    await world.push(await world.plan());
    world.ledger.people.set(1, { recordId: "101", reason: "opted out of profiling" });
    const plan = await world.plan(noon + 1, [segment]);
    expect(plan).toMatchObject({ updates: 0, clears: 1, fields: [segment, churn] });
    expect(await world.push(plan)).toMatchObject({ cleared: 1, updated: 0 });
    expect(world.destination.records.get("101")).toEqual({
      consent: "granted",
      [churn.name]: null,
      [segment.name]: null,
    });
  });

  it("clears what a withheld scorer left behind", async () => {
    const world = setUp([[1, { recordId: "101", wanted: score(0.1) }]]);
    await world.push(await world.plan());
    await world.plan(noon + 1, [segment]);
    expect(world.rows()).toEqual([
      { contact: 1, recordId: "101", action: "update", values: { [churn.name]: null } },
    ]);
  });

  it("writes again what stood in a field that somebody has deleted", async () => {
    const world = setUp([[1, { recordId: "101", wanted: score(0.1) }]]);
    await world.push(await world.plan());
    world.destination.standing.delete(churn.name);
    expect(await world.plan(noon + 1)).toMatchObject({
      updates: 1,
      missingFields: ["ours_churn_probability"],
    });
    expect(world.rows()[0].values).toEqual({ [churn.name]: 0.1 });
  });

  it("leaves the earlier plan standing when planning fails", async () => {
    const world = setUp([
      [1, { recordId: "101", wanted: score(0.1) }],
      [2, { email: "ada@example.com", wanted: score(0.1) }],
    ]);
    world.destination.emails.set("ada@example.com", "102");
    const first = await world.plan();
    Object.assign(world.destination, { resolve: () => Promise.reject(new Error("no answer")) });
    await expect(world.plan(noon + 1)).rejects.toThrow("no answer");
    expect((await world.ledger.latestPlan("memory:scores"))?.plan).toEqual(first);
  });

  it("refuses two fields of one name", async () => {
    await expect(
      setUp([]).plan(noon, [churn, { ...segment, name: churn.name }]),
    ).rejects.toMatchObject({ code: "config" });
  });

  it("ends when it is called off", async () => {
    const world = setUp([[1, { email: "ada@example.com", wanted: score(0.1) }]]);
    const controller = new AbortController();
    Object.assign(world.destination, {
      resolve: (_: unknown, context: Parameters<typeof world.destination.resolve>[1]) =>
        context.gate.request({ lane: "all", repeatable: true, label: "resolve" }, () => {
          controller.abort();
          return new Promise(() => {});
        }),
    });
    const planning = makePlan(world.destination, world.ledger, fields, {
      gate: world.gate,
      now: noon,
      signal: controller.signal,
    });
    await expect(planning).rejects.toMatchObject({ code: "aborted" });
  });
});
