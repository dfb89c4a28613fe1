import { type ErrorCode, InchwormError } from "@inchworm/spec";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Database, openDatabase } from "../database.js";
import { prepareStore } from "../prepare.js";
import type { FeatureTable } from "../types/features.js";
import { day, type History, histories, load, people } from "./__fixtures__/history.js";
import { naive } from "./__fixtures__/naive.js";
import { featureCatalogue } from "./catalogue.js";
import { derivedFeatures, featureGroups, features } from "./features.js";
import { ordersBetween } from "./orders-between.js";

const asOf = Date.UTC(2025, 5, 15, 9, 30, 0, 123);

let database: Database;
beforeAll(async () => {
  database = await openDatabase(":memory:", { threads: 2 });
  await prepareStore(database);
});
afterAll(() => database.close());

/** The table as one object per contact. */
function byContact(table: FeatureTable): Map<number, Record<string, number>> {
  return new Map(
    Array.from(table.contacts, (contact, row) => [
      contact,
      Object.fromEntries(table.columns.map(({ name, values }) => [name, values[row]])),
    ]),
  );
}

const empty: History = { contacts: [], consents: [], orders: [], engagements: [] };
const order = (contact: number, daysAgo: number, total = 10) => ({
  id: `${contact}/${daysAgo}`,
  contact,
  at: asOf - daysAgo * day,
  total,
  lines: [],
});

