import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { day, flat, wholeShop } from "./__fixtures__/whole-shop.js";
import { madeUpShop, type ShopOptions } from "./shop.js";

/** The same records, however they are batched, give the same digest. */
const digest = (batches: Iterable<object>): string => {
  const kinds = new Map<string, ReturnType<typeof createHash>>();
  for (const batch of batches)
    for (const [kind, records] of Object.entries(batch)) {
      const hash = kinds.get(kind) ?? createHash("sha256");
      kinds.set(kind, hash);
      for (const record of records) hash.update(`${JSON.stringify(record)}\n`);
    }
  const all = createHash("sha256");
  for (const [kind, hash] of kinds) all.update(`${kind} ${hash.digest("hex")}\n`);
  return all.digest("hex");
};

const small = { contacts: 500, days: 365 };
const { shop, contacts, truth, orders, lines, engagements } = wholeShop({ contacts: 1500 });

describe("determinism", () => {
  // changes only with the process itself; engines and chunks must agree on it
  const known = "a21e7508185c1ab049ad362505fcfd9e2d4a7d4b58de8e2af0ae5f6c630d9ebf";

  test("is the known shop, however it is cut into batches", () => {
    for (const batch of [1, 123, 1000])
      expect(digest(madeUpShop(small).history({ batch }))).toBe(known);
  });

  test("contacts and truth do not depend on the batches", () => {
    const one = madeUpShop(small);
    for (const of of [one.contacts, one.truth] as const)
      expect(JSON.stringify(flat<unknown>(of({ batch: 1 })))).toBe(
        JSON.stringify(flat<unknown>(of({ batch: 333 }))),
      );
  });

  test("history and future do not know of each other, nor one reader of another", () => {
    const one = madeUpShop(small);
    const half = one.history()[Symbol.iterator]();
    half.next();
    const early = JSON.stringify([...one.future(30)].flatMap(({ order = [] }) => order));
    const after = digest(one.history({ batch: 7 }));
    expect(after).toBe(known);
    const late = [...one.future(200, { batch: 17 })].flatMap(({ order = [] }) => order);
    expect(JSON.stringify(late.filter(({ at }) => at < one.until + 30 * day))).toBe(early);
    expect(late.length).toBeGreaterThan(100);
  });

  test("a larger shop begins with the people of the smaller, another seed has others", () => {
    const first = (options: ShopOptions) =>
      JSON.stringify([...madeUpShop(options).history({ batch: 500 })][0]);
    expect(first({ ...small, contacts: 1200 })).toBe(first(small));
    expect(first({ ...small, seed: 2 })).not.toBe(first(small));
  });
});

