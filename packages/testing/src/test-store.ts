import {
  type Cursor,
  type EngagementType,
  type Field,
  type FieldValue,
  InchwormError,
  type Ledger,
  type Page,
  type Plan,
  type PlanRow,
  type RecordBatch,
} from "@inchworm/spec";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

/** What the suite asks of a store; `Store` of @inchworm/store is one. */
export interface TestedStore extends Ledger {
  ingest(source: { readonly name: string; readonly system: string }, page: Page): Promise<unknown>;
  cursor(source: string): Promise<Cursor | undefined>;
  summary(): Promise<StoreCounts>;
  features(options: { readonly asOf: number }): Promise<StoreFeatures>;
  ordersBetween(
    from: number,
    to: number,
  ): Promise<{
    readonly contacts: Int32Array;
    readonly orders: Int32Array;
    readonly spend: Float64Array;
  }>;
  orderDays(options: { readonly asOf: number; readonly from?: number }): Promise<{
    readonly contacts: Int32Array;
    readonly offsets: Int32Array;
    readonly days: Int32Array;
    readonly spend: Float64Array;
  }>;
  reached(options: {
    readonly events: readonly { readonly type: "order" | EngagementType; readonly item?: string }[];
    readonly from: number;
    readonly to: number;
  }): Promise<{ readonly contacts: Int32Array; readonly first: Float64Array }>;
  profiles(options: { readonly columns: readonly "country"[] }): Promise<{
    readonly contacts: Int32Array;
    readonly columns: readonly { readonly codes: Int32Array; readonly levels: readonly string[] }[];
  }>;
  saveScores(scores: StoreScores): Promise<unknown>;
  keepScores(scores: StorePastScores): Promise<unknown>;
  pastScores(scorer: string, by: number): Promise<StorePastScores | undefined>;
  labels(scorer: string): Promise<{ readonly contacts: Int32Array }>;
  scoresOf(
    contact: number,
  ): Promise<readonly { readonly values: Readonly<Record<string, FieldValue>> }[]>;
  find(person: string): Promise<StorePerson | undefined>;
  forget(contact: number): Promise<unknown>;
  contacts(options?: {
    readonly batch?: number;
  }): AsyncIterable<
    readonly { readonly contact: number; readonly firstName?: string; readonly lastName?: string }[]
  >;
  close(): Promise<unknown>;
}

export interface StoreCounts {
  readonly contacts: number;
  readonly orders: number;
  readonly engagements: number;
  readonly profilingDenied: number;
}

export interface StoreFeatures {
  readonly rows: number;
  readonly contacts: Int32Array;
  readonly columns: readonly { readonly name: string; readonly values: Float32Array }[];
}

export interface StoreScores {
  readonly scorer: string;
  readonly modelId: string;
  readonly asOf: number;
  readonly contacts: Int32Array;
  readonly fields: Readonly<Record<string, readonly FieldValue[]>>;
  readonly reasons: readonly (readonly string[])[];
  readonly abstained: readonly (string | undefined)[];
}

export interface StorePastScores {
  readonly scorer: string;
  readonly modelId: string;
  readonly asOf: number;
  readonly until: number;
  readonly contacts: Int32Array;
  readonly values: Float64Array;
}

export interface StorePerson {
  readonly contact: number;
  readonly identities: readonly { readonly system: string; readonly id: string }[];
}

export interface TestStoreOptions {
  readonly name: string;
  /** The store of that name, made when it is not there: the same name after `close` is the same store. */
  readonly open: (name: string) => Promise<TestedStore>;
}

const crm = { name: "crm:contacts", system: "crm" };
const shop = { name: "shop:orders", system: "shop" };
const destination = "crm:scores";
const day = (n: number): number => Date.UTC(2024, 0, n);

