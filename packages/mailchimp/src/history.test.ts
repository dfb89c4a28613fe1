import type { Engagement, Page } from "@inchworm/spec";
import { afterEach, describe, expect, it } from "vitest";
import { account, pages } from "./__fixtures__/account.js";
import { hashOf } from "./values.js";

let world: Awaited<ReturnType<typeof account>>;
afterEach(() => world?.sandbox.close());
const day = 86_400_000;
const now = Date.UTC(2026, 4, 1, 12);
const ada = "ada@example.com";
const eve = "eve@example.com";

const events = (read: readonly Page[]) => read.flatMap((page) => page.records.engagement ?? []);
const told = (found: readonly Engagement[]) =>
  found.map(({ contact, type, at }) => [contact === hashOf(ada) ? "ada" : "eve", type, at]);

async function withCampaigns() {
  world = await account([{ email: ada }, { email: eve }], { now: () => now });
  const { sandbox } = world;
  const old = sandbox.addCampaign({
    id: "old",
    subject: "Winter",
    preview: "It is cold",
    sentAt: now - 30 * day,
    sentTo: [{ email: ada, activity: [{ action: "open", at: now - 30 * day + 60_000 }] }],
  });
  const fresh = sandbox.addCampaign({
    id: "fresh",
    subject: "Spring",
    sentAt: now - day,
    sentTo: [
      {
        email: ada,
        activity: [
          { action: "open", at: now - day + 1_000 },
          { action: "click", at: now - day + 2_000, url: "https://shop.example.com/a" },
          { action: "click", at: now - day + 2_000, url: "https://shop.example.com/b" },
        ],
        unsubscribedAt: now - day + 3_000,
      },
      { email: eve, bounced: "soft", activity: [{ action: "bounce", at: now - day + 4_000 }] },
    ],
  });
  sandbox.addCampaign({ subject: "Not yet", status: "save", sentAt: now, sentTo: [] });
  return { ...world, old, fresh };
}

describe("campaigns", () => {
  it("tell what was sent, with subject and preview", async () => {
    const { adapter, context } = await withCampaigns();
    const read = await pages(adapter.campaigns.read({ ...context, now }));
    expect(read.flatMap((page) => page.records.campaign ?? [])).toEqual([
      {
        id: "old",
        channel: "email",
        name: "Winter",
        subject: "Winter",
        preview: "It is cold",
        sentAt: now - 30 * day,
      },
      { id: "fresh", channel: "email", name: "Spring", subject: "Spring", sentAt: now - day },
    ]);
    const later = { ...context, now: now + day, cursor: read.at(-1)?.cursor ?? {} };
    const again = await pages(adapter.campaigns.read(later));
    expect(again.flatMap((page) => page.records.campaign ?? []).map(({ id }) => id)).toEqual([
      "fresh",
    ]);
  });
});

