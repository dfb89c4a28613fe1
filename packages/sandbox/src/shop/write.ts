import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { InchwormError, type OnProgress } from "@inchworm/spec";
import { consentsOf, shopContact } from "./contact.js";
import { contactLine, engagementRows, iso, json, orderRows, six, truthLine } from "./lines.js";
import { type Output, output } from "./output.js";
import { random } from "./random.js";
import { chronotypes, rhythms } from "./rhythm.js";
import { rows } from "./rows.js";
import { partsOf, type Shop, type ShopParts } from "./shop.js";

/** Paths of what was written, and how much of it. */
export interface ShopFiles {
  /** One JSON object a line: `customer_id, email, first_name, …, created_at`. */
  readonly contacts: string;
  /** Order lines: `order_id, line_number, customer_id, ordered_at, item_id, quantity, unit_price, currency`. */
  readonly orders: string;
  /** `event_id, customer_id, type, at, campaign_id, item_id, machine`. */
  readonly engagements: string;
  /** `customer_id, purpose, status, at`. */
  readonly consents: string;
  /** `item_id, name, category, price, currency`. */
  readonly items: string;
  /** One JSON object a line. */
  readonly campaigns: string;
  /** One JSON object a line: what is true of each contact, and of the days ahead. */
  readonly truth: string;
  /** Chronotype → how much likelier a mail is opened by the hour of the week it is sent in. */
  readonly rhythms: string;
  readonly counts: ShopCounts;
}

export interface ShopCounts {
  readonly contacts: number;
  readonly orders: number;
  readonly orderLines: number;
  readonly engagements: number;
  readonly consents: number;
  readonly items: number;
  readonly campaigns: number;
  /** Orders, order lines and engagements together. */
  readonly events: number;
}

export interface WriteShopOptions {
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** Contacts between two looks at the signal. */
const batch = 500;

/**
 * Writes a shop's history as the files that a shop would have, and its truth beside them. The folder is made when it is not
 * there. A file stands under its name only once it is whole; memory does not grow with the shop.
 *
 * @throws InchwormError "input" when the folder cannot be written, "aborted" when the signal fired; no half file is left
 */
export async function writeShop(
  shop: Shop,
  folder: string,
  { onProgress, signal }: WriteShopOptions = {},
): Promise<ShopFiles> {
  const parts = partsOf(shop);
  const outputs: Output[] = [];
  const open = (name: string): Output => {
    const file = output(join(folder, name));
    outputs.push(file);
    return file;
  };
  try {
    await mkdir(folder, { recursive: true });
    const files = await write(shop, parts, open, onProgress, signal);
    for (const file of outputs) await file.finish();
    return files;
  } catch (error) {
    for (const file of outputs) await file.abandon();
    if (InchwormError.is(error)) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new InchwormError("input", `writeShop: cannot write in "${folder}" (${code ?? error}).`, {
      hint: "Name a folder that can be written and has room.",
      cause: error,
    });
  }
}

async function write(
  shop: Shop,
  parts: ShopParts,
  open: (name: string) => Output,
  onProgress: OnProgress | undefined,
  signal: AbortSignal | undefined,
): Promise<ShopFiles> {
  const { world } = parts;
  const items = open("items.csv");
  await items.write("item_id,name,category,price,currency\n");
  for (const { id, name, category, price, currency } of shop.items)
    await items.write(`${id},"${name}",${category},${price},${currency}\n`);
  const campaigns = open("campaigns.ndjson");
  for (const { id, mediaType, sentAt, ...campaign } of shop.campaigns)
    await campaigns.write(
      json({ campaign_id: id, ...campaign, media_type: mediaType, sent_at: iso(sentAt) }),
    );
  const rhythm = open("rhythms.json");
  await rhythm.write(
    json(
      Object.fromEntries(chronotypes.map((name, i) => [name, [...rhythms[i].opening].map(six)])),
    ),
  );

  const contacts = open("contacts.ndjson.gz");
  const truth = open("truth.ndjson.gz");
  const tables = {
    orders: {
      file: open("orders.csv.gz"),
      rows: rows(),
      head: "order_id,line_number,customer_id,ordered_at,item_id,quantity,unit_price,currency",
    },
    engagements: {
      file: open("engagements.csv.gz"),
      rows: rows(),
      head: "event_id,customer_id,type,at,campaign_id,item_id,machine",
    },
    consents: {
      file: open("consents.csv"),
      rows: rows(),
      head: "customer_id,purpose,status,at",
    },
  };
  for (const table of Object.values(tables)) table.rows.text(table.head).end();

  const { contactCount } = shop;
  const people = parts.simulator();
  const names = random(world.seed);
  const counts = { orders: 0, orderLines: 0, engagements: 0, consents: 0 };
  const told = (done: number) =>
    onProgress?.({ step: "making up a shop", done, total: contactCount, unit: "contacts" });

  for (let first = 0; first < contactCount; first += batch) {
    told(first);
    if (signal?.aborted) throw new InchwormError("aborted", "writeShop: stopped.");
    let contactLines = "";
    let truthLines = "";
    for (let index = first; index < Math.min(contactCount, first + batch); index++) {
      const drawn = people.history(index);
      contactLines += contactLine(shopContact(drawn.person, drawn.leftAt, world.until, names));
      truthLines += truthLine(parts.truthOf(drawn));
      const bought = orderRows(parts, drawn, tables.orders.rows);
      counts.orders += bought.orders;
      counts.orderLines += bought.lines;
      engagementRows(parts, drawn, tables.engagements.rows);
      counts.engagements += drawn.eventCount;
      for (const consent of consentsOf(drawn.person, drawn.leftAt, world.until)) {
        const { contact, purpose, status, at } = consent;
        const { rows } = tables.consents;
        rows
          .text(`${contact},${purpose},${status},`)
          .instant(at / 1000)
          .end();
        counts.consents++;
      }
    }
    await contacts.write(contactLines);
    await truth.write(truthLines);
    for (const { file, rows } of Object.values(tables)) await file.write(rows.take());
  }
  told(contactCount);

  return {
    contacts: contacts.path,
    orders: tables.orders.file.path,
    engagements: tables.engagements.file.path,
    consents: tables.consents.file.path,
    items: items.path,
    campaigns: campaigns.path,
    truth: truth.path,
    rhythms: rhythm.path,
    counts: {
      contacts: contactCount,
      ...counts,
      items: shop.items.length,
      campaigns: shop.campaigns.length,
      events: counts.orders + counts.orderLines + counts.engagements,
    },
  };
}
