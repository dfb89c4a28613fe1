import type { Engagement } from "@inchworm/spec";
import { describe, expect, test } from "vitest";
import { byContact, day, wholeShop } from "./__fixtures__/whole-shop.js";
import type { ShopTruth } from "./truth.js";

const { shop, contacts, truth, orders, engagements } = wholeShop({ contacts: 4000 });
const bought = orders.filter(({ total }) => total > 0);
const ordersOf = byContact(bought);
const isHuman = ({ type, machine }: Engagement): boolean =>
  machine !== true && !["sent", "bounce"].includes(type);

describe("the history", () => {
  test("nobody acts before signing up, or orders before the first or after the last order", () => {
    const early = engagements.filter(
      ({ contact, at }) => at < (contacts.get(contact)?.createdAt as number),
    );
    expect(early).toEqual([]);
    let gone = 0;
    for (const [customer, { goneAt, firstOrderAt, stage, alive }] of truth) {
      const own = (ordersOf.get(customer) ?? []).map(({ at }) => at);
      expect(own.length === 0 ? undefined : Math.min(...own)).toBe(firstOrderAt);
      expect(firstOrderAt === undefined).toBe(stage === "prospect");
      expect(alive).toBe(goneAt === undefined);
      if (goneAt === undefined) continue;
      gone++;
      expect(Math.max(...own)).toBeLessThanOrEqual(goneAt);
    }
    expect(gone).toBeGreaterThan(1000);
  });

  test("consents fit the contacts, and nobody is written to after saying no", () => {
    const consents = [...shop.history()].flatMap(({ consent = [] }) => consent);
    const latest = new Map<string, { status: string; at: number }>();
    for (const { contact, purpose, status, at } of consents) {
      const known = latest.get(`${purpose} ${contact}`);
      if (known === undefined || known.at <= at)
        latest.set(`${purpose} ${contact}`, { status, at });
    }
    const wrong = [...contacts.values()].filter(
      ({ customer, emailOptOut, profilingDenied }) =>
        (latest.get(`email ${customer}`)?.status === "denied") !== emailOptOut ||
        (latest.get(`profiling ${customer}`)?.status === "denied") !== profilingDenied,
    );
    expect(wrong).toEqual([]);
    const late = engagements.filter(({ type, contact, at }) => {
      const email = latest.get(`email ${contact}`);
      return type === "sent" && email?.status === "denied" && at >= email.at;
    });
    expect(late).toEqual([]);
    const left = engagements.filter(({ type }) => type === "unsubscribe" || type === "complaint");
    expect(left.length).toBeGreaterThan(50);
    for (const { contact, at } of left)
      expect(latest.get(`email ${contact}`)).toEqual({ status: "denied", at });
  });

  test("machines answer within ten seconds, and only where the truth says so", () => {
    const machines = engagements.filter(({ machine }) => machine === true);
    expect(machines.length / engagements.length).toBeGreaterThan(0.1);
    const sent = new Map(
      engagements
        .filter(({ type }) => type === "sent")
        .map(({ contact, campaign, at }) => [`${contact} ${campaign}`, at]),
    );
    const wrong = machines.filter(({ contact, campaign, at, type }) => {
      const delay = at - (sent.get(`${contact} ${campaign}`) as number);
      const { linkScanner, machineOpener } = truth.get(contact) as ShopTruth;
      return !(delay > 0 && delay < 10_000 && (linkScanner || (machineOpener && type === "open")));
    });
    expect(wrong).toEqual([]);
  });

  test("mail is opened as often as the truth says, hour by hour", () => {
    const factor = new Map(shop.campaignTruth.map((one) => [one.campaign, one.openFactor]));
    const opened = new Set(
      engagements
        .filter((event) => event.type === "open" && isHuman(event))
        .map(({ contact, campaign }) => `${contact} ${campaign}`),
    );
    const hourOf = new Map<string, Intl.DateTimeFormat>();
    const groups = Array.from({ length: 4 }, () => ({ expected: 0, variance: 0, opens: 0, n: 0 }));
    const unwelcome = { opens: 0, n: 0, chance: 0, left: 0 };
    const leftAt = new Map(
      engagements
        .filter(({ type }) => type === "unsubscribe" || type === "complaint")
        .map(({ contact, at }) => [contact, at]),
    );
    const lastSent = new Map<string, number>();
    for (const { type, contact, campaign, at } of engagements) {
      const own = truth.get(contact) as ShopTruth;
      const before = lastSent.get(contact) ?? 0;
      if (type === "sent") lastSent.set(contact, at);
      // an opening may still be to come
      if (type !== "sent" || own.fadingSince !== undefined || at > shop.until - 7 * day) continue;
      const { timeZone } = own;
      let format = hourOf.get(timeZone);
      if (format === undefined) {
        const options = { timeZone, weekday: "short", hour: "numeric", hourCycle: "h23" } as const;
        format = new Intl.DateTimeFormat("en-US", options);
        hourOf.set(timeZone, format);
      }
      const [weekday, hour] = format.format(at).split(", ");
      const hourOfWeek = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].indexOf(weekday) * 24;
      const rate = own.openProbability(hourOfWeek + Number(hour));
      let chance = rate * (factor.get(campaign as string) as number);
      if (own.welcomePerWeek === 1 && at - before < 7 * day) {
        chance /= 2;
        unwelcome.n++;
        unwelcome.chance += chance;
        if (opened.has(`${contact} ${campaign}`)) unwelcome.opens++;
        if (leftAt.get(contact) === at + 600_000) unwelcome.left++;
      }
      const group = groups[rate < 0.1 ? 0 : rate < 0.2 ? 1 : rate < 0.3 ? 2 : 3];
      group.n++;
      group.expected += chance;
      group.variance += chance * (1 - chance);
      if (opened.has(`${contact} ${campaign}`)) group.opens++;
    }
    expect(unwelcome.n).toBeGreaterThan(2000);
    expect(unwelcome.opens / unwelcome.chance).toBeGreaterThan(0.9);
    expect(unwelcome.opens / unwelcome.chance).toBeLessThan(1.1);
    expect(unwelcome.left / unwelcome.n).toBeGreaterThan(0.012);
    expect(unwelcome.left / unwelcome.n).toBeLessThan(0.028);
    // bounces take away about one mail in a hundred
    for (const { expected, variance, opens, n } of groups) {
      expect(n).toBeGreaterThan(500);
      expect(opens).toBeLessThan(expected + 4 * Math.sqrt(variance));
      expect(opens).toBeGreaterThan(0.98 * expected - 4 * Math.sqrt(variance));
    }
  });

  test("interest falls before a customer is gone", () => {
    const visits = byContact(engagements.filter((event) => event.type === "visit"));
    let before = 0;
    let after = 0;
    for (const { customer, fadingSince, goneAt, firstOrderAt } of truth.values()) {
      if (fadingSince === undefined || firstOrderAt === undefined || goneAt === fadingSince)
        continue;
      const span = 30 * day;
      if (fadingSince - span < firstOrderAt || fadingSince + span > (goneAt ?? shop.until))
        continue;
      for (const { at } of visits.get(customer) ?? []) {
        if (at >= fadingSince - span && at < fadingSince) before++;
        if (at >= fadingSince && at < fadingSince + span) after++;
      }
    }
    expect(before).toBeGreaterThan(200);
    expect(after / before).toBeLessThan(0.75);
  });

  test("orders are worth what the truth expects", () => {
    let expected = 0;
    let spent = 0;
    for (const { contact, total } of bought) {
      if (contact === undefined) continue;
      expected += (truth.get(contact) as ShopTruth).expectedOrderValue;
      spent += total;
    }
    expect(spent / expected).toBeGreaterThan(0.97);
    expect(spent / expected).toBeLessThan(1.03);
  });
});