describe("engagements", () => {
  it("tell who was sent what, and what they did, each event by an id of its own", async () => {
    const { adapter, context } = await withCampaigns();
    const found = events(await pages(adapter.engagements.read({ ...context, now })));
    expect(told(found)).toEqual([
      ["ada", "sent", now - 30 * day],
      ["ada", "open", now - 30 * day + 60_000],
      ["ada", "sent", now - day],
      ["eve", "sent", now - day],
      ["ada", "open", now - day + 1_000],
      ["ada", "click", now - day + 2_000],
      ["ada", "click", now - day + 2_000],
      ["eve", "bounce", now - day + 4_000],
      ["ada", "unsubscribe", now - day + 3_000],
    ]);
    expect(new Set(found.map(({ id }) => id)).size).toBe(found.length);
    const again = events(await pages(adapter.engagements.read({ ...context, now })));
    expect(again).toEqual(found);
  });

  it("read of older campaigns only what is new, and of those out of sight nothing", async () => {
    const { adapter, context, sandbox, open } = await withCampaigns();
    const first = await pages(adapter.engagements.read({ ...context, now }));
    const cursor = first.at(-1)?.cursor ?? {};
    sandbox.addReceipts("old", [
      {
        email: ada,
        activity: [
          { action: "open", at: now - 30 * day + 60_000 },
          { action: "click", at: now + 1_000 },
        ],
      },
    ]);
    const later = { ...context, now: now + 20 * day, cursor };
    expect(told(events(await pages(adapter.engagements.read(later))))).toContainEqual([
      "ada",
      "click",
      now + 1_000,
    ]);
    const asked = sandbox.log
      .map(({ path }) => path)
      .filter((path) => path.includes("reports/old"));
    expect(asked.slice(3).some((path) => path.includes("sent-to"))).toBe(false);
    const near = await pages(open({ reportDays: 5 }).engagements.read(later));
    expect(events(near).every(({ campaign }) => campaign === "fresh")).toBe(true);
  });

  it("go on from any page in another process", async () => {
    const { adapter, context, open } = await withCampaigns();
    const whole = await pages(adapter.engagements.read({ ...context, now }));
    const all = new Set(events(whole).map(({ id }) => id));
    for (let cut = 1; cut < whole.length; cut++) {
      const cursor = JSON.parse(JSON.stringify(whole[cut - 1]?.cursor));
      const rest = await pages(open().engagements.read({ ...context, now, cursor }));
      const together = events([...whole.slice(0, cut), ...rest]).map(({ id }) => id);
      expect(new Set(together)).toEqual(all);
      expect(rest.length).toBe(whole.length - cut);
      expect(rest.at(-1)?.cursor).toEqual(whole.at(-1)?.cursor);
    }
  });
});

describe("orders and products", () => {
  const order = (id: string, more: object = {}) => ({
    id,
    customer: { id: "c1", email: ada },
    at: now - 10 * day,
    total: 18,
    lines: [{ id: "1", product: "tea", quantity: 2, price: 10, discount: 2 }],
    ...more,
  });

  it("come with their lines, and once more when they were cancelled", async () => {
    world = await account([{ email: ada }]);
    const { sandbox, adapter, context } = world;
    sandbox.addStore({ id: "b", currency: "EUR" });
    sandbox.addStore({ id: "a", currency: "USD" });
    sandbox.addOrders("b", [order("1"), order("2", { cancelledAt: now })]);
    sandbox.addOrders("a", [order("3", { financialStatus: "refunded" })]);
    const read = await pages(adapter.orders.read({ ...context, now }));
    const orders = read.flatMap((page) => page.records.order ?? []);
    expect(orders.map(({ id, total, at, currency }) => [id, total, at, currency])).toEqual([
      ["3", 18, now - 10 * day, "USD"],
      ["3:cancelled", -18, now - 10 * day, "USD"],
      ["1", 18, now - 10 * day, "EUR"],
      ["2", 18, now - 10 * day, "EUR"],
      ["2:cancelled", -18, now, "EUR"],
    ]);
    const lines = read.flatMap((page) => page.records.orderLine ?? []);
    expect(lines.slice(-2).map(({ quantity, unitPrice }) => [quantity, unitPrice])).toEqual([
      ...[
        [2, 9],
        [-2, 9],
      ],
    ]);
    expect(lines[0]).toMatchObject({ order: "3", line: "1", item: "tea", contact: hashOf(ada) });
  });

  it("are those of the stores that are named", async () => {
    world = await account([], {}, { stores: ["b"] });
    const { sandbox, adapter, context } = world;
    for (const id of ["a", "b"]) {
      sandbox.addStore({ id });
      sandbox.addProducts(id, [
        { id: `${id}1`, title: "Tea", type: "Drinks", vendor: "Leaves", price: 4.5, inventory: 0 },
      ]);
    }
    const read = await pages(adapter.products.read({ ...context, now }));
    expect(read.flatMap((page) => page.records.item ?? [])).toEqual([
      {
        id: "b1",
        name: "Tea",
        category: "Drinks",
        brand: "Leaves",
        price: 4.5,
        currency: "EUR",
        available: false,
      },
    ]);
  });
});
