import { InchwormError } from "@inchworm/spec";
import { describe, expect, it } from "vitest";
import { cardMarkdown } from "../markdown.js";
import { day } from "../windows.js";
import { churn } from "./churn.js";
import { asOf, madeUpHistory, madeUpPeople } from "./churn-history.fixture.js";

const horizonDays = 45;
const people = madeUpPeople({ people: 420, seed: 1, kind: "visits" });
const history = madeUpHistory(people);
const scorer = churn({ horizonDays });
const trained = scorer.train(history, { asOf, seed: 1 });

describe("churn", () => {
  it("is published, and names the planted driver first", async () => {
    const { card, artifact } = await trained;
    if (card.kind !== "probability") throw new Error("not a probability");
    expect(card.verdict).toBe("published");
    expect(card.drivers[0].feature).toMatch(/visit|active_days/);
    expect(card.candidates?.length).toBeGreaterThan(3);
    expect(card.prior).toBeUndefined();
    const { fields, reasons } = await scorer.score(history, JSON.parse(JSON.stringify(artifact)), {
      asOf,
    });
    const sure = reasons.filter((_, row) => Number(fields.churn_probability[row]) > 0.6);
    const named = sure.filter(([first]) => /visit|active on/.test(first));
    expect(sure.length).toBeGreaterThan(15);
    expect(named.length / sure.length).toBeGreaterThan(0.9);
  });

  it("gives probabilities that come true", async () => {
    const { artifact } = await trained;
    const { contacts, fields } = await scorer.score(history, artifact, { asOf });
    const outcomes = await scorer.outcome?.observe(history, {
      contacts,
      from: asOf,
      to: asOf + horizonDays * day,
    });
    let [foretold, came, rows] = [0, 0, 0];
    fields.churn_probability.forEach((probability, row) => {
      if (probability === null) return;
      foretold += Number(probability);
      came += outcomes?.[row] ?? 0;
      rows++;
    });
    expect(Math.abs(foretold - came) / rows).toBeLessThan(0.06);
  });

  it("says how much of it rests on opens", async () => {
    const { card } = await trained;
    expect(card.opens?.without.value).toBeGreaterThan(0.6);
    expect(cardMarkdown(card)).toMatch(/With features of e-mail opens 0\.\d+/);
    const silent = madeUpHistory(people.map(({ open: _, ...person }) => person));
    const { card: other } = await scorer.train(silent, { asOf, seed: 1 });
    // active days count opens too, but visits alone make them now
    expect(other.opens?.with.value).toBeGreaterThan(0.6);
  });

  it("never looks past the day it is asked", async () => {
    const until = asOf / day;
    const past = people.map(({ created, ...events }) => ({
      created,
      ...Object.fromEntries(
        Object.entries(events).map(([type, days]) => [type, days.filter((at) => at < until)]),
      ),
    }));
    const { card } = await scorer.train(madeUpHistory(past), { asOf, seed: 1 });
    expect(JSON.stringify(card)).toBe(JSON.stringify((await trained).card));
  });

  it("takes what people say for what was observed, and says so", async () => {
    const evaluation = asOf / day - horizonDays;
    const said = people.flatMap(({ order = [] }, contact) => {
      const active = order.some((at) => at < evaluation && at >= evaluation - 2 * horizonDays);
      return active && contact % 7 === 0 ? [contact] : [];
    });
    const corrected = madeUpHistory(people, {
      contacts: Int32Array.from(said),
      at: Float64Array.from(said, () => (evaluation + 3) * day),
      labels: Uint8Array.from(said, () => 1),
      origins: { "labels.csv": said.length },
    });
    const { card } = await scorer.train(corrected, { asOf, seed: 1 });
    const { card: plain } = await trained;
    if (card.kind !== "probability" || plain.kind !== "probability") throw new Error("kind");
    expect(card.counts.evaluationPositives).toBeGreaterThan(plain.counts.evaluationPositives);
    expect(card.notes?.join()).toContain(
      `${said.length} outcomes are as people said, in place of what was observed (labels by origin: labels.csv: ${said.length}).`,
    );
  });
});

