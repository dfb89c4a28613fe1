import { InchwormError, type WriteRow } from "@inchworm/spec";
import { describe, expect, it } from "vitest";
import { churn, fields, noon, segment } from "./__fixtures__/fields.js";
import {
  type MemoryDestinationOptions,
  memoryDestination,
} from "./__fixtures__/memory-destination.js";
import { memoryLedger, type Person } from "./__fixtures__/memory-ledger.js";
import { virtualTime } from "./__fixtures__/virtual-time.js";
import { accountGate } from "./gate.js";
import { makePlan } from "./plan.js";
import { type PushOptions, push } from "./push.js";
import { verify } from "./verify.js";

const score = (probability: number, kind = "loyal") => ({
  [churn.name]: probability,
  [segment.name]: kind,
});

function setUp(count: number, options: MemoryDestinationOptions = {}) {
  const people = Array.from({ length: count }, (_, index): [number, Person] => [
    index,
    { recordId: `${100 + index}`, wanted: score(index / 100) },
  ]);
  const time = virtualTime();
  const ledger = memoryLedger(people);
  const destination = memoryDestination(
    people.flatMap(([, { recordId }]) => recordId ?? []),
    options,
  );
  const gate = accountGate(destination.account, { now: time.now, sleep: time.sleep, seed: 1 });
  return {
    time,
    ledger,
    destination,
    gate,
    plan: (now = noon) => time.run(makePlan(destination, ledger, fields, { gate, now })),
    push: (plan: Parameters<typeof push>[0], more: Partial<PushOptions> = {}) =>
      time.run(push(plan, destination, ledger, { gate, now: noon, sleep: time.sleep, ...more })),
    verify: (plan: Parameters<typeof push>[0]) =>
      time.run(verify(plan, destination, ledger, { gate })),
    /** Records that hold something of ours. */
    scored: () => [...destination.records.values()].filter((record) => churn.name in record).length,
  };
}

/** A fault that is thrown the first `times` calls of a kind. */
function first(
  times: number,
  kind: string,
  error: InchwormError,
  when: "before" | "after" = "before",
) {
  let left = times;
  return (moment: string, called: string) => {
    if (moment === when && called === kind && left-- > 0) throw error;
  };
}

describe("another account", () => {
  it("is neither planned for nor written to, and its own store goes on", async () => {
    let account: string | undefined = "portal 1";
    const world = setUp(25, { account: () => account });
    const plan = await world.plan();
    account = "portal 2";
    const refusal = {
      code: "config",
      message: "This store belongs to portal 1, the token is for portal 2.",
      hint: expect.stringMatching(/"account"/),
    };
    await expect(world.plan()).rejects.toMatchObject(refusal);
    await expect(world.push(plan)).rejects.toMatchObject(refusal);
    await expect(world.verify(plan)).rejects.toMatchObject(refusal);
    expect(world.destination.wire).toEqual([]);
    expect(world.destination.standing.size).toBe(0);
    account = "portal 1";
    // asking whose it is, looking at the fields twice, making them, three batches
    expect(plan.requests).toBe(6 + 1);
    expect(await world.push(plan)).toMatchObject({ updated: 25 });
  });

  it("that does not say whose it is passes", async () => {
    const world = setUp(3, { account: () => undefined });
    expect(await world.push(await world.plan())).toMatchObject({ updated: 3 });
  });
});

