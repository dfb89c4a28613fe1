import { directGate } from "@inchworm/kit";
import { type HubspotSandbox, type HubspotSandboxOptions, hubspotSandbox } from "@inchworm/sandbox";
import type { Cursor, Field, RecordBatch, Source } from "@inchworm/spec";
import { afterEach, describe, expect, it } from "vitest";
import { hubspot } from "./index.js";

let portal: HubspotSandbox;
let clock: number;
const context = { gate: directGate() };
const day = 86_400_000;

async function open(options: HubspotSandboxOptions = {}) {
  clock = Date.parse("2026-05-01T12:00:00Z");
  portal = await hubspotSandbox({ now: () => (clock += 100), perWindow: 100_000, ...options });
  return hubspot({ accessToken: portal.token, baseUrl: portal.url, eventDays: 60 });
}
afterEach(() => portal.close());

/** Reads to the end, and gives all records and the last cursor. */
async function read(source: Source, cursor?: Cursor) {
  const all: { -readonly [K in keyof RecordBatch]: unknown[] } = {};
  let last: Cursor | undefined;
  for await (const page of source.read({ ...context, now: clock, ...(cursor && { cursor }) })) {
    for (const [kind, rows] of Object.entries(page.records)) {
      const known = all[kind as keyof RecordBatch] ?? [];
      all[kind as keyof RecordBatch] = [...known, ...(rows ?? [])];
    }
    last = page.cursor;
  }
  return { ...all, cursor: last };
}

const deal = (more: Readonly<Record<string, string>> = {}) => ({
  dealname: "A sale",
  amount: "25.5",
  closedate: "2026-04-20T08:00:00Z",
  hs_is_closed_won: "true",
  deal_currency_code: "EUR",
  ...more,
});

describe("orders", () => {
  it("are deals that are won, of the person they belong to, with what was sold", async () => {
    const account = await open();
    const [ada, grace] = portal.addContacts([
      { email: "ada@example.com" },
      { email: "g@example.com" },
    ]);
    const lines = [
      portal.addObject("line_items", {
        name: "Tea",
        quantity: "2",
        price: "9",
        amount: "15",
        hs_product_id: "77",
      }),
      portal.addObject("line_items", { name: "Cup", price: "10.5" }),
    ];
    const won = portal.addObject("deals", deal(), { contacts: [ada, grace], line_items: lines });
    const nobodys = portal.addObject("deals", deal({ amount: "3" }));
    const odd = ["dealname", "amount", "closedate"].map((name) => deal({ [name]: "" }));
    for (const properties of [deal({ hs_is_closed_won: "false" }), ...odd.slice(1)])
      portal.addObject("deals", properties, { contacts: [ada] });
    const at = Date.parse("2026-04-20T08:00:00Z");
    const first = await read(account.orders);
    expect(first.order).toEqual([
      { id: won, contact: ada, at, total: 25.5, currency: "EUR" },
      { id: nobodys, at, total: 3, currency: "EUR" },
    ]);
    expect(first.orderLine).toEqual(
      expect.arrayContaining([
        {
          order: won,
          line: lines[0],
          contact: ada,
          at,
          item: "77",
          quantity: 2,
          unitPrice: 7.5,
          currency: "EUR",
        },
        {
          order: won,
          line: lines[1],
          contact: ada,
          at,
          item: "Cup",
          quantity: 1,
          unitPrice: 10.5,
          currency: "EUR",
        },
      ]),
    );
    expect(first.orderLine).toHaveLength(2);

    portal.updateObject("deals", won, { hs_is_closed_won: "false" });
    portal.archiveObject("deals", nobodys);
    clock += 20 * 60_000;
    const second = await read(account.orders, first.cursor);
    expect(second.order).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ id: won, total: 0 }),
        expect.objectContaining({ id: nobodys, total: 0 }),
      ]),
    );
  });

  it("are read past 10,000 and past the index lag, each at least once", async () => {
    const account = await open();
    const ids = Array.from({ length: 450 }, () => portal.addObject("deals", deal()));
    const first = await read(account.orders);
    expect(first.order).toHaveLength(450);
    clock += day;
    for (const id of ids) portal.updateObject("deals", id, { amount: "26" });
    // the search does not know of it yet
    const early = await read(account.orders, first.cursor);
    clock += 5_000;
    const late = await read(account.orders, early.cursor);
    const told = [...(early.order ?? []), ...(late.order ?? [])] as { id: string; total: number }[];
    expect(new Set(told.filter(({ total }) => total === 26).map(({ id }) => id))).toEqual(
      new Set(ids),
    );
  });

  it("come without lines where the token may not read those, and not at all without its own permission", async () => {
    const contacts = ["crm.objects.contacts.read", "oauth"];
    let account = await open({ scopes: [...contacts, "crm.objects.deals.read"] });
    const line = portal.addObject("line_items", { name: "Tea", price: "9" });
    portal.addObject("deals", deal(), { line_items: [line] });
    expect(await read(account.orders)).toMatchObject({ order: [{ total: 25.5 }], orderLine: [] });
    await portal.close();
    account = await open({ scopes: contacts });
    await expect(read(account.orders)).rejects.toMatchObject({ code: "scope" });
  });
});