/** Six weeks of five people under the names of two systems, a few records a page. */
const history: readonly (readonly [source: typeof crm, records: RecordBatch])[] = [
  [
    crm,
    {
      contact: [
        {
          id: "1",
          email: "ada@example.com",
          firstName: "Ada",
          createdAt: day(1),
          modifiedAt: day(1),
        },
        { id: "2", email: "grace@example.com", createdAt: day(1), modifiedAt: day(1) },
        { id: "3", email: "mary@example.com", createdAt: day(2), modifiedAt: day(2) },
      ],
      consent: [{ contact: "3", purpose: "profiling", status: "denied", at: day(3) }],
    },
  ],
  [
    shop,
    {
      contact: [
        { id: "a", identities: [{ system: "email", id: "Ada@example.com" }], modifiedAt: day(4) },
        { id: "g", identities: [{ system: "crm", id: "2" }], modifiedAt: day(4) },
        { id: "j", email: "joan@example.com", createdAt: day(4), modifiedAt: day(4) },
      ],
      order: [
        { id: "o1", contact: "a", at: day(5), total: 20 },
        { id: "o2", contact: "a", at: day(12), total: 30.5 },
        { id: "o3", contact: "g", at: day(12), total: 7 },
        { id: "o4", at: day(12), total: 99 },
      ],
    },
  ],
  [
    crm,
    {
      engagement: [
        { contact: "1", type: "sent", at: day(13) },
        { contact: "1", type: "open", at: day(14) },
        { contact: "1", type: "open", at: day(14) },
        { id: "e1", contact: "2", type: "click", at: day(15) },
      ],
    },
  ],
  [
    shop,
    {
      order: [
        { id: "o5", contact: "j", at: day(20), total: 12 },
        { id: "o6", contact: "a", at: day(21), total: -30.5 },
        { id: "o7", contact: "new", at: day(30), total: 5 },
      ],
      orderLine: [
        { order: "o8", contact: "g", at: day(22), item: "mug", quantity: 2, unitPrice: 4.25 },
        { order: "o8", contact: "g", at: day(22), item: "mug", quantity: 2, unitPrice: 4.25 },
      ],
    },
  ],
];

/**
 * The contract of a store, as tests: pages and cursors are one, repeats and the order of pages make no difference, people are one
 * under all their names, features see nothing of the future, forgotten people are gone, and plans and outcomes are kept.
 *
 * @example testStore({ name: "DuckDB", open: (name) => openStore(join(folder, `${name}.duckdb`)) })
 */
