import { type EngagementType, InchwormError, type ItemKind } from "@inchworm/spec";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openStore } from "../store.js";

const day = 86_400_000;
const asOf = Date.UTC(2025, 5, 15, 9, 30);
const source = { name: "shop:events", system: "shop" };
const weights = { order: 4, cart: 2, view: 1, sent: 0 } as const;

const kinds: Readonly<Record<string, ItemKind | undefined>> = {
  bag: undefined,
  cup: "product",
  guide: "content",
  tenth: "offer",
  // in no catalogue
  hat: undefined,
};
const item = fc.constantFrom(...Object.keys(kinds));
const person = fc.constantFrom<string>("1", "2", "3", "4");
const at = fc.oneof(
  fc.integer({ min: -40, max: 3 }).map((days) => asOf + days * day),
  fc.constantFrom(asOf - 1, asOf, asOf - 20 * day, asOf - 20 * day - 1),
);
const histories = fc.record({
  lines: fc.array(
    fc.record({
      who: fc.option(person),
      item,
      at,
      quantity: fc.constantFrom<number>(1, 1, 2, 0.5, -1),
    }),
    { maxLength: 30 },
  ),
  events: fc.array(
    fc.record({
      who: person,
      item: fc.option(item),
      at,
      type: fc.constantFrom<EngagementType>("view", "cart", "click", "sent"),
      campaign: fc.option(fc.constantFrom("tenth off", "plain")),
      machine: fc.boolean(),
    }),
    { maxLength: 40 },
  ),
  denied: fc.option(person),
});
type History = typeof histories extends fc.Arbitrary<infer Value> ? Value : never;

async function filled({ lines, events, denied }: History) {
  const store = await openStore(":memory:");
  const records = {
    contact: ["1", "2", "3", "4"].map((id) => ({ id })),
    item: Object.entries(kinds)
      .filter(([id]) => id !== "hat")
      .map(([id, kind]) => ({ id, ...(kind && { kind }) })),
    campaign: [
      { id: "tenth off", channel: "email" as const, offer: "tenth" },
      { id: "plain", channel: "email" as const },
    ],
    orderLine: lines.map(({ who, ...line }, index) => ({
      ...line,
      order: `o${index}`,
      unitPrice: 5,
      ...(who && { contact: who }),
    })),
    engagement: events.map(({ who, item, campaign, ...event }, index) => ({
      ...event,
      id: `e${index}`,
      contact: who,
      ...(item && { item }),
      ...(campaign && { campaign }),
    })),
    ...(denied && {
      consent: [
        { contact: denied, purpose: "profiling" as const, status: "denied" as const, at: asOf },
      ],
    }),
  };
  await store.ingest(source, { records, cursor: {} });
  const people = new Map<number, string>();
  for await (const batch of store.contacts())
    for (const { contact, identities } of batch) people.set(contact, identities[0].id);
  return { store, people };
}

function naive(history: History, kind: ItemKind, since: number) {
  const pairs = new Map<string, [weight: number, last: number, bought: number, on: number]>();
  const fits = (id: string | null): id is string =>
    id !== null && (kinds[id] ?? "product") === kind;
  const during = (time: number) => time < asOf && time >= since;
  for (const who of ["1", "2", "3", "4"].filter((one) => one !== history.denied))
    for (const id of Object.keys(kinds)) {
      const lines = history.lines.filter(
        (line) => line.who === who && line.item === id && fits(id) && during(line.at),
      );
      const events = history.events.filter((event) => {
        const offered = kind === "offer" && event.campaign === "tenth off" ? "tenth" : null;
        const about = event.item ?? offered;
        return (
          about === id && fits(about) && event.who === who && !event.machine && during(event.at)
        );
      });
      let weight = 0;
      let last = Number.NEGATIVE_INFINITY;
      let bought = 0;
      let on = 0;
      const kept = lines.reduce((sum, { quantity }) => sum + quantity, 0) > 0;
      const positive = lines.filter(({ quantity }) => quantity > 0).map((line) => line.at);
      if (kept) {
        const [first, latest] = [Math.min(...positive), Math.max(...positive)].map((time) =>
          Math.floor(time / day),
        );
        bought = Math.min(positive.length, 1 + latest - first);
        on = latest;
        last = Math.max(...positive);
        weight += weights.order * (1 + Math.log(bought));
      }
      for (const type of ["view", "cart", "sent"] as const) {
        const times = events.filter((event) => event.type === type).map((event) => event.at);
        if (times.length === 0) continue;
        weight += weights[type] * (1 + Math.log(times.length));
        last = Math.max(last, ...times);
      }
      if (last > 0) pairs.set(`${who} ${id}`, [weight, last, bought, on]);
    }
  return pairs;
}