describe("push", () => {
  it("makes the fields, writes the rows, and can be read back", async () => {
    const world = setUp(95);
    const plan = await world.plan();
    const report = await world.push(plan);
    expect(report).toMatchObject({
      updated: 95,
      cleared: 0,
      skipped: 0,
      failed: 0,
      unknown: 0,
      failures: {},
      resumed: false,
      requests: 12,
    });
    expect(world.destination.records.get("142")).toEqual({ consent: "granted", ...score(0.42) });
    expect(await world.verify(plan)).toEqual({
      compared: 190,
      mismatches: 0,
      missing: 0,
      examples: [],
    });
  });

  it("has nothing to do the second time", async () => {
    const world = setUp(5);
    const plan = await world.plan();
    await world.push(plan);
    expect(await world.push(plan)).toMatchObject({ updated: 0, requests: 0, resumed: true });
    expect(world.destination.wire.length).toBe(5);
  });

  it("keeps several batches under way", async () => {
    let flying = 0;
    let most = 0;
    const world = setUp(200, {
      concurrency: 6,
      fault: async (moment, kind) => {
        if (kind !== "write") return;
        flying += moment === "before" ? 1 : -1;
        most = Math.max(most, flying);
        if (moment === "before") await world.time.sleep(100);
      },
    });
    await world.push(await world.plan());
    expect(most).toBe(6);
  });

  it("settles each batch when it is answered, and those answered meanwhile together", async () => {
    const world = setUp(200);
    const settle = world.ledger.settle;
    const sizes: number[] = [];
    let running = 0;
    Object.assign(world.ledger, {
      settle: async (...call: Parameters<typeof settle>) => {
        expect(++running).toBe(1);
        sizes.push(call[1].length);
        await world.time.sleep(50);
        await settle(...call);
        running--;
      },
    });
    await world.push(await world.plan());
    expect(sizes[0]).toBe(10);
    expect(Math.max(...sizes)).toBeGreaterThan(10);
    expect(sizes.reduce((sum, size) => sum + size)).toBe(200);
  });

  it("ends when the store fails, and does not send on", async () => {
    const world = setUp(200);
    Object.assign(world.ledger, { settle: () => Promise.reject(new Error("the disk is full")) });
    const plan = await world.plan();
    await expect(world.push(plan)).rejects.toThrow("the disk is full");
    expect(world.destination.wire.length).toBeLessThan(200);
  });

  it("counts each row's outcome and remembers only what was written", async () => {
    const world = setUp(20, {
      outcomeOf: ({ recordId }) =>
        ({
          "103": { outcome: "failed", code: "VALIDATION_ERROR" } as const,
          "104": { outcome: "skipped", code: "archived" } as const,
          "105": { outcome: "unknown" } as const,
        })[recordId],
    });
    const report = await world.push(await world.plan());
    expect(report).toMatchObject({
      updated: 17,
      failed: 1,
      skipped: 1,
      unknown: 1,
      failures: { VALIDATION_ERROR: 1, archived: 1, unknown: 1 },
    });
    const next = await world.plan(noon + 1);
    expect(next.updates).toBe(3);
  });

  it("tries rows again whose failure a try can help, and gives them up in the end", async () => {
    let tries = 0;
    const world = setUp(20, {
      outcomeOf: ({ recordId }) => {
        if (recordId === "103" && tries++ < 2)
          return { outcome: "failed", retryable: true, code: "LOCKED" };
        return recordId === "107"
          ? { outcome: "failed", retryable: true, code: "LOCKED" }
          : undefined;
      },
    });
    expect(await world.push(await world.plan())).toMatchObject({
      updated: 19,
      failed: 1,
      failures: { LOCKED: 1 },
    });
    expect(world.destination.wire.filter(({ recordId }) => recordId === "107").length).toBe(3);
  });

  it("finds the row that the vendor refuses a whole batch for", async () => {
    const refuse = (_: string, kind: string, rows: readonly WriteRow[]) => {
      if (kind === "write" && rows.some(({ recordId }) => recordId === "103"))
        throw new InchwormError("rejected", "Invalid input.", { vendorCode: "VALIDATION_ERROR" });
    };
    const world = setUp(50, { fault: refuse });
    expect(await world.push(await world.plan())).toMatchObject({
      updated: 49,
      failed: 1,
      failures: { VALIDATION_ERROR: 1 },
    });
  });

  it("finds the row that the vendor breaks on, and does not know what became of it", async () => {
    const world = setUp(50, {
      fault: (_, kind, rows) => {
        if (kind === "write" && rows.some(({ recordId }) => recordId === "103"))
          throw new InchwormError("server", "500");
      },
    });
    expect(await world.push(await world.plan())).toMatchObject({
      updated: 49,
      unknown: 1,
      failures: { server: 1 },
    });
  });

  it("ends when every call is refused: it is not the rows", async () => {
    const world = setUp(2000, {
      fault: (_, kind) => {
        if (kind === "write") throw new InchwormError("rejected", "Property does not exist.");
      },
    });
    const plan = await world.plan();
    await expect(world.push(plan)).rejects.toMatchObject({
      code: "rejected",
      message: "Property does not exist.",
    });
    expect(world.gate.stats().requests).toBeLessThan(100);
    expect((await world.ledger.planState(plan.id))?.pending).toBeGreaterThan(1900);
  });

  it("ends when every call is refused from some point on, and gives up few rows for it", async () => {
    const world = setUp(2000, {
      fault: (moment, kind) => {
        if (moment === "before" && kind === "write" && world.scored() >= 500)
          throw new InchwormError("rejected", "Property does not exist.");
      },
    });
    const plan = await world.plan();
    await expect(world.push(plan)).rejects.toMatchObject({ code: "rejected" });
    const state = await world.ledger.planState(plan.id);
    expect(state?.failed).toBeLessThan(30);
    expect(state?.pending).toBeGreaterThan(1400);
  });

  it("ends when the network is gone, and says how to go on", async () => {
    const world = setUp(200, {
      fault: (moment, kind) => {
        if (moment === "before" && kind === "write" && world.scored() >= 50)
          throw new InchwormError("network", "ECONNRESET", { hint: "Look at the network." });
      },
    });
    const plan = await world.plan();
    const failure = await world.push(plan).then(undefined, (error: InchwormError) => error);
    const { done, pending } = (await world.ledger.planState(plan.id)) ?? {};
    expect(done).toBeGreaterThan(0);
    expect(done).toBe(world.scored());
    expect(pending).toBe(200 - (done ?? 0));
    expect(failure).toMatchObject({
      code: "network",
      hint: `Look at the network. ${done} of 200 rows are settled; pushing the same plan again goes on with the rest.`,
    });
  });

  it.each(["quota", "auth", "scope"] as const)(
    "ends at once on %s with everything settled that was answered",
    async (code) => {
      let writes = 0;
      const world = setUp(200, {
        fault: (moment, kind) => {
          if (moment === "before" && kind === "write" && ++writes > 7 && writes < 100)
            throw new InchwormError(code, "no");
        },
      });
      const plan = await world.plan();
      await expect(world.push(plan)).rejects.toMatchObject({
        code,
        hint: expect.stringContaining("70 of 200 rows are settled"),
      });
      expect((await world.ledger.planState(plan.id))?.done).toBe(70);
      expect(world.scored()).toBe(70);
      // nobody goes on sending once it is known
      expect(writes).toBeLessThanOrEqual(7 + 6);

      writes = 100;
      await world.time.run(world.time.sleep(600_000));
      expect(await world.push(plan)).toMatchObject({ updated: 130, resumed: true });
      expect(await world.verify(plan)).toMatchObject({ compared: 400, mismatches: 0, missing: 0 });
    },
  );

  it("ends at once when it is called off, also while it waits", async () => {
    const controller = new AbortController();
    const world = setUp(200, {
      concurrency: 1,
      fault: (moment, kind) => {
        if (moment === "after" || kind !== "write" || world.scored() < 30) return undefined;
        controller.abort();
        return new Promise(() => {});
      },
    });
    const plan = await world.plan();
    await expect(world.push(plan, { signal: controller.signal })).rejects.toMatchObject({
      code: "aborted",
    });
    expect((await world.ledger.planState(plan.id))?.done).toBe(30);
  });

  it("reports progress up to the total, from where it stands", async () => {
    let fail = true;
    const world = setUp(40, {
      fault: (moment, kind) => {
        if (fail && moment === "before" && kind === "write" && world.scored() >= 20)
          throw new InchwormError("auth", "expired");
      },
    });
    const plan = await world.plan();
    await expect(world.push(plan)).rejects.toMatchObject({ code: "auth" });
    fail = false;
    const seen: number[] = [];
    await world.push(plan, { onProgress: ({ done, total }) => total === 40 && seen.push(done) });
    expect(seen).toEqual([30, 40]);
  });
});

