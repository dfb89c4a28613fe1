import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Database, openDatabase } from "../database.js";
import { labels } from "../labels.js";
import { prepareStore } from "../prepare.js";
import type { EventRule } from "../types/features.js";
import { day, type History, histories, load, people } from "./__fixtures__/history.js";
import { naive } from "./__fixtures__/naive.js";
import { features } from "./features.js";
import { orderDays } from "./order-days.js";
import { profiles } from "./profiles.js";
import { reached } from "./reached.js";

const asOf = Date.UTC(2025, 5, 15, 9, 30, 0, 123);

let database: Database;
beforeAll(async () => {
  database = await openDatabase(":memory:", { threads: 2 });
  await prepareStore(database);
});
afterAll(() => database.close());

/** Far ahead everybody exists, so whoever has no features refuses profiling. */
const allowed = (history: History, contact: number): boolean => {
  const always = { ...history, contacts: [{ id: contact, createdAt: 0 }] };
  return naive(always, contact, asOf) !== undefined;
};

describe("order days", () => {
  it("equal a plain computation", async () => {
    await fc.assert(
      fc.asyncProperty(histories(asOf), fc.boolean(), async (history, cut) => {
        await load(database, history);
        const from = cut ? asOf - 90 * day : undefined;
        const found = await orderDays(database, { asOf, ...(from !== undefined && { from }) });
        const expected = new Map<number, Map<number, number>>();
        for (const contact of people) {
          if (!allowed(history, contact)) continue;
          const own = history.orders.filter(
            (order) =>
              order.contact === contact &&
              order.total > 0 &&
              order.at < asOf &&
              order.at >= (from ?? Number.NEGATIVE_INFINITY),
          );
          const spend = new Map<number, number>();
          for (const { at, total } of own.sort((left, right) => left.at - right.at)) {
            const on = Math.floor(at / day);
            spend.set(on, (spend.get(on) ?? 0) + total);
          }
          if (spend.size > 0) expected.set(contact, spend);
        }
        expect([...found.contacts]).toEqual([...expected.keys()]);
        expect(found.offsets).toHaveLength(expected.size + 1);
        for (const [row, contact] of found.contacts.entries()) {
          const [start, end] = [found.offsets[row], found.offsets[row + 1]];
          const own = expected.get(contact) ?? new Map();
          expect([...found.days.subarray(start, end)]).toEqual([...own.keys()]);
          for (let at = start; at < end; at++)
            expect(found.spend[at]).toBeCloseTo(own.get(found.days[at]), 6);
        }
      }),
      { numRuns: 15 },
    );
  });

  it("are none in an empty store", async () => {
    await load(database, { contacts: [], consents: [], orders: [], engagements: [] });
    const { contacts, offsets, days } = await orderDays(database, { asOf });
    expect([contacts.length, [...offsets], days.length]).toEqual([0, [0], 0]);
    await expect(orderDays(database, { asOf: Number.NaN })).rejects.toMatchObject({
      code: "input",
    });
  });
});

describe("who did something", () => {
  const from = asOf - 90 * day;
  const rules: readonly EventRule[] = [
    { type: "order" },
    { type: "order", minTotal: 100 },
    { type: "order", item: "a" },
    { type: "order", category: "mugs" },
    { type: "order", category: "mugs", item: "a", minTotal: 50 },
    { type: "click" },
    { type: "form", campaign: "spring" },
  ];

  it("equals a plain computation", async () => {
    await database.run("delete from items");
    await database.run("insert into items (item_id, category) values ('b', 'mugs'), ('c', 'tea')");
    const category: Readonly<Record<string, string>> = { b: "mugs", c: "tea" };
    await fc.assert(
      fc.asyncProperty(
        histories(asOf),
        fc.subarray([...rules], { minLength: 1 }),
        async (history, events) => {
          await load(database, history);
          const found = await reached(database, { events, from, to: asOf });
          const done = (rule: EventRule, contact: number): number[] =>
            rule.type === "order"
              ? history.orders
                  .filter(
                    (order) =>
                      order.contact === contact &&
                      order.total > 0 &&
                      order.total >= (rule.minTotal ?? 0) &&
                      ((rule.item === undefined && rule.category === undefined) ||
                        order.lines.some(
                          ({ item, quantity }) =>
                            quantity > 0 &&
                            (rule.item === undefined || item === rule.item) &&
                            (rule.category === undefined || category[item] === rule.category),
                        )),
                  )
                  .map(({ at }) => at)
              : history.engagements
                  .filter(
                    (event) =>
                      event.contact === contact &&
                      event.type === rule.type &&
                      !event.machine &&
                      (rule.campaign === undefined || event.campaign === rule.campaign),
                  )
                  .map(({ at }) => at);
          const expected = people.flatMap((contact) => {
            const all = events
              .flatMap((rule) => done(rule, contact))
              .filter((at) => at >= from && at < asOf);
            return all.length > 0 && allowed(history, contact) ? [[contact, Math.min(...all)]] : [];
          });
          expect(Array.from(found.contacts, (contact, row) => [contact, found.first[row]])).toEqual(
            expected,
          );
        },
      ),
      { numRuns: 25 },
    );
  });

  it("is nobody without a rule, and a refusal for what cannot be", async () => {
    expect((await reached(database, { events: [], from, to: asOf })).contacts).toHaveLength(0);
    for (const event of [
      { type: "order", campaign: "spring" },
      { type: "click", minTotal: 3 },
      { type: "order", minTotal: Number.NaN },
      { type: "dance" },
    ] as EventRule[])
      await expect(reached(database, { events: [event], from, to: asOf })).rejects.toMatchObject({
        code: "input",
      });
  });
});