describe("interactions", () => {
  it("equal a plain computation", async () => {
    await fc.assert(
      fc.asyncProperty(
        histories,
        fc.constantFrom<ItemKind>("product", "content", "offer"),
        fc.boolean(),
        fc.constantFrom(1, 5, 8_000_000),
        async (history, kind, isCut, atATime) => {
          const { store, people } = await filled(history);
          const since = isCut ? asOf - 20 * day : 0;
          const found = await store.interactions({
            asOf,
            kind,
            weights,
            atATime,
            ...(isCut && { since }),
          });
          const { contacts, offsets, ids, rows, items, times, bought, boughtOn } = found;
          const expected = naive(history, kind, since);
          expect(rows).toHaveLength(expected.size);
          for (let at = 0; at < rows.length; at++) {
            const key = `${people.get(contacts[rows[at]])} ${ids[items[at]]}`;
            const [weight, last, times_, on] = expected.get(key) ?? [];
            expect([times[at], bought[at], boughtOn[at]], key).toEqual([last, times_, on]);
            expect(found.weights[at]).toBeCloseTo(weight ?? Number.NaN, 4);
            expect(at >= offsets[rows[at]] && at < offsets[rows[at] + 1]).toBe(true);
            if (at > offsets[rows[at]]) expect(items[at]).toBeGreaterThan(items[at - 1]);
          }
          expect([...contacts]).toEqual([...contacts].sort((one, other) => one - other));
          expect([...ids]).toEqual([...ids].sort());
          await store.close();
        },
      ),
      { numRuns: 25 },
    );
  });

  it("of a person who asked to be forgotten are gone", async () => {
    const line = (who: string, item: string) => ({ who, item, at: asOf - day, quantity: 1 });
    const { store, people } = await filled({
      lines: [line("1", "bag"), line("2", "bag"), line("2", "cup")],
      events: [],
      denied: null,
    });
    const two = [...people].find(([, id]) => id === "2")?.[0] ?? -1;
    const read = () => store.interactions({ asOf, kind: "product", weights });
    expect((await read()).rows).toHaveLength(3);
    const own = await store.interactions({ asOf, kind: "product", weights, contact: two });
    expect([...own.contacts, ...own.ids]).toEqual([two, "bag", "cup"]);
    await store.forget(two);
    const { contacts, ids, rows } = await read();
    expect([rows.length, [...contacts].includes(two), ids]).toEqual([1, false, ["bag"]]);
    await store.close();
  });

  it("refuse what cannot be asked", async () => {
    const store = await openStore(":memory:");
    for (const wrong of [
      { weights: {} },
      { weights: { view: -1 } },
      { weights: { view: Number.NaN } },
      { weights: { look: 1 } },
      { weights, kind: "thing" },
      { weights, asOf: Number.NaN },
      { weights, sample: 0 },
    ]) {
      const asked = store.interactions({ asOf, kind: "product", ...wrong } as never);
      await expect(asked, JSON.stringify(wrong)).rejects.toSatisfy((error) =>
        InchwormError.is(error, "input"),
      );
    }
    await store.close();
  });
});

describe("items", () => {
  it("say what is known of each, the latest word first", async () => {
    const store = await openStore(":memory:");
    const give = (item: object) =>
      store.ingest(source, { records: { item: [item as never] }, cursor: {} });
    await give({
      id: "cup",
      name: "Cup",
      category: "kitchen",
      price: 9.5,
      cost: 4,
      available: true,
    });
    await give({ id: "cup", available: false, region: "DE" });
    await give({ id: "bag", kind: "offer", margin: 3 });
    const items = await store.items();
    expect(items.ids).toEqual(["bag", "cup"]);
    expect(items.names).toEqual(["bag", "Cup"]);
    expect(items.kinds).toEqual(["offer", "product"]);
    expect(items.categories).toEqual([undefined, "kitchen"]);
    expect(items.regions).toEqual([undefined, "DE"]);
    expect([...items.available]).toEqual([1, 0]);
    expect([...items.prices, ...items.margins, ...items.costs]).toEqual([
      Number.NaN,
      9.5,
      3,
      Number.NaN,
      Number.NaN,
      4,
    ]);
    await store.close();
  });
});