describe("a plan that no longer fits", () => {
  it("is refused when the store has moved on, before and during the push", async () => {
    const world = setUp(100, {
      concurrency: 1,
      fault: (moment, kind) => {
        if (moment === "before" && kind === "write" && world.scored() >= 30) world.ledger.touch();
      },
    });
    const plan = await world.plan();
    await expect(world.push(plan)).rejects.toMatchObject({
      code: "stale-plan",
      message: `Plan ${plan.id} can no longer be carried out: scores have changed since.`,
      hint: expect.stringContaining("Make a new plan"),
    });
    // what was under way is settled, nothing more was sent
    expect(world.destination.wire.length).toBe(40);
    expect((await world.ledger.planState(plan.id))?.done).toBe(40);
    await expect(world.push(plan)).rejects.toMatchObject({ code: "stale-plan" });
    expect(world.destination.wire.length).toBe(40);
  });

  it("is refused after a day, after a later plan, and when it was changed", async () => {
    const world = setUp(10);
    const plan = await world.plan();
    await expect(world.push(plan, { now: noon + 86_400_001 })).rejects.toMatchObject({
      code: "stale-plan",
    });
    await expect(world.push({ ...plan, digest: "0" })).rejects.toMatchObject({
      code: "stale-plan",
    });
    await world.plan(noon + 1);
    await expect(world.push(plan)).rejects.toMatchObject({ code: "stale-plan" });
    await expect(world.verify(plan)).rejects.toMatchObject({ code: "stale-plan" });
    expect(world.gate.stats().requests).toBeLessThanOrEqual(2);
  });

  it("is refused when one of its fields has gone meanwhile", async () => {
    const world = setUp(10);
    await world.push(await world.plan());
    world.ledger.people.set(3, { recordId: "103", wanted: score(0.99) });
    const plan = await world.plan(noon + 1);
    world.destination.standing.delete(segment.name);
    await expect(world.push(plan)).rejects.toMatchObject({
      code: "stale-plan",
      message: expect.stringContaining("ours_segment"),
    });
    expect(world.destination.wire.length).toBe(10);
  });

  it("is refused by another destination", async () => {
    const world = setUp(1);
    const plan = await world.plan();
    await expect(world.push({ ...plan, destination: "other" })).rejects.toMatchObject({
      code: "input",
    });
  });
});

