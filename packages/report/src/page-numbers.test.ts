import type { ReportData } from "@inchworm/core";
import type { ContactScore } from "@inchworm/store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type SmallShop, smallShop } from "./__fixtures__/small-shop.js";
import { csvFiles, unbalanced } from "./__fixtures__/tables.js";
import { reportHtml } from "./report-html.js";

interface Person {
  readonly contact: number;
  readonly denied: boolean;
  readonly churn: ContactScore | undefined;
  readonly segments: ContactScore | undefined;
}

let shop: SmallShop;
let data: ReportData;
let page: string;
let files: ReturnType<typeof csvFiles>;
const people: Person[] = [];
const probabilities = () =>
  people.flatMap(({ churn }) => {
    const value = churn?.values.churn_probability;
    return typeof value === "number" ? [value] : [];
  });
const rows = (name: string) => (files.get(name) ?? []).slice(1);
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

beforeAll(async () => {
  shop = await smallShop();
  const { store } = shop.workspace;
  data = await shop.workspace.reportData();
  page = reportHtml(data);
  files = csvFiles(page);
  for await (const batch of store.contacts())
    for (const { contact, profiling } of batch) {
      const scores = await store.scoresOf(contact);
      const of = (name: string) => scores.find(({ scorer }) => scorer === name);
      people.push({
        contact,
        denied: profiling === "denied",
        churn: of("churn"),
        segments: of("segments"),
      });
    }
});
afterAll(() => shop?.close());