describe("contents", () => {
  test("about 75 events a contact, whatever the size", () => {
    const perContact = (orders.length + lines.length + engagements.length) / contacts.size;
    expect(perContact).toBeGreaterThan(67.5);
    expect(perContact).toBeLessThan(82.5);
    expect(contacts.size).toBe(1500);
  });

  test("everything lies in the history, and names a contact, an item and a campaign that exist", () => {
    const items = new Set(shop.items.map(({ id }) => id));
    const campaigns = new Set(shop.campaigns.map(({ id }) => id));
    const stray = [...orders, ...lines, ...engagements].filter(
      ({ at, contact }) =>
        at < shop.from || at >= shop.until || (contact !== undefined && !contacts.has(contact)),
    );
    expect(stray).toEqual([]);
    expect(lines.filter(({ item }) => !items.has(item))).toEqual([]);
    expect(
      engagements.filter(
        ({ item, campaign }) =>
          (item !== undefined && !items.has(item)) ||
          (campaign !== undefined && !campaigns.has(campaign)),
      ),
    ).toEqual([]);
  });

  test("ids are unique, and an order's lines add up to its total", () => {
    const ids = [orders.map(({ id }) => id), engagements.map(({ id }) => id)];
    for (const list of ids) expect(new Set(list).size).toBe(list.length);
    expect(new Set(lines.map(({ order, line }) => `${order}/${line}`)).size).toBe(lines.length);
    const totals = new Map<string, number>();
    for (const { order, quantity, unitPrice } of lines)
      totals.set(order, (totals.get(order) ?? 0) + quantity * unitPrice);
    expect(totals.size).toBe(orders.length);
    const wrong = orders.filter(({ id, total }) => Math.abs((totals.get(id) ?? 0) - total) > 1e-6);
    expect(wrong).toEqual([]);
  });

  test("a few lines come back, a few orders are nobody's, a few are in pounds", () => {
    const share = (part: readonly unknown[], whole: readonly unknown[]) =>
      part.length / whole.length;
    const back = lines.filter(({ quantity }) => quantity < 0);
    expect(share(back, lines)).toBeGreaterThan(0.03);
    expect(share(back, lines)).toBeLessThan(0.05);
    const sold = new Set(lines.map((l) => `${l.order} ${l.item} ${l.quantity} ${l.unitPrice}`));
    const unsold = back.filter(
      (l) => !sold.has(`O${l.order.slice(1)} ${l.item} ${-l.quantity} ${l.unitPrice}`),
    );
    expect(unsold).toEqual([]);
    const anonymous = orders.filter(({ contact }) => contact === undefined);
    expect(share(anonymous, orders)).toBeGreaterThan(0.004);
    expect(share(anonymous, orders)).toBeLessThan(0.02);
    const pounds = orders.filter(({ currency }) => currency === "GBP");
    expect(share(pounds, orders)).toBeGreaterThan(0.01);
    expect(share(pounds, orders)).toBeLessThan(0.08);
  });

  test("a few items sell most, and people have favourites", () => {
    const sold = new Map<string, number>();
    let favourite = 0;
    let mine = 0;
    const categoryOf = new Map(shop.items.map(({ id, category }) => [id, category]));
    for (const { item, contact, quantity } of lines) {
      if (quantity < 0) continue;
      sold.set(item, (sold.get(item) ?? 0) + 1);
      if (contact === undefined) continue;
      mine++;
      if (categoryOf.get(item) === truth.get(contact)?.favouriteCategory) favourite++;
    }
    const counts = [...sold.values()].sort((a, b) => b - a);
    const all = counts.reduce((a, b) => a + b, 0);
    expect(counts.slice(0, 100).reduce((a, b) => a + b, 0) / all).toBeGreaterThan(0.45);
    expect(favourite / mine).toBeGreaterThan(0.5);
  });

  test("contacts look like people and belong to nobody", () => {
    const people = [...contacts.values()];
    expect(new Set(people.map(({ email }) => email)).size).toBe(people.length);
    expect(people.filter(({ email }) => !/^[a-z]+\.[a-z]+\.\d+@example\.com$/.test(email))).toEqual(
      [],
    );
    expect(new Set(people.map(({ timeZone }) => timeZone)).size).toBe(11); // some do not tell
    const fictional =
      /^\+(4930231250?\d{2,3}|3319900\d{4}|12125550?1\d{2}|12135550?1\d{2}|6125550\d{4}|4420794600\d{2})$/;
    expect(people.filter(({ phone }) => phone !== undefined && !fictional.test(phone))).toEqual([]);
    const denied = people.filter(({ profilingDenied }) => profilingDenied).length;
    expect(denied / people.length).toBeGreaterThan(0.004);
    expect(denied / people.length).toBeLessThan(0.018);
  });

  test("two campaigns a week, more than a day apart", () => {
    const sent = shop.campaigns.map(({ sentAt }) => sentAt as number);
    expect(sent.length / (730 / 7)).toBeCloseTo(2, 1);
    for (let i = 1; i < sent.length; i++) expect(sent[i] - sent[i - 1]).toBeGreaterThan(day);
    expect(new Set(shop.campaigns.map(({ subject }) => subject)).size).toBeGreaterThan(150);
  });
});

test.each([
  [{ contacts: 499 }, '"contacts" must be an integer from 500 to 1000000, got 499'],
  [{ contacts: 1_000_001 }, '"contacts"'],
  [{ contacts: 500.5 }, '"contacts"'],
  [{ contacts: Number.NaN }, '"contacts"'],
  [{ contacts: 500, seed: -1 }, '"seed" must be an integer from 0'],
  [{ contacts: 500, days: 10 }, '"days" must be an integer from 60 to 3650'],
  [{ contacts: 500, until: 1.5 }, '"until" must be a whole second'],
  [{ contacts: 500, until: Number.POSITIVE_INFINITY }, '"until"'],
])("refuses %o", (options, message) => {
  expect(() => madeUpShop(options)).toThrow(message);
});

test("refuses a batch of nothing and a future too far, at once", () => {
  const one = madeUpShop(small);
  expect(() => one.history({ batch: 0 })).toThrow('"batch"');
  expect(() => one.future(0)).toThrow('"days" ahead must be from 1 to 1095, got 0');
  expect(() => one.future(2000)).toThrow('"days"');
  expect(() => flat(one.truth())[0].expectedOrders(Number.NaN)).toThrow('"days"');
});

test.each([
  ["the shortest", { contacts: 500, days: 60 }],
  ["the longest", { contacts: 500, days: 3650 }],
  [
    "one that ends in the middle of a night",
    { contacts: 500, until: Date.UTC(2021, 9, 31, 1, 2, 3) },
  ],
])("%s history holds together", (_, options) => {
  const all = wholeShop(options);
  expect(all.orders.length).toBeGreaterThan(100);
  const records = [...all.orders, ...all.lines, ...all.engagements];
  expect(records.filter(({ at }) => at < all.shop.from || at >= all.shop.until)).toEqual([]);
  const chances = [...all.truth.values()].map((one) => one.orderProbability(1095));
  expect(Math.max(...chances)).toBeLessThanOrEqual(1);
  expect(Math.min(...chances)).toBe(0);
});