describe("the days ahead", () => {
  const horizon = 90;
  const next = byContact(
    [...shop.future(horizon)].flatMap(({ order = [] }) => order).filter(({ total }) => total > 0),
  );

  test("bring as many orders as expected, in every band of probability", () => {
    let orderCount = 0;
    let expectedOrders = 0;
    const bands = Array.from({ length: 5 }, () => ({ expected: 0, variance: 0, buyers: 0 }));
    for (const one of truth.values()) {
      const own = next.get(one.customer)?.length ?? 0;
      if (!one.alive) expect(own).toBe(0);
      orderCount += own;
      expectedOrders += one.expectedOrders(horizon);
      const chance = one.orderProbability(horizon);
      const band = bands[Math.min(4, Math.floor(chance * 5))];
      band.expected += chance;
      band.variance += chance * (1 - chance);
      if (own > 0) band.buyers++;
    }
    expect(Math.abs(orderCount - expectedOrders)).toBeLessThan(4 * Math.sqrt(expectedOrders));
    for (const { expected, variance, buyers } of bands)
      expect(Math.abs(buyers - expected)).toBeLessThan(4 * Math.sqrt(variance));
  });

  test("are a fair churn problem: recency tells something, the own rhythm and visits tell more", () => {
    const visits = byContact(engagements.filter(({ type }) => type === "visit"));
    const rows: { recency: number; better: number; lost: boolean }[] = [];
    for (const [customer, own] of ordersOf) {
      const times = own.map(({ at }) => at);
      const recency = (shop.until - Math.max(...times)) / day;
      if (recency > 180) continue;
      const first = Math.min(...times);
      const gap = ((Math.max(...times) - first) / day + 60) / times.length;
      const recent = (visits.get(customer) ?? []).filter(({ at }) => at >= shop.until - 90 * day);
      rows.push({
        recency,
        better: Math.log(recency + 1) + 1.2 * Math.log(gap) - 0.6 * Math.sqrt(recent.length),
        lost: !next.has(customer),
      });
    }
    const base = rows.filter(({ lost }) => lost).length / rows.length;
    expect(base).toBeGreaterThan(0.4);
    expect(base).toBeLessThan(0.6);
    const auc = (score: (row: (typeof rows)[number]) => number): number => {
      const sorted = [...rows].sort((a, b) => score(a) - score(b));
      let ranks = 0;
      sorted.forEach(({ lost }, i) => {
        if (lost) ranks += i + 1;
      });
      const lost = base * rows.length;
      return (ranks - (lost * (lost + 1)) / 2) / (lost * (rows.length - lost));
    };
    expect(auc(({ recency }) => recency)).toBeGreaterThan(0.68);
    expect(auc(({ recency }) => recency)).toBeLessThan(0.78);
    expect(auc(({ better }) => better) - auc(({ recency }) => recency)).toBeGreaterThan(0.04);
  });
});
