import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { InchwormError, type Progress } from "@inchworm/spec";
import { afterAll, beforeAll, expect, test } from "vitest";
import { flat } from "./__fixtures__/whole-shop.js";
import { madeUpShop } from "./shop.js";
import { type ShopFiles, writeShop } from "./write.js";

const shop = madeUpShop({ contacts: 600, days: 200 });
const batches = [...shop.history()];
const iso = (at: number): string => new Date(at).toISOString().replace(".000Z", "Z");
let folder: string;
let files: ShopFiles;
const progress: Progress[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "shop-"));
  files = await writeShop(shop, join(folder, "new", "shop"), {
    onProgress: (step) => progress.push(step),
  });
});
afterAll(() => rm(folder, { recursive: true }));

async function read(path: string): Promise<string[]> {
  const bytes = await readFile(path);
  const text = (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
  expect(text.endsWith("\n")).toBe(true);
  return text.slice(0, -1).split("\n");
}
const objects = async (path: string) =>
  (await read(path)).map((line) => JSON.parse(line) as Record<string, unknown>);

test("order lines, engagements and consents are those of the history", async () => {
  expect(await read(files.orders)).toEqual([
    "order_id,line_number,customer_id,ordered_at,item_id,quantity,unit_price,currency",
    ...batches.flatMap(({ orderLine = [] }) =>
      orderLine.map(
        (l) =>
          `${l.order},${l.line},${l.contact ?? ""},${iso(l.at)},${l.item},${l.quantity},${l.unitPrice.toFixed(2)},${l.currency}`,
      ),
    ),
  ]);
  expect(await read(files.engagements)).toEqual([
    "event_id,customer_id,type,at,campaign_id,item_id,machine",
    ...batches.flatMap(({ engagement = [] }) =>
      engagement.map(
        (e) =>
          `${e.id},${e.contact},${e.type},${iso(e.at)},${e.campaign ?? ""},${e.item ?? ""},${e.machine === true}`,
      ),
    ),
  ]);
  expect(await read(files.consents)).toEqual([
    "customer_id,purpose,status,at",
    ...batches.flatMap(({ consent = [] }) =>
      consent.map((c) => `${c.contact},${c.purpose},${c.status},${iso(c.at)}`),
    ),
  ]);
});

test("contacts, campaigns, items and truth are those of the shop", async () => {
  expect(await objects(files.contacts)).toEqual(
    flat(shop.contacts()).map((contact) => ({
      customer_id: contact.customer,
      email: contact.email,
      first_name: contact.firstName,
      last_name: contact.lastName,
      ...(contact.phone === undefined ? {} : { phone: contact.phone }),
      country: contact.country,
      city: contact.city,
      time_zone: contact.timeZone,
      language: contact.language,
      created_at: iso(contact.createdAt as number),
      email_opt_out: contact.emailOptOut,
      profiling_denied: contact.profilingDenied,
    })),
  );
  const truth = await objects(files.truth);
  flat(shop.truth()).forEach((one, i) => {
    expect(truth[i]).toMatchObject({
      customer_id: one.customer,
      group: one.group,
      stage: one.stage,
      alive: one.alive,
      chronotype: one.chronotype,
    });
    expect(truth[i].order_probability_90).toBeCloseTo(one.orderProbability(90), 6);
    expect(truth[i].expected_orders_365).toBeCloseTo(one.expectedOrders(365), 6);
  });
  const [campaign] = await objects(files.campaigns);
  const { id, sentAt, subject, mediaType } = shop.campaigns[0];
  const sent = { campaign_id: id, sent_at: iso(sentAt as number), subject, media_type: mediaType };
  expect(campaign).toMatchObject(sent);
  const items = await read(files.items);
  const { name, category, price } = shop.items[7];
  expect(items[8]).toBe(`I0008,"${name}",${category},${price},EUR`);
  expect(items.length).toBe(shop.items.length + 1);
});

test("the hours of the truth are those of the rhythms", async () => {
  const rhythms = JSON.parse(await readFile(files.rhythms, "utf8"));
  for (const one of flat(shop.truth()).slice(0, 50))
    for (const hour of [0, 10, 100, 167]) {
      const factor = rhythms[one.chronotype][(hour - one.hourShift + 168) % 168];
      expect(one.openProbability(hour)).toBeCloseTo(Math.min(0.95, one.openRate * factor), 5);
    }
});

test("counts are those of the files, and progress ends at the end", () => {
  const count = (kind: "order" | "orderLine" | "engagement" | "consent") =>
    batches.reduce((sum, batch) => sum + (batch[kind]?.length ?? 0), 0);
  expect(files.counts).toEqual({
    contacts: 600,
    orders: count("order"),
    orderLines: count("orderLine"),
    engagements: count("engagement"),
    consents: count("consent"),
    items: shop.items.length,
    campaigns: shop.campaigns.length,
    events: count("order") + count("orderLine") + count("engagement"),
  });
  expect(progress.map(({ done, total }) => [done, total])).toEqual([
    [0, 600],
    [500, 600],
    [600, 600],
  ]);
});

test("nothing unfinished is left, and writing again replaces", async () => {
  const names = [
    files.contacts,
    files.orders,
    files.engagements,
    files.consents,
    files.items,
    files.campaigns,
    files.truth,
    files.rhythms,
  ].map((path) => basename(path));
  const where = join(folder, "new", "shop");
  expect((await readdir(where)).sort()).toEqual(names.sort());
  const before = await readFile(files.orders);
  await writeShop(shop, where);
  expect((await readdir(where)).sort()).toEqual(names);
  expect(await readFile(files.orders)).toEqual(before);
});

test("stopping leaves no file behind", async () => {
  const stop = new AbortController();
  const where = join(folder, "stopped");
  const stopped = writeShop(shop, where, {
    signal: stop.signal,
    onProgress: ({ done }) => done > 0 && stop.abort(),
  });
  await expect(stopped).rejects.toSatisfy((error) => InchwormError.is(error, "aborted"));
  expect(await readdir(where)).toEqual([]);
});

test("a folder that cannot be written is said in one line", async () => {
  const file = join(folder, "a-file");
  await writeFile(file, "");
  await expect(writeShop(shop, file)).rejects.toThrow(
    /^writeShop: cannot write in ".*" \(EEXIST\)/,
  );
  const blocked = join(folder, "blocked");
  await mkdir(join(blocked, "orders.csv.gz.part"), { recursive: true });
  await expect(writeShop(shop, blocked)).rejects.toThrow("(EISDIR)");
  expect(await readdir(blocked)).toEqual(["orders.csv.gz.part"]);
});

test("takes only a shop that was made here", async () => {
  await expect(writeShop({ ...shop }, folder)).rejects.toThrow("pass a shop that madeUpShop made");
});