export function testStore(options: TestStoreOptions): void {
  describe(`${options.name} keeps the contract of a store`, () => {
    let store: TestedStore;
    let name: string;
    let count = 0;
    beforeEach(async () => {
      name = `conformance-${++count}`;
      store = await options.open(name);
    });
    afterEach(() => store.close());

    const give = (records: RecordBatch, source = crm, at = 0) =>
      store.ingest(source, { records, cursor: { at } });
    const tell = async (pages: typeof history) => {
      for (const [source, records] of pages) await give(records, source);
    };
    const reopen = async () => {
      await store.close();
      store = await options.open(name);
    };
    const people = async () => {
      const known: string[][] = [];
      for (const person of ["crm:1", "crm:2", "crm:3", "shop:j", "shop:new"]) {
        const found = await store.find(person);
        known.push((found?.identities ?? []).map(({ system, id }) => `${system}:${id}`).sort());
      }
      return known;
    };
    /** What is known at a day, contacts by one of their names, since numbers depend on the order of arrival. */
    const known = async (asOf: number) => {
      const { contacts, columns } = await store.features({ asOf });
      const numbers = new Map<number, string>();
      for (const person of ["crm:1", "crm:2", "crm:3", "shop:j", "shop:new"]) {
        const found = await store.find(person);
        if (found !== undefined) numbers.set(found.contact, person);
      }
      return Object.fromEntries(
        Array.from(contacts, (contact, row) => [
          numbers.get(contact),
          Object.fromEntries(columns.map((column) => [column.name, column.values[row]])),
        ]),
      );
    };

    it("keeps a page and its cursor, also after opening again", async () => {
      expect(await store.cursor(crm.name)).toBeUndefined();
      await give(history[0][1], crm, 7);
      await give({}, crm, 8);
      await reopen();
      expect(await store.cursor(crm.name)).toEqual({ at: 8 });
      expect(await store.cursor(shop.name)).toBeUndefined();
      expect((await store.find("ada@example.com"))?.identities).toHaveLength(2);
    });

    it("keeps neither record nor cursor of a page that it refuses", async () => {
      const faulty = { id: "o", contact: "1", at: Number.NaN, total: 1 };
      const work = store.ingest(crm, {
        records: { ...history[0][1], order: [faulty] },
        cursor: { at: 1 },
      });
      await expect(work).rejects.toSatisfy((error) => InchwormError.is(error));
      expect(await store.cursor(crm.name)).toBeUndefined();
      expect((await store.summary()).contacts).toBe(0);
    });

    it("is the same after pages come again, in whichever order", async () => {
      await tell(history);
      const counts = await store.summary();
      const names = await people();
      const features = await known(day(25));
      expect(counts).toMatchObject({ contacts: 5, orders: 8, engagements: 4, profilingDenied: 1 });
      await tell([...history].reverse());
      await tell(history);
      expect(await store.summary()).toEqual(counts);
      expect(await people()).toEqual(names);
      expect(await known(day(25))).toEqual(features);

      await store.close();
      store = await options.open(`${name}-backwards`);
      await tell([...history].reverse());
      expect(await store.summary()).toEqual(counts);
      expect(await people()).toEqual(names);
      expect(await known(day(25))).toEqual(features);
    });

    it("loses nothing of pages that are given at once", async () => {
      const pages = Array.from({ length: 20 }, (_, page) =>
        give({
          order: [
            { id: `p${page}`, contact: "1", at: day(1), total: 1 },
            { id: `q${page}`, contact: `own-${page}`, at: day(1), total: 1 },
          ],
        }),
      );
      await Promise.all(pages);
      expect(await store.summary()).toMatchObject({ contacts: 21, orders: 40 });
    });

    it("keeps the newer version of a record, whichever comes first", async () => {
      const versions = [
        { id: "1", firstName: "Ada", lastName: "King", modifiedAt: day(5) },
        { id: "1", firstName: "A.", lastName: "Byron", modifiedAt: day(2) },
      ];
      for (const contact of [versions, [...versions].reverse()]) {
        for (const version of contact) await give({ contact: [version] });
        const read = [];
        for await (const batch of store.contacts({ batch: 1 })) read.push(...batch);
        expect(read).toMatchObject([{ firstName: "Ada", lastName: "King" }]);
      }
    });

    it("sees nothing of the future in features", async () => {
      await tell(history.slice(0, 3));
      const before = await known(day(16));
      await tell(history.slice(3));
      await give({
        consent: [{ contact: "1", purpose: "profiling", status: "denied", at: day(17) }],
      });
      const after = await known(day(16));
      // who opted out meanwhile is not learned from any more; of all others the past is the same
      delete before["crm:1"];
      delete after["crm:1"];
      expect(after).toEqual(before);
      expect(Object.keys(before).sort()).toEqual(["crm:2", "shop:j"]);
    });

    it("counts orders of a positive total between two instants, the later one excluded", async () => {
      await tell(history);
      const counted = async (from: number, to: number) => {
        const { contacts, orders, spend } = await store.ordersBetween(from, to);
        expect([...contacts]).toEqual([...contacts].sort((one, other) => one - other));
        const numbers = new Map(Array.from(contacts, (contact, row) => [contact, row]));
        const row = numbers.get((await store.find("crm:1"))?.contact ?? -1) ?? -1;
        return { people: contacts.length, orders: orders[row], spend: spend[row] };
      };
      expect(await counted(day(5), day(12))).toEqual({ people: 1, orders: 1, spend: 20 });
      expect(await counted(day(5), day(22))).toEqual({ people: 3, orders: 2, spend: 50.5 });
    });

    it("gives the days with an order, of people who allow it, and of the past alone", async () => {
      await tell(history);
      await give({
        consent: [{ contact: "2", purpose: "profiling", status: "denied", at: day(39) }],
      });
      const { contacts, offsets, days, spend } = await store.orderDays({ asOf: day(25) });
      const expected = [];
      for (const [person, own] of [
        ["crm:1", [5, 20, 12, 30.5]],
        ["shop:j", [20, 12]],
      ] as const)
        expected.push([(await store.find(person))?.contact, own] as const);
      const found = Array.from(contacts, (contact, row) => {
        const own: number[] = [];
        for (let at = offsets[row]; at < offsets[row + 1]; at++)
          own.push((days[at] * 86_400_000 - day(1)) / 86_400_000 + 1, spend[at]);
        return [contact, own];
      });
      expect(found).toEqual(expected.sort(([one = 0], [other = 0]) => one - other));
      expect((await store.orderDays({ asOf: day(25), from: day(15) })).days).toHaveLength(1);
    });

    it("tells who did something in a span, and when first; what machines did does not count", async () => {
      await tell(history);
      await give({
        engagement: [
          { id: "m", contact: "2", type: "open", at: day(14), machine: true },
          { id: "f", contact: "3", type: "form", campaign: "demo", at: day(14) },
          { id: "g", contact: "2", type: "form", campaign: "demo", at: day(16) },
        ],
      });
      const ada = (await store.find("crm:1"))?.contact;
      const grace = (await store.find("crm:2"))?.contact;
      const who = async (type: "open" | "form" | "order", from = 1, item?: string) => {
        const events = [{ type, ...(item !== undefined && { item }) }];
        const found = await store.reached({ events, from: day(from), to: day(25) });
        return Array.from(found.contacts, (contact, row) => [contact, found.first[row]]);
      };
      expect(await who("open")).toEqual([[ada, day(14)]]);
      expect(await who("open", 15)).toEqual([]);
      expect(await who("form")).toEqual([[grace, day(16)]]); // the other refuses profiling
      expect(await who("order", 13, "mug")).toEqual([[grace, day(22)]]);
      expect((await who("order")).length).toBe(3);
    });

    it("knows people by codes into sorted words", async () => {
      await tell(history);
      await give({
        contact: [
          { id: "1", country: "NO", modifiedAt: day(9) },
          { id: "2", country: "IT", modifiedAt: day(9) },
          { id: "3", country: "AT", modifiedAt: day(9) },
        ],
      });
      const { contacts, columns } = await store.profiles({ columns: ["country"] });
      expect(contacts).toHaveLength(4); // one of five refuses profiling
      const [{ codes, levels }] = columns;
      expect(levels).toEqual(["IT", "NO"]);
      const row = contacts.indexOf((await store.find("crm:1"))?.contact ?? 0);
      expect(levels[codes[row]]).toBe("NO");
      expect([...codes].sort()).toEqual([-1, -1, 0, 1].sort());
    });

    it("replaces the scores of a scorer", async () => {
      await tell(history);
      const contacts = Int32Array.of((await store.find("crm:1"))?.contact ?? 0);
      const scores = { scorer: "churn", modelId: "m", asOf: day(30), contacts };
      for (const value of [0.25, 0.75]) {
        await store.saveScores({
          ...scores,
          fields: { churn_probability: [value], band: ["low"] },
          reasons: [["because"]],
          abstained: [undefined],
        });
      }
      expect(await store.scoresOf(contacts[0])).toMatchObject([
        { values: { churn_probability: 0.75, band: "low" } },
      ]);
    });

    it("keeps scores of one day in seven until they can be judged, also after opening again", async () => {
      await tell(history);
      const ada = (await store.find("crm:1"))?.contact ?? 0;
      const grace = (await store.find("crm:2"))?.contact ?? 0;
      const contacts = Int32Array.of(ada, grace).sort();
      const keep = (on: number, value: number) =>
        store.keepScores({
          scorer: "churn",
          modelId: "m",
          asOf: day(on),
          until: day(on + 10),
          contacts,
          values: Float64Array.of(value, value),
        });
      await keep(20, 0.25);
      await keep(23, 0.5); // too soon after the first
      await keep(27, 0.75);
      await keep(27, 0.75);
      await reopen();
      expect(await store.pastScores("churn", day(29))).toBeUndefined();
      expect(await store.pastScores("value", day(60))).toBeUndefined();
      expect(await store.pastScores("churn", day(36))).toMatchObject({
        asOf: day(20),
        until: day(30),
        contacts,
        values: Float64Array.of(0.25, 0.25),
      });
      expect(await store.pastScores("churn", day(37))).toMatchObject({ asOf: day(27) });
      await store.forget(ada);
      expect([...((await store.pastScores("churn", day(37)))?.contacts ?? [])]).toEqual([grace]);
      expect((await store.labels("churn")).contacts).toHaveLength(0);
    });

    it("forgets a person for good", async () => {
      await tell(history);
      const ada = (await store.find("crm:1"))?.contact ?? 0;
      await store.forget(ada);
      await tell(history);
      await reopen();
      await tell(history);
      expect(await store.find("ada@example.com")).toBeUndefined();
      expect(await store.find("shop:a")).toBeUndefined();
      expect(await store.summary()).toMatchObject({ contacts: 4, orders: 5, engagements: 1 });
      expect([...(await store.features({ asOf: day(40) })).contacts]).not.toContain(ada);
    });

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
      store.savePlan(id, destination, inPages(rows), () => planOf(id));
    const written = async (id: string) => {
      const all: PlanRow[] = [];
      for await (const page of store.written(id)) all.push(...page);
      return all;
    };

    it("keeps a plan, what became of its rows, and what was written, also after opening again", async () => {
      await tell(history);
      await savePlan("p1");
      await store.begin("p1");
      await store.settle("p1", [rows[0]], [{ recordId: "r1", outcome: "updated" }]);
      await reopen();
      expect(await store.latestPlan(destination)).toMatchObject({
        plan: planOf("p1"),
        begun: true,
        pending: 1,
        done: 1,
        failed: 0,
      });
      expect(await store.pending("p1", 10)).toEqual([rows[1]]);
      expect(await written("p1")).toEqual([rows[0]]);
    });

    it("keeps the earlier plan when a new one does not come to its end", async () => {
      await tell(history);
      await savePlan("p1");
      async function* broken() {
        yield rows;
        throw new InchwormError("network", "gone");
      }
      const work = store.savePlan("p2", destination, broken(), () => planOf("p2"));
      await expect(work).rejects.toMatchObject({ code: "network" });
      expect((await store.latestPlan(destination))?.plan.id).toBe("p1");
      expect(await store.pending("p1", 10)).toHaveLength(2);
    });

    it("calls a plan stale once people or scores differ, and not before", async () => {
      await tell(history);
      await savePlan("p1");
      await tell(history);
      await give({ engagement: [{ contact: "1", type: "open", at: day(39) }] });
      expect(await store.stale("p1")).toBeUndefined();
      await give({ contact: [{ id: "1", lastName: "King", modifiedAt: day(39) }] });
      expect(await store.stale("p1")).toEqual(expect.any(String));
      await savePlan("p2");
      expect(await store.stale("p2")).toBeUndefined();
      await give({
        consent: [{ contact: "2", purpose: "profiling", status: "denied", at: day(39) }],
      });
      expect(await store.stale("p2")).toEqual(expect.any(String));
    });
  });
}