describe("safety", () => {
  it("sends no row that holds a field the plan does not", async () => {
    const world = setUp(10);
    const plan = await world.plan();
    Object.assign(world.ledger.outbox[4].row.values, { consent: "granted" });
    await expect(world.push(plan)).rejects.toMatchObject({
      code: "internal",
      message: expect.stringContaining('"consent"'),
    });
    expect(world.destination.wire).toEqual([]);
  });

  it("does not believe an answer about other rows", async () => {
    const world = setUp(10);
    const write = world.destination.write;
    Object.assign(world.destination, {
      write: async (...call: Parameters<typeof write>) => (await write(...call)).slice(1),
    });
    const plan = await world.plan();
    await expect(world.push(plan)).rejects.toMatchObject({ code: "internal" });
    expect((await world.ledger.planState(plan.id))?.pending).toBe(10);
  });

  it("says nothing of values or addresses in what it finds", async () => {
    const world = setUp(30);
    const plan = await world.plan();
    await world.push(plan);
    Object.assign(world.destination.records.get("107") ?? {}, {
      [segment.name]: "changed by hand",
    });
    world.destination.records.delete("109");
    const report = await world.verify(plan);
    expect(report).toEqual({
      compared: 58,
      mismatches: 1,
      missing: 1,
      examples: [{ recordId: "107", field: segment.name }, { recordId: "109" }],
    });
  });

  it("is not fooled by an answer that got lost", async () => {
    const world = setUp(30, {
      fault: first(2, "write", new InchwormError("network", "ECONNRESET"), "after"),
    });
    const plan = await world.plan();
    expect(await world.push(plan)).toMatchObject({ updated: 30, failed: 0, unknown: 0 });
    expect(await world.verify(plan)).toMatchObject({ mismatches: 0 });
  });
});
