import { InchwormError, type WriteRow } from "@inchworm/spec";
import { describe, expect, it } from "vitest";
import { churn, fields, noon } from "./__fixtures__/fields.js";
import { memoryDestination } from "./__fixtures__/memory-destination.js";
import { memoryLedger, type Person } from "./__fixtures__/memory-ledger.js";
import { virtualTime } from "./__fixtures__/virtual-time.js";
import { decide, mostFailures } from "./decide.js";
import { accountGate } from "./gate.js";
import { makePlan } from "./plan.js";
import { push } from "./push.js";
import { retry } from "./retry.js";

/** Thirty people; `faulty` says what becomes of a row instead of being written. */
async function world(faulty: (row: WriteRow) => "failed" | "lost" | "written" | undefined) {
  const people = Array.from({ length: 30 }, (_, index): [number, Person] => [
    index,
    { recordId: `${100 + index}`, wanted: { [churn.name]: index / 100 } },
  ]);
  const time = virtualTime();
  const ledger = memoryLedger(people);
  const destination = memoryDestination(
    people.map(([, { recordId = "" }]) => recordId),
    {
      outcomeOf: (row) => {
        const fate = faulty(row);
        if (fate === undefined) return undefined;
        if (fate === "written")
          Object.assign(destination.records.get(row.recordId) ?? {}, row.values);
        return fate === "failed"
          ? { outcome: "failed", code: "BAD" }
          : { outcome: "unknown", code: "network" };
      },
    },
  );
  const gate = accountGate(destination.account, { now: time.now, sleep: time.sleep, seed: 1 });
  const options = { gate, now: noon, sleep: time.sleep };
  const plan = await time.run(makePlan(destination, ledger, fields, { gate, now: noon }));
  return {
    ledger,
    destination,
    push: () => time.run(push(plan, destination, ledger, options)),
    retry: () => time.run(retry(destination, ledger, options)),
  };
}

describe("rows without an answer", () => {
  it("are read back at the end of a push: what was written is, the rest stays unknown", async () => {
    const one = await world(({ recordId }) =>
      recordId === "105" ? "written" : recordId === "106" ? "lost" : undefined,
    );
    const report = await one.push();
    expect(report).toMatchObject({ updated: 29, unknown: 1, failures: { network: 1 } });
    expect(one.destination.wire.filter(({ recordId }) => recordId === "105")).toHaveLength(1);
  });

  it("stay unknown where reading back fails as well", async () => {
    const one = await world(({ recordId }) => (recordId === "105" ? "written" : undefined));
    one.destination.read = () => Promise.reject(new InchwormError("network", "no answer"));
    expect(await one.push()).toMatchObject({ updated: 29, unknown: 1 });
  });
});

describe("a retry", () => {
  it("sends what failed once more, and what was written is not sent again", async () => {
    let broken = true;
    const one = await world(({ recordId }) => {
      if (!broken) return undefined;
      if (recordId === "103") return "failed";
      return recordId === "107" ? "lost" : undefined;
    });
    expect(await one.push()).toMatchObject({ updated: 28, failed: 1, unknown: 1 });
    // it reached them after all
    Object.assign(one.destination.records.get("107") ?? {}, { [churn.name]: 0.07 });
    broken = false;
    const before = one.destination.wire.length;
    expect(await one.retry()).toMatchObject({
      found: 1,
      reopened: 1,
      push: { updated: 1, failed: 0 },
    });
    expect(one.destination.wire.slice(before).map(({ recordId }) => recordId)).toEqual(["103"]);
    expect(await one.retry()).toEqual({ found: 0, reopened: 0, revived: 0 });
  });

  it("of a stale plan sends nothing", async () => {
    const one = await world(({ recordId }) => (recordId === "103" ? "failed" : undefined));
    await one.push();
    one.ledger.touch();
    const before = one.destination.wire.length;
    expect(await one.retry()).toMatchObject({ reopened: 0, revived: 1, stale: expect.any(String) });
    expect(one.destination.wire).toHaveLength(before);
  });
});

describe("a record that fails in plan after plan", () => {
  const rules = { fields, retired: [], missing: new Set<string>() };
  const input = {
    contact: 1,
    recordId: "9",
    wanted: { [churn.name]: 0.5 },
    written: { [churn.name]: 0.4 },
  };

  it("is left alone after some, but its scores are cleared whatever failed", () => {
    expect(decide({ ...input, failures: mostFailures - 1 }, rules).action).toBe("update");
    expect(decide({ ...input, failures: mostFailures }, rules)).toEqual({
      action: "skip",
      reason: "failed in 3 plans in a row",
    });
    const refused = { ...input, wanted: undefined, reason: "opted out of profiling", failures: 9 };
    expect(decide(refused, rules).action).toBe("clear");
  });
});
