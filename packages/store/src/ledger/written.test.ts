import type { FieldValues, Plan, PlanRow, WriteOutcome } from "@inchworm/spec";
import fc from "fast-check";
import { expect, it } from "vitest";
import { openDatabase } from "../database.js";
import { prepareStore } from "../prepare.js";
import { ledger } from "./ledger.js";

const destination = "hubspot:scores";
const outcomes = ["updated", "created", "skipped", "failed", "unknown"] as const;

/** What stands on a record as far as anybody can know. */
interface Standing {
  readonly values: Record<string, FieldValues[string]>;
  readonly uncertain: Set<string>;
}

const values = fc.dictionary(
  fc.constantFrom("churn", "band", "value"),
  fc.constantFrom<FieldValues[string]>(0.5, 1e-7, 'said "no", ünïcode', true, null),
  { minKeys: 1 },
);
const plans = fc.array(
  fc.record({
    rows: fc.uniqueArray(fc.record({ contact: fc.integer({ min: 1, max: 5 }), values }), {
      selector: ({ contact }) => contact,
    }),
    begun: fc.boolean(),
    /** One outcome per row, or none: it stays pending. */
    ends: fc.array(fc.option(fc.constantFrom(...outcomes)), { minLength: 5, maxLength: 5 }),
    twice: fc.boolean(),
  }),
  { minLength: 1, maxLength: 5 },
);

it("the ledger knows what was written and what may have been, through any number of plans", async () => {
  const database = await openDatabase(":memory:");
  await prepareStore(database);
  const store = ledger(database);
  await fc.assert(
    fc.asyncProperty(plans, async (made) => {
      for (const table of ["plans", "outbox", "ledger"]) await database.run(`delete from ${table}`);
      const known = new Map<number, Standing>();
      for (const [index, { rows: planned, begun, ends, twice }] of made.entries()) {
        const id = `p${index}`;
        const rows: PlanRow[] = planned
          .sort((one, other) => one.contact - other.contact)
          .map((row) => ({ ...row, action: "update", recordId: `r${row.contact}` }));
        await store.savePlan(id, destination, pages(rows), () => planOf(id));
        // a row can only have an end once the push has begun
        if (begun) await store.begin(id);
        const ended = rows.filter((_, at) => begun && ends[at] !== null);
        const told = rows.flatMap(({ recordId = "" }, at): WriteOutcome[] => {
          const outcome = ends[at];
          return begun && outcome !== null ? [{ recordId, outcome }] : [];
        });
        for (let time = 0; time < (twice ? 2 : 1); time++) await store.settle(id, ended, told);

        for (const [at, row] of rows.entries()) {
          if (!begun) continue;
          const standing = known.get(row.contact) ?? { values: {}, uncertain: new Set() };
          const end = ends[at];
          for (const [name, value] of Object.entries(row.values)) {
            if (end === "updated" || end === "created") {
              standing.values[name] = value;
              standing.uncertain.delete(name);
            }
            if (end === null || end === "unknown") standing.uncertain.add(name);
          }
          if (Object.keys(standing.values).length > 0 || standing.uncertain.size > 0)
            known.set(row.contact, standing);
        }
        const found = new Map<number, Standing>();
        for await (const page of store.planInputs(destination, "hubspot", [])) {
          for (const { contact, recordId, written = {}, uncertain = [] } of page) {
            expect(recordId).toBe(`r${contact}`);
            found.set(contact, { values: written, uncertain: new Set(uncertain) });
          }
        }
        expect(found).toEqual(new Map([...known].sort(([one], [other]) => one - other)));
      }
    }),
    { numRuns: 30, seed: 1, interruptAfterTimeLimit: 30_000 },
  );
  await database.close();
});

async function* pages(rows: readonly PlanRow[]) {
  for (let at = 0; at < rows.length; at += 2) yield rows.slice(at, at + 2);
}

const planOf = (id: string): Plan => ({
  id,
  destination,
  createdAt: 5000,
  fields: [],
  missingFields: [],
  updates: 0,
  clears: 0,
  skips: 0,
  skipReasons: {},
  requests: 0,
  minutes: 0,
  digest: id,
});
