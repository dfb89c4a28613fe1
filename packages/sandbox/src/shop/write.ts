import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { engagementTypes, InchwormError, type OnProgress } from "@inchworm/spec";
import { consentsOf, customerNumber, type ShopContact, shopContact } from "./contact.js";
import { type Output, output } from "./output.js";
import { random } from "./random.js";
import { orderNumber } from "./records.js";
import { chronotypes, rhythms } from "./rhythm.js";
import { type Rows, rows } from "./rows.js";
import { partsOf, type Shop, type ShopParts } from "./shop.js";
import type { Drawn } from "./simulator.js";
import type { ShopTruth } from "./truth.js";

/** Paths of what was written, and how much of it. */
export interface ShopFiles {
  /** One JSON object a line: `customer_id, email, first_name, …, created_at`. */
  readonly contacts: string;
  /** Order lines: `order_id, line, customer_id, ordered_at, item_id, quantity, unit_price, currency`. */
  readonly orders: string;
  /** `engagement_id, customer_id, type, at, campaign_id, item_id, machine`. */
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

/** How far ahead the truth file looks, in days. */
const horizons = [30, 90, 365] as const;
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
      head: "order_id,line,customer_id,ordered_at,item_id,quantity,unit_price,currency",
    },
    engagements: {
      file: open("engagements.csv.gz"),
      rows: rows(),
      head: "engagement_id,customer_id,type,at,campaign_id,item_id,machine",
    },
    consents: {
      file: open("consents.csv"),
      rows: rows(),
      head: "customer_id,purpose,status,at",
    },
  };
  for (const table of Object.values(tables)) table.rows.text(table.head).end();

  const people = parts.simulator();
  const names = random(world.seed);
  let orders = 0;
  let orderLines = 0;
  let engagements = 0;
  let consents = 0;
  for (let first = 0; first < shop.contactCount; first += batch) {
    if (signal?.aborted) throw new InchwormError("aborted", "writeShop: stopped.");
    onProgress?.({
      step: "making up a shop",
      done: first,
      total: shop.contactCount,
      unit: "contacts",
    });
    let people500 = "";
    let truth500 = "";
    for (let index = first; index < Math.min(shop.contactCount, first + batch); index++) {
      const drawn = people.history(index);
      people500 += contactLine(shopContact(drawn.person, drawn.leftAt, world.until, names));
      const written = orderRows(parts, drawn, tables.orders.rows);
      orders += written.orders;
      orderLines += written.lines;
      engagements += drawn.eventCount;
      engagementRows(parts, drawn, tables.engagements.rows);
      const allowed = consentsOf(drawn.person, drawn.leftAt, world.until);
      consents += allowed.length;
      for (const { contact, purpose, status, at } of allowed)
        tables.consents.rows
          .text(`${contact},${purpose},${status},`)
          .instant(at / 1000)
          .end();
      truth500 += truthLine(parts.truthOf(drawn));
    }
    await contacts.write(people500);
    await truth.write(truth500);
    for (const { file, rows } of Object.values(tables)) await file.write(rows.take());
  }
  onProgress?.({
    step: "making up a shop",
    done: shop.contactCount,
    total: shop.contactCount,
    unit: "contacts",
  });

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
      contacts: shop.contactCount,
      orders,
      orderLines,
      engagements,
      consents,
      items: shop.items.length,
      campaigns: shop.campaigns.length,
      events: orders + orderLines + engagements,
    },
  };
}

function orderRows(
  { world }: ShopParts,
  { person, life }: Drawn,
  into: Rows,
): { orders: number; lines: number } {
  const customer = customerNumber(person.index);
  let orders = 0;
  let lines = 0;
  for (const basket of life.baskets) {
    if (basket.at >= world.until) continue;
    orders++;
    lines += basket.lines.length;
    const order = orderNumber(world, person.index, basket);
    basket.lines.forEach((line, i) => {
      into
        .text(order)
        .comma()
        .number(i + 1)
        .comma();
      if (basket.kind !== "anonymous") into.text(customer);
      into.comma().instant(basket.at).comma().text(world.catalogue.items[line.item].id).comma();
      into.number(line.quantity).comma().cents(line.cents).comma().text(basket.currency).end();
    });
  }
  return { orders, lines };
}

function engagementRows({ world, plan }: ShopParts, drawn: Drawn, into: Rows): void {
  const { events, order, eventCount } = drawn;
  const customer = customerNumber(drawn.person.index);
  const number = drawn.person.index + 1;
  for (let n = 0; n < eventCount; n++) {
    const i = order[n];
    into
      .number(number)
      .text("-")
      .number(n + 1)
      .comma()
      .text(customer)
      .comma();
    into.text(engagementTypes[events.type[i]]).comma().instant(events.at[i]).comma();
    if (events.campaign[i] >= 0) into.text(plan.campaigns[events.campaign[i]].id);
    into.comma();
    if (events.item[i] >= 0) into.text(world.catalogue.items[events.item[i]].id);
    into
      .comma()
      .text(events.machine[i] === 1 ? "true" : "false")
      .end();
  }
}

function contactLine(contact: ShopContact): string {
  return json({
    customer_id: contact.customer,
    email: contact.email,
    first_name: contact.firstName,
    last_name: contact.lastName,
    phone: contact.phone,
    country: contact.country,
    city: contact.city,
    time_zone: contact.timeZone,
    language: contact.language,
    created_at: iso(contact.createdAt),
    email_opt_out: contact.emailOptOut,
    profiling_denied: contact.profilingDenied,
  });
}

function truthLine(truth: ShopTruth): string {
  return json({
    customer_id: truth.customer,
    group: truth.group,
    stage: truth.stage,
    alive: truth.alive,
    first_order_at: iso(truth.firstOrderAt),
    fading_since: iso(truth.fadingSince),
    gone_at: iso(truth.goneAt),
    purchase_rate: six(truth.purchaseRate),
    regularity: truth.regularity,
    expected_order_value: six(truth.expectedOrderValue),
    currency: truth.currency,
    favourite_category: truth.favouriteCategory,
    chronotype: truth.chronotype,
    hour_shift: truth.hourShift,
    open_rate: six(truth.openRate),
    click_rate: six(truth.clickRate),
    machine_opener: truth.machineOpener,
    link_scanner: truth.linkScanner,
    ...Object.fromEntries(
      horizons.flatMap((days) => [
        [`order_probability_${days}`, six(truth.orderProbability(days))],
        [`expected_orders_${days}`, six(truth.expectedOrders(days))],
      ]),
    ),
  });
}

const json = (value: unknown): string => `${JSON.stringify(value)}\n`;
const six = (value: number): number => Math.round(value * 1e6) / 1e6;

/** To the second, as in the tables; absent stays absent. */
function iso(instant: number | undefined): string | undefined {
  return instant === undefined ? undefined : new Date(instant).toISOString().replace(".000Z", "Z");
}
