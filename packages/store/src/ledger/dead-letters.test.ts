import type { Field, Plan, PlanInput, PlanRow, WriteOutcome } from "@inchworm/spec";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openStore } from "../store.js";
import type { Store } from "../types/store.js";

const destination = "hubspot:scores";
const fields: Field[] = [
  { name: "churn", label: "Churn", description: "", type: "number", decimals: 2 },
];
let store: Store;
beforeEach(async () => {
  store = await openStore(":memory:");
  const contact = [101, 102, 103].map((id) => ({ id: `${id}`, email: `${id}@example.com` }));
  await store.ingest(
    { name: "hubspot:contacts", system: "hubspot" },
    { records: { contact }, cursor: {} },
  );
  await store.saveScores({
    scorer: "churn",
    modelId: "m",
    asOf: 0,
    contacts: Int32Array.of(1, 2, 3),
    fields: { churn: [0.1, 0.2, 0.3] },
    reasons: [[], [], []],
    abstained: [undefined, undefined, undefined],
  });
});
afterEach(() => store.close());

const rows = [1, 2, 3].map(
  (contact): PlanRow => ({
    contact,
    action: "update",
    recordId: `10${contact}`,
    values: { churn: contact / 10 },
  }),
);
const outcome = (contact: number, state: WriteOutcome["outcome"], code?: string): WriteOutcome => ({
  recordId: `10${contact}`,
  outcome: state,
  ...(code && { code }),
});

async function carryOut(id: string, outcomes: readonly WriteOutcome[]): Promise<void> {
  const plan = { id, destination, createdAt: 5000, fields, digest: id } as unknown as Plan;
  async function* pages() {
    yield rows;
  }
  await store.savePlan(id, destination, pages(), () => plan);
  await store.begin(id);
  await store.settle(id, rows, outcomes);
}

async function failures(): Promise<(number | undefined)[]> {
  const all: PlanInput[] = [];
  for await (const page of store.planInputs(destination, "hubspot", fields)) all.push(...page);
  return all.map((input) => input.failures);
}

const bad = [outcome(1, "updated"), outcome(2, "failed", "BAD"), outcome(3, "unknown", "network")];

it("counts the plans that failed on a record, one after the other", async () => {
  expect(await store.deadLetters(destination)).toEqual([]);
  await carryOut("a", bad);
  expect(await failures()).toEqual([undefined, 1, undefined]);
  await carryOut("b", bad);
  expect(await failures()).toEqual([undefined, 2, undefined]);
  expect(await store.deadLetters(destination)).toMatchObject([
    { contact: 2, recordId: "102", code: "BAD", failures: 2, at: expect.any(Number) },
    { contact: 3, recordId: "103", code: "network", failures: 0 },
  ]);
  expect(await store.deadLetters("mailchimp:scores")).toEqual([]);
  await carryOut("c", [outcome(1, "failed", "X"), outcome(2, "updated"), outcome(3, "updated")]);
  expect(await failures()).toEqual([1, undefined, undefined]);
  await carryOut("d", bad);
  expect(await store.deadLetters(destination)).toMatchObject([
    { contact: 2, failures: 1 },
    { contact: 3, failures: 0 },
  ]);
});

it("opens what failed again, and forgets earlier failures when asked", async () => {
  await carryOut("a", bad);
  await carryOut("b", bad);
  expect((await store.unknown("b", 10)).map(({ contact }) => contact)).toEqual([3]);
  expect(await store.unknown("b", 10, 3)).toEqual([]);
  await store.revive(destination);
  expect(await failures()).toEqual([undefined, 1, undefined]);
  expect(await store.reopen("b")).toBe(2);
  expect((await store.pending("b", 10)).map(({ contact }) => contact)).toEqual([2, 3]);
  expect(await store.deadLetters(destination)).toEqual([]);
});

it("loses a person's letters with the person", async () => {
  await carryOut("a", bad);
  await carryOut("b", bad);
  await store.forget(2);
  expect((await store.deadLetters(destination)).map(({ contact }) => contact)).toEqual([3]);
});
