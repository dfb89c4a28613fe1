import { expect, it } from "vitest";
import { type Bench, day, history } from "./bench.js";

/** What is told of a day sees nothing of what came later, nor of people who refuse profiling. */
export function knowsThePast(bench: Bench): void {
  const { give, tell, known } = bench;

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
      const { contacts, orders, spend } = await bench.store.ordersBetween(from, to);
      expect([...contacts]).toEqual([...contacts].sort((one, other) => one - other));
      const numbers = new Map(Array.from(contacts, (contact, row) => [contact, row]));
      const row = numbers.get((await bench.store.find("crm:1"))?.contact ?? -1) ?? -1;
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
    const { contacts, offsets, days, spend } = await bench.store.orderDays({ asOf: day(25) });
    const expected = [];
    for (const [person, own] of [
      ["crm:1", [5, 20, 12, 30.5]],
      ["shop:j", [20, 12]],
    ] as const)
      expected.push([(await bench.store.find(person))?.contact, own] as const);
    const found = Array.from(contacts, (contact, row) => {
      const own: number[] = [];
      for (let at = offsets[row]; at < offsets[row + 1]; at++)
        own.push((days[at] * 86_400_000 - day(1)) / 86_400_000 + 1, spend[at]);
      return [contact, own];
    });
    expect(found).toEqual(expected.sort(([one = 0], [other = 0]) => one - other));
    expect((await bench.store.orderDays({ asOf: day(25), from: day(15) })).days).toHaveLength(1);
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
    const ada = (await bench.store.find("crm:1"))?.contact;
    const grace = (await bench.store.find("crm:2"))?.contact;
    const who = async (type: "open" | "form" | "order", from = 1, item?: string) => {
      const events = [{ type, ...(item !== undefined && { item }) }];
      const found = await bench.store.reached({ events, from: day(from), to: day(25) });
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
    const { contacts, columns } = await bench.store.profiles({ columns: ["country"] });
    expect(contacts).toHaveLength(4); // one of five refuses profiling
    const [{ codes, levels }] = columns;
    expect(levels).toEqual(["IT", "NO"]);
    const row = contacts.indexOf((await bench.store.find("crm:1"))?.contact ?? 0);
    expect(levels[codes[row]]).toBe("NO");
    expect([...codes].sort()).toEqual([-1, -1, 0, 1].sort());
  });

  it("tells of contracts as they were known on a day, each term with what held in it", async () => {
    await give(history[0][1]);
    const first = { id: "c1", contact: "1", start: day(2), plan: "basic", price: 9.5 };
    const pages = [
      [{ ...first, end: day(20) }],
      [{ ...first, renewedAt: day(20), plan: "pro", cancelledAt: day(28) }],
      [{ id: "c2", contact: "2", start: day(5), cancelledAt: day(26) }],
      [{ id: "c3", contact: "3", start: day(5) }], // refuses profiling
    ];
    const at = async (n: number) => {
      const found = await bench.store.contracts({ asOf: day(n) });
      return Array.from(found.contacts, (contact, row) => ({
        contact,
        held: [found.start[row], found.from[row], found.to[row], found.left[row]],
        plan: found.plans[found.plan[row]],
        price: found.price[row],
      }));
    };
    for (const order of [pages, [...pages].reverse(), pages]) {
      for (const contract of order) await give({ contract });
      const ada = (await bench.store.find("crm:1"))?.contact ?? 0;
      const grace = (await bench.store.find("crm:2"))?.contact ?? 0;
      const basic = { contact: ada, plan: "basic", price: 9.5 };
      const other = { contact: grace, plan: undefined, price: Number.NaN };
      expect(await at(2)).toEqual([]);
      expect(await at(6)).toEqual([
        { ...basic, held: [day(2), day(2), Infinity, Number.NaN] },
        { ...other, held: [day(5), day(5), Infinity, Number.NaN] },
      ]);
      expect(await at(29)).toEqual([
        { ...basic, held: [day(2), day(2), day(20), Number.NaN] },
        { ...basic, plan: "pro", held: [day(2), day(20), Infinity, day(28)] },
        { ...other, held: [day(5), day(5), Infinity, day(26)] },
      ]);
    }
    const { contracts } = await bench.store.contracts({ asOf: day(29) });
    expect([...contracts]).toEqual([0, 0, 1]);
    await bench.store.forget((await bench.store.find("crm:1"))?.contact ?? 0);
    expect(await at(29)).toHaveLength(1);
  });
}