it("products are items, and archived ones cannot be had", async () => {
  const account = await open();
  const tea = portal.addObject("products", { name: "Tea", price: "9", hs_cost_of_goods_sold: "4" });
  const cup = portal.addObject("products", { name: "Cup" });
  portal.archiveObject("products", cup);
  expect((await read(account.products)).item).toEqual([
    { id: tea, kind: "product", name: "Tea", price: 9, cost: 4 },
    { id: cup, kind: "product", name: "Cup", available: false },
  ]);
});

it("campaigns are e-mails that were sent, one for each name that events know them by", async () => {
  const account = await open();
  const sentAt = clock - day;
  const email = { name: "Spring", subject: "Hello", updatedAt: sentAt, isTransactional: false };
  portal.emails.push(
    { ...email, id: "1", publishedAt: sentAt, campaignIds: ["11", "12"], previewText: "Look" },
    { ...email, id: "2", campaignIds: ["21"] },
    ...Array.from({ length: 130 }, (_, index) => ({
      ...email,
      id: `9${index}`,
      publishedAt: sentAt,
      campaignIds: [`9${index}`],
      isTransactional: true,
    })),
  );
  const first = await read(account.campaigns);
  expect(first.campaign).toHaveLength(132);
  expect(first.campaign?.slice(0, 2)).toEqual(
    ["11", "12"].map((id) => ({
      id,
      kind: "marketing",
      channel: "email",
      sentAt,
      name: "Spring",
      subject: "Hello",
      preview: "Look",
    })),
  );
  expect(first.campaign?.[2]).toMatchObject({ kind: "transactional" });
  clock += day;
  portal.emails.push({
    ...email,
    id: "3",
    publishedAt: clock,
    updatedAt: clock,
    campaignIds: ["31"],
  });
  expect((await read(account.campaigns, first.cursor)).campaign).toMatchObject([{ id: "31" }]);
});

describe("engagements", () => {
  it("are events of people that are known, with machines marked, once each however they are paged", async () => {
    const account = await open();
    const [ada] = portal.addContacts([{ email: "ada@example.com" }]);
    const begin = clock - 40 * day;
    const event = (index: number, more: object = {}) => ({
      id: `e${index % 7}`,
      created: begin + index * 1_000_000,
      type: "OPEN",
      recipient: "Ada@Example.com",
      emailCampaignId: 11,
      ...more,
    });
    portal.emailEvents.push(
      ...Array.from({ length: 2_400 }, (_, index) => event(index)),
      event(2_401, { filteredEvent: true }),
      event(2_402, { type: "CLICK", recipient: "nobody@example.com" }),
      event(2_403, { type: "STATUSCHANGE", portalSubscriptionStatus: "UNSUBSCRIBED" }),
      event(2_404, { type: "DEFERRED" }),
      event(2_405, { type: "SPAMREPORT" }),
    );
    const first = await read(account.engagements);
    const found = first.engagement as {
      id: string;
      type: string;
      contact: string;
      machine?: boolean;
    }[];
    expect(new Set(found.map(({ id }) => id)).size).toBe(2_403);
    expect(found).toHaveLength(2_403);
    expect(found.every(({ contact }) => contact === ada)).toBe(true);
    expect(found.filter(({ machine }) => machine)).toHaveLength(1);
    expect(
      found
        .map(({ type }) => type)
        .filter((type) => type !== "open")
        .sort(),
    ).toEqual(["complaint", "unsubscribe"]);
    clock += day;
    portal.emailEvents.push({ ...event(1), id: "new", created: clock - 1 });
    const second = await read(account.engagements, first.cursor);
    expect(second.engagement).toMatchObject([{ id: `new:${portal.emailEvents.at(-1)?.created}` }]);
  });
});

describe("lists", () => {
  const segment: Field = {
    name: "segment",
    label: "Segment",
    description: "",
    type: "category",
    options: ["champions", "at risk"],
  };

  it("are made once for each value of a category, and follow the property", async () => {
    const account = await open();
    await account.scores.prepare([segment], context);
    const names = ["Inchworm: Segment – champions", "Inchworm: Segment – at risk"];
    const make = () => account.scores.makeLists?.([segment, { ...segment, type: "text" }], context);
    expect(await make()).toEqual({ created: names, present: [] });
    expect(await make()).toEqual({ created: [], present: names });
    expect(portal.lists).toHaveLength(2);
    expect(JSON.stringify(portal.lists[0].filterBranch)).toContain('"property":"inchworm_segment"');
    expect(portal.lists[0].processingType).toBe("DYNAMIC");
  });

  it("need a permission that is named", async () => {
    const account = await open({ scopes: ["crm.lists.read"] });
    await expect(account.scores.makeLists?.([segment], context)).rejects.toThrow(
      /crm\.lists\.write/,
    );
  });
});