describe("churn as the marketer defines it", () => {
  const lapsing = { event: { didNot: [{ type: "visit" as const }] }, horizonDays: 30 };

  it("asks people who did it lately whether they stop, and counts them before training", async () => {
    // a month of leaving takes more people than the rest of these tests
    const people = madeUpPeople({ people: 800, seed: 1, kind: "visits" });
    const history = madeUpHistory(people);
    const custom = churn(lapsing);
    const preview = await custom.preview?.(history, { asOf });
    const from = asOf / day - 30;
    const visited = people.filter(({ visit = [] }) =>
      visit.some((at) => at >= from - 60 && at < from),
    );
    const stayed = visited.filter(({ visit = [] }) =>
      visit.some((at) => at >= from && at < from + 30),
    );
    expect(preview).toEqual({
      population: visited.length,
      positives: visited.length - stayed.length,
      negatives: stayed.length,
      needed: 50,
    });
    const { card, artifact } = await custom.train(history, { asOf, seed: 1 });
    expect(card.question).toBe("Will this person do none of (a visit) in the next 30 days?");
    if (card.kind === "probability") expect(card.rule.name).toBe("most recent activity");
    const { abstained } = await custom.score(history, artifact, { asOf });
    expect(new Set(abstained)).toEqual(new Set([undefined, "without a visit in the last 60 days"]));
    const again = churn(JSON.parse(JSON.stringify(custom.options)));
    expect(again.fields).toEqual(custom.fields);
  });

  it("asks everybody who has not done it yet where churn is something done", async () => {
    const leaving = people.map((person, contact) => ({
      ...person,
      ...(contact % 3 === 0 && { unsubscribe: [asOf / day - 200 + (contact % 180)] }),
    }));
    const custom = churn({ event: { did: [{ type: "unsubscribe" }] }, horizonDays: 30 });
    const preview = await custom.preview?.(madeUpHistory(leaving), { asOf });
    const gone = (from: number, to: number) =>
      leaving.filter(({ unsubscribe: [at] = [Infinity] }) => at >= from && at < to).length;
    const from = asOf / day - 30;
    expect(preview?.population).toBe(people.length - gone(0, from));
    expect(preview?.positives).toBe(gone(from, from + 30));
  });

  it("wants both where both are given", async () => {
    const both = churn({
      event: { did: [{ type: "form" }], didNot: [{ type: "order" }] },
      horizonDays: 30,
    });
    const now = asOf / day;
    const person = (form: number[], order: number[]) => ({ created: 1, form, order });
    const few = madeUpHistory([
      person([now + 1], []),
      person([now + 1], [now + 2]),
      person([], []),
      person([], [now + 2]),
    ]);
    const span = { contacts: Int32Array.of(0, 1, 2, 3), from: asOf, to: asOf + 30 * day };
    expect([...((await both.outcome?.observe(few, span)) ?? [])]).toEqual([1, 0, 0, 0]);
  });

  it("refuses what is no event, and says what is missing", async () => {
    expect(() => churn({ event: {} })).toThrow('churn: "event" needs "did" or "didNot".');
    expect(() => churn({ event: { did: [{ type: "jump" as never }] } })).toThrow(/no event "jump"/);
    const rare = churn({ event: { did: [{ type: "unsubscribe" }] }, horizonDays: 30 });
    const refusal = rare.train(history, { asOf, seed: 1 });
    await expect(refusal).rejects.toThrow(
      /^churn: to train on, needs 50 people who churned within 30 days, and there are 0: 50 are missing/,
    );
    await refusal.catch((error) => expect(InchwormError.is(error, "insufficient-data")).toBe(true));
    await expect(scorer.score(history, { tree: 1 }, { asOf })).rejects.toThrow(/not a churn model/);
  });
});