describe("the numbers of a page, counted again one contact after another", () => {
  it("is well formed and the same again, whatever the clock says", async () => {
    expect(unbalanced(page)).toBeUndefined();
    expect(reportHtml(await shop.workspace.reportData())).toBe(page);
  });

  it("front page: contacts, scored, abstained, excluded by consent", () => {
    const denied = people.filter((person) => person.denied).length;
    expect(denied).toBeGreaterThan(0);
    expect(page).toContain(`<strong>${people.length}</strong><span>contacts known</span>`);
    expect(page).toContain(`${denied} contacts refuse profiling`);
    for (const name of ["churn", "segments"] as const) {
      const scored = people.filter((each) => each[name] && each[name].abstained === undefined);
      const abstained = people.filter((each) => each[name]?.abstained !== undefined);
      expect(page).toMatch(
        new RegExp(
          `href="#scorer-${name}">${name}</a></th><td><span class="verdict published">published</span></td><td class="number">${scored.length}</td><td class="number">${abstained.length}</td>`,
        ),
      );
      for (const reason of new Set(abstained.map((each) => each[name]?.abstained ?? ""))) {
        const count = abstained.filter((each) => each[name]?.abstained === reason).length;
        expect(page).toContain(`<th scope="row">${reason}</th><td class="number">${count}</td>`);
      }
    }
  });

  it("distribution of scores", () => {
    const values = probabilities();
    const bins = rows("spread-churn").map((row) => row.map(Number));
    expect(bins).toHaveLength(20);
    for (const [from, to, contacts] of bins)
      expect(contacts).toBe(
        values.filter((value) => value >= from && (value < to || to === 1)).length,
      );
    expect(sum(bins.map(([, , contacts]) => contacts))).toBe(values.length);
    expect(page).toContain(
      `${values.length} contacts scored, ${((100 * sum(values)) / values.length).toFixed(1)}% on average`,
    );
  });

  it("how many people to contact", () => {
    const values = probabilities().sort((left, right) => right - left);
    const choices = rows("slider-churn").map((row) => row.map(Number));
    expect(choices).toHaveLength(100);
    expect(choices.at(-1)?.[0]).toBe(values.length);
    for (const [contacted, hits, misses] of choices) {
      const expected = sum(values.slice(0, contacted));
      expect(hits).toBeCloseTo(expected, 6);
      expect(misses).toBeCloseTo(contacted - expected, 6);
    }
  });

  it("gains and calibration as the card has them", () => {
    const card = data.scorers.find(({ name }) => name === "churn")?.card;
    if (card?.kind !== "probability") throw new Error("churn gives a probability");
    const groups = [...card.calibration].sort((left, right) => right.predicted - left.predicted);
    const positives = sum(groups.map(({ observed, rows }) => observed * rows));
    expect(Math.round(positives)).toBe(card.counts.evaluationPositives);
    expect(rows("gains-churn").map((row) => row.map(Number))).toEqual(
      groups.map((_, index) => {
        const best = groups.slice(0, index + 1);
        const people = sum(best.map(({ rows }) => rows)) / card.counts.evaluationRows;
        const found = sum(best.map(({ observed, rows }) => observed * rows)) / positives;
        return [people, found, found / people];
      }),
    );
    const drawn = rows("calibration-churn").map((row) => row.map(Number));
    expect(drawn.map(([foretold, came, , , people]) => [foretold, came, people])).toEqual(
      card.calibration.map(({ predicted, observed, rows }) => [predicted, observed, rows]),
    );
    for (const [, came, low, high] of drawn) {
      expect(low).toBeLessThanOrEqual(came);
      expect(high).toBeGreaterThanOrEqual(came);
    }
  });

  it("segments: sizes, means, and ranks", async () => {
    const orders = new Map<number, { orders: number; spend: number }>();
    const { contacts, columns } = await shop.workspace.store.features({
      asOf: data.asOf,
      columns: ["orders_total", "spend_total"],
    });
    const [counts, spends] = columns.map((column) => column.values);
    contacts.forEach((contact, row) => {
      orders.set(contact, { orders: counts[row], spend: spends[row] });
    });
    const names = new Map<string, Person[]>();
    const ranks = new Map<string, number>();
    for (const person of people) {
      const name = person.segments?.values.segment;
      if (typeof name !== "string") continue;
      names.set(name, [...(names.get(name) ?? []), person]);
      const [recency, frequency] = String(person.segments?.values.rfm).split("-");
      const cell = `${recency},${frequency}`;
      ranks.set(cell, (ranks.get(cell) ?? 0) + 1);
    }
    expect(rows("sizes-segments").map(([name, contacts]) => [name, Number(contacts)])).toEqual(
      [...names]
        .map(([name, members]) => [name, members.length] as const)
        .sort((left, right) => right[1] - left[1] || (left[0] < right[0] ? -1 : 1)),
    );
    for (const group of data.groups) {
      const members = names.get(group.name) ?? [];
      const mean = (of: (person: Person) => number) => sum(members.map(of)) / members.length;
      expect(group.orders).toBeCloseTo(
        mean(({ contact }) => orders.get(contact)?.orders ?? 0),
        9,
      );
      expect(group.spend).toBeCloseTo(
        mean(({ contact }) => orders.get(contact)?.spend ?? 0),
        2,
      );
      const risks = members.flatMap(({ churn }) => {
        const value = churn?.values.churn_probability;
        return typeof value === "number" ? [value] : [];
      });
      if (risks.length === 0) expect(group.means.churn).toBeUndefined();
      else expect(group.means.churn).toBeCloseTo(sum(risks) / risks.length, 9);
    }
    expect(
      new Map(
        rows("rfm").map(([recency, frequency, contacts]) => [
          `${recency},${frequency}`,
          Number(contacts),
        ]),
      ),
    ).toEqual(ranks);
  });

  it("what changed since last time", async () => {
    const now = await shop.workspace.store.scoreValues("churn", "churn_probability");
    const count = now?.contacts.length ?? 0;
    const all = Array.from({ length: count }, (_, row) => row);
    const both = all.filter((row) => row % 7 !== 6);
    const rose = both.filter((row) => row % 3 === 0).length;
    const fell = both.filter((row) => row % 3 !== 0 && row % 5 === 0).length;
    const told = data.scorers.find(({ name }) => name === "churn")?.move;
    expect(told).toMatchObject({
      contacts: both.length,
      rose,
      fell,
      newcomers: count - both.length,
      gone: 0,
    });
    expect(page).toContain(`For ${rose} it rose by 10 points or more, for ${fell} it fell as far`);
  });
});
