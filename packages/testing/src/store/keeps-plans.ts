import { type Field, InchwormError, type Plan, type PlanRow } from "@inchworm/spec";
import { expect, it } from "vitest";
import { type Bench, day, history } from "./bench.js";

const destination = "crm:scores";

/** Plans and what became of their rows are kept. */
export function keepsPlans(bench: Bench): void {
  const { give, tell, reopen } = bench;

  const fields: Field[] = [{ name: "churn", label: "Churn", description: "", type: "number" }];
  const planOf = (id: string): Plan => ({
    id,
    destination,
    createdAt: day(40),
    fields,
    missingFields: [],
    updates: 2,
    clears: 0,
    skips: 0,
    skipReasons: {},
    requests: 1,
    minutes: 0,
    digest: id,
  });
  const rows: PlanRow[] = [1, 2].map((contact) => ({
    contact,
    action: "update",
    recordId: `r${contact}`,
    values: { churn: contact },
  }));
  async function* inPages(all: readonly PlanRow[]) {
    for (const row of all) yield [row];
  }
  const savePlan = (id: string) =>
    bench.store.savePlan(id, destination, inPages(rows), () => planOf(id));
  const written = async (id: string) => {
    const all: PlanRow[] = [];
    for await (const page of bench.store.written(id)) all.push(...page);
    return all;
  };

  it("keeps a plan, what became of its rows, and what was written, also after opening again", async () => {
    await tell(history);
    await savePlan("p1");
    await bench.store.begin("p1");
    await bench.store.settle("p1", [rows[0]], [{ recordId: "r1", outcome: "updated" }]);
    await reopen();
    expect(await bench.store.latestPlan(destination)).toMatchObject({
      plan: planOf("p1"),
      begun: true,
      pending: 1,
      done: 1,
      failed: 0,
    });
    expect(await bench.store.pending("p1", 10)).toEqual([rows[1]]);
    expect(await written("p1")).toEqual([rows[0]]);
  });

  it("keeps the earlier plan when a new one does not come to its end", async () => {
    await tell(history);
    await savePlan("p1");
    async function* broken() {
      yield rows;
      throw new InchwormError("network", "gone");
    }
    const work = bench.store.savePlan("p2", destination, broken(), () => planOf("p2"));
    await expect(work).rejects.toMatchObject({ code: "network" });
    expect((await bench.store.latestPlan(destination))?.plan.id).toBe("p1");
    expect(await bench.store.pending("p1", 10)).toHaveLength(2);
  });

  it("calls a plan stale once people or scores differ, and not before", async () => {
    await tell(history);
    await savePlan("p1");
    await tell(history);
    await give({ engagement: [{ contact: "1", type: "open", at: day(39) }] });
    expect(await bench.store.stale("p1")).toBeUndefined();
    await give({ contact: [{ id: "1", lastName: "King", modifiedAt: day(39) }] });
    expect(await bench.store.stale("p1")).toEqual(expect.any(String));
    await savePlan("p2");
    expect(await bench.store.stale("p2")).toBeUndefined();
    await give({
      consent: [{ contact: "2", purpose: "profiling", status: "denied", at: day(39) }],
    });
    expect(await bench.store.stale("p2")).toEqual(expect.any(String));
  });
}