describe("profiles", () => {
  it("are codes into sorted levels, without those who refuse profiling", async () => {
    await load(database, { contacts: [], consents: [], orders: [], engagements: [] });
    await database.run(`insert into contacts (contact_id, time_zone, country) values
      (3, 'Europe/Paris', 'FR'), (1, 'Europe/Berlin', null), (2, null, 'DE'), (4, 'Asia/Tokyo', 'JP'), (5, 'Europe/Paris', null)`);
    await database.run(
      "insert into consents values (4, 'profiling', 'import', 'denied', timestamp '2025-01-01')",
    );
    const found = await profiles(database, ["timeZone", "country"]);
    expect(found).toEqual({
      rows: 4,
      contacts: Int32Array.of(1, 2, 3, 5),
      columns: [
        {
          name: "timeZone",
          kind: "category",
          codes: Int32Array.of(0, -1, 1, 1),
          levels: ["Europe/Berlin", "Europe/Paris"],
        },
        {
          name: "country",
          kind: "category",
          codes: Int32Array.of(-1, 0, 1, -1),
          levels: ["DE", "FR"],
        },
      ],
    });
    await expect(profiles(database, ["shoeSize" as "country"])).rejects.toMatchObject({
      code: "input",
    });
  });
});

describe("labels", () => {
  it("are one scorer's, by contact and day, without those who refuse profiling", async () => {
    await database.run(`insert into labels values (2, 'churn', '2025-03-02', false, 'call centre', 'Ada'),
      (1, 'churn', '2025-04-01', true, 'import', null), (1, 'churn', '2025-03-01', false, 'import', null),
      (1, 'lead_score', '2025-03-01', true, 'import', null), (4, 'churn', '2025-03-01', true, 'import', null)`);
    expect(await labels(database, "churn")).toEqual({
      contacts: Int32Array.of(1, 1, 2),
      at: Float64Array.of(Date.UTC(2025, 2, 1), Date.UTC(2025, 3, 1), Date.UTC(2025, 2, 2)),
      labels: Uint8Array.of(0, 1, 0),
      origins: { import: 2, "call centre": 1 },
    });
    expect((await labels(database, "value")).contacts).toHaveLength(0);
  });
});

describe("a sample", () => {
  it("holds the same people with what they have in the whole", async () => {
    await fc.assert(
      fc.asyncProperty(
        histories(asOf),
        fc.integer({ min: 1, max: people.length }),
        async (history, atMost) => {
          await load(database, history);
          const whole = await features(database, { asOf });
          for (const part of [
            await features(database, { asOf, atMost }),
            await features(database, { asOf, sample: 0.5 }),
          ]) {
            for (const [row, contact] of part.contacts.entries()) {
              const there = whole.contacts.indexOf(contact);
              expect(there).toBeGreaterThanOrEqual(0);
              for (const [index, column] of part.columns.entries())
                expect(column.values[row], column.name).toEqual(whole.columns[index].values[there]);
            }
          }
          const some = await features(database, { asOf, atMost });
          expect(some.rows).toBe(Math.min(atMost, whole.rows));
          const more = await features(database, { asOf, atMost: atMost + 1 });
          expect([...more.contacts]).toEqual(expect.arrayContaining([...some.contacts]));
          const days = await orderDays(database, { asOf, sample: 0.5 });
          const half = await features(database, { asOf, sample: 0.5 });
          expect([...half.contacts]).toEqual(expect.arrayContaining([...days.contacts]));
        },
      ),
      { numRuns: 5 },
    );
  });

  it("takes about the share that it is asked for, and no share beyond all", async () => {
    await load(database, { contacts: [], consents: [], orders: [], engagements: [] });
    await database.run(
      "insert into contacts (contact_id, created_at) select n, timestamp '2024-01-01' from range(1, 10001) t(n)",
    );
    const { rows } = await features(database, { asOf, sample: 0.1, columns: ["tenure_days"] });
    expect(Math.abs(rows - 1000)).toBeLessThan(20);
    for (const options of [{ sample: 0 }, { sample: 1.5 }, { atMost: 0 }, { atMost: 1.5 }])
      await expect(features(database, { asOf, ...options })).rejects.toMatchObject({
        code: "input",
      });
  });
});