describe("features", () => {
  it("are those of the catalogue, described once each", async () => {
    const computed = [
      "tenure_days",
      ...featureGroups.flatMap((group) => Object.keys(group.features)),
      ...Object.keys(derivedFeatures),
    ];
    const described = featureCatalogue.map(({ name }) => name);
    expect(new Set(described).size).toBe(described.length);
    expect([...described].sort()).toEqual(computed.sort());
    const table = await features(database, { asOf });
    expect(table.columns.map(({ name }) => name)).toEqual(described);
  });

  it("equal a plain computation on small histories", async () => {
    const seen = new Map<string, Set<number>>();
    await fc.assert(
      fc.asyncProperty(histories(asOf), async (history) => {
        await load(database, history);
        const table = await features(database, { asOf });
        const expected = people
          .map((contact) => [contact, naive(history, contact, asOf)] as const)
          .filter(([, values]) => values !== undefined);
        expect([...table.contacts]).toEqual(expected.map(([contact]) => contact));
        for (const { name, values } of table.columns) {
          for (const [row, [, wanted]] of expected.entries()) {
            const value = wanted?.[name] as number;
            if (Number.isNaN(value)) expect(values[row], name).toBeNaN();
            else
              expect(Math.abs(values[row] - value), name).toBeLessThan(
                1e-6 + 1e-6 * Math.abs(value),
              );
            seen.set(name, (seen.get(name) ?? new Set()).add(values[row]));
          }
        }
      }),
      { numRuns: 30, seed: 1, interruptAfterTimeLimit: 30_000 },
    );
    // the histories must have moved every feature, or nothing was compared
    for (const { name } of featureCatalogue) expect(seen.get(name)?.size, name).toBeGreaterThan(2);
  });

  it("do not change when everything from the cut on is deleted", async () => {
    const cuts = fc.oneof(
      // instants at which much happens: the very edge must be out
      fc.constantFrom(0, 7, 30, 90).map((days) => asOf - days * day),
      fc.integer({ min: asOf - 400 * day, max: asOf + 50 * day }),
    );
    await fc.assert(
      fc.asyncProperty(histories(asOf), cuts, async (history, cut) => {
        await load(database, history);
        const before = await features(database, { asOf: cut });
        for (const table of ["orders", "order_lines", "engagements"])
          await database.run(`delete from ${table} where occurred_at >= ?`, [new Date(cut)]);
        await database.run(
          "delete from contacts where created_at >= ? and contact_id not in (select contact_id from engagements union select contact_id from orders where contact_id is not null)",
          [new Date(cut)],
        );
        expect(await features(database, { asOf: cut })).toEqual(before);

        // a later consent decides who may be looked at, never what is seen of them
        await database.run("delete from consents where occurred_at >= ?", [new Date(cut)]);
        const after = byContact(await features(database, { asOf: cut }));
        for (const [contact, values] of byContact(before))
          if (after.has(contact)) expect(after.get(contact)).toEqual(values);
      }),
      { numRuns: 12, seed: 2, interruptAfterTimeLimit: 30_000 },
    );
  });

  it("leave out who does not exist yet, said no, or did not order of late", async () => {
    const source = "import";
    await load(database, {
      ...empty,
      contacts: [1, 2, 3, 4, 7].map((id) => ({ id, createdAt: id === 2 ? asOf : asOf - day })),
      consents: [
        { contact: 3, source, status: "granted", at: asOf - 9 * day },
        { contact: 3, source, status: "denied", at: asOf + day },
        { contact: 4, source, status: "denied", at: asOf - day },
        { contact: 4, source, status: "granted", at: asOf },
      ],
      orders: [order(1, 40), order(4, 10), order(4, 5, -10), order(7, 0)],
    });
    expect([...(await features(database, { asOf })).contacts]).toEqual([1, 4, 7]);
    const active = { asOf, orderedSince: asOf - 30 * day, columns: ["orders_total"] };
    expect([...(await features(database, active)).contacts]).toEqual([4]);
    const returned = { ...active, orderedSince: asOf - 6 * day };
    expect((await features(database, returned)).rows).toBe(0);
  });

  it("come as the columns that were asked for, in that order", async () => {
    await load(database, { ...empty, contacts: [{ id: 9, createdAt: asOf - day }] });
    const columns = ["gap_ratio", "tenure_days", "sends_30d"];
    const table = await features(database, { asOf, columns });
    expect(table.columns).toEqual([
      { name: "gap_ratio", kind: "number", values: Float32Array.of(Number.NaN) },
      { name: "tenure_days", kind: "number", values: Float32Array.of(1) },
      { name: "sends_30d", kind: "number", values: Float32Array.of(0) },
    ]);
  });

  it("refuse what they cannot answer, and stop when told", async () => {
    const code = (work: Promise<unknown>): Promise<ErrorCode> =>
      work.then(
        () => "internal",
        (error) => (InchwormError.is(error) ? error.code : "internal"),
      );
    expect(await code(features(database, { asOf: Number.NaN }))).toBe("input");
    expect(await code(features(database, { asOf, orderedSince: Number.NaN }))).toBe("input");
    expect(await code(features(database, { asOf: 1e30 }))).toBe("input");
    expect(await code(ordersBetween(database, asOf, Number.NaN))).toBe("input");
    expect(await code(features(database, { asOf, columns: ["age"] }))).toBe("input");
    expect(await code(features(database, { asOf, signal: AbortSignal.abort() }))).toBe("aborted");
    expect((await features(database, { asOf })).rows).toBe(1);
  });

  it("stop in the middle of a query", async () => {
    await load(database, empty);
    await database.run(
      "insert into engagements select n, 'sent', timestamp '2025-01-01', null, null, false, n from range(1, 3000001) t(n)",
    );
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 30);
    const work = features(database, { asOf, signal: controller.signal });
    await expect(work).rejects.toMatchObject({ code: "aborted" });
    await database.run("delete from engagements");
  });
});

describe("ordersBetween", () => {
  it("counts orders from one instant up to another", async () => {
    await load(database, {
      ...empty,
      orders: [order(2, 10, 5.5), order(2, 9, 4), order(1, 10, 1), order(1, 0), order(3, 5, -1)],
    });
    expect(await ordersBetween(database, asOf - 10 * day, asOf)).toEqual({
      contacts: Int32Array.of(1, 2),
      orders: Int32Array.of(1, 2),
      spend: Float64Array.of(1, 9.5),
    });
    expect((await ordersBetween(database, asOf, asOf)).contacts).toHaveLength(0);
  });
});
