import { expect, it } from "vitest";
import { churn, fields, noon, segment } from "./__fixtures__/fields.js";
import { memoryDestination } from "./__fixtures__/memory-destination.js";
import { memoryLedger } from "./__fixtures__/memory-ledger.js";
import { accountGate } from "./gate.js";
import { makePlan } from "./plan.js";
import { push } from "./push.js";

it("plans what a destination wants, as it can hold it, and reckons with its requests", async () => {
  const wanted = { [churn.name]: 0.4, [segment.name]: "loyal" };
  const ledger = memoryLedger([[1, { recordId: "101", wanted }]]);
  const destination = Object.assign(memoryDestination(["101"]), {
    requestsPerBatch: 3.5,
    takes: ({ name }: { name: string }) => name === segment.name,
    fit: (_: object, value: unknown) => (typeof value === "string" ? value.slice(0, 3) : value),
  });
  const gate = accountGate(destination.account, { seed: 1 });
  const plan = await makePlan(destination, ledger, fields, { gate, now: noon });
  // looking at the fields twice, making them, one batch
  expect(plan).toMatchObject({ fields: [segment], missingFields: ["ours_segment"], requests: 7 });
  expect(ledger.outbox.map(({ row }) => row.values)).toEqual([{ [segment.name]: "loy" }]);
  await push(plan, destination, ledger, { gate, now: noon });
  const next = await makePlan(destination, ledger, fields, { gate, now: noon + 1 });
  expect(next).toMatchObject({ updates: 0, clears: 0 });
});
