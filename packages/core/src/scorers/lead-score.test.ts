import { InchwormError } from "@inchworm/spec";
import { describe, expect, it } from "vitest";
import { percentiles } from "../probability/score.js";
import { day } from "../windows.js";
import { asOf, madeUpHistory, madeUpPeople } from "./churn-history.fixture.js";
import { leadScore } from "./lead-score.js";

const people = madeUpPeople({ people: 1400, seed: 2, kind: "leads" });
const history = madeUpHistory(people);
const scorer = leadScore({ horizonDays: 30 });
const trained = scorer.train(history, { asOf, seed: 1 });

describe("leadScore", () => {
  it("asks those who have not ordered, and ranks them by a calibrated probability", async () => {
    const { card, artifact } = await trained;
    if (card.kind !== "probability") throw new Error("not a probability");
    expect(card.question).toBe("Will this contact place a first order within 30 days?");
    expect(card.rule.name).toBe("most recent activity");
    expect(card.metrics.calibrationError.value).toBeLessThan(0.06);
    const answers = await scorer.score(history, JSON.parse(JSON.stringify(artifact)), { asOf });
    const { contacts, fields, abstained } = answers;
    const ordered = (contact: number, before: number) =>
      (people[contact].order ?? []).some((at) => at < before);
    let [foretold, came] = [0, 0];
    for (const [row, contact] of contacts.entries()) {
      const buyer = ordered(contact, asOf / day);
      expect(abstained[row]).toBe(buyer ? "has ordered already" : undefined);
      expect(fields.lead_score[row] === null).toBe(buyer);
      if (buyer) continue;
      foretold += Number(fields.lead_probability[row]);
      came += ordered(contact, asOf / day + 30) ? 1 : 0;
    }
    expect(Math.abs(foretold - came)).toBeLessThan(4 * Math.sqrt(came));
    const scores = fields.lead_score.filter((score) => score !== null).map(Number);
    expect(Math.min(...scores)).toBeLessThan(5);
    expect(Math.max(...scores)).toBeGreaterThan(95);
  });

  it("names the planted driver first", async () => {
    const { card, artifact } = await trained;
    expect(card.drivers[0].feature).toMatch(/visit|active_days/);
    const { reasons, fields } = await scorer.score(history, artifact, { asOf });
    const best = reasons.filter((_, row) => Number(fields.lead_score[row] ?? 0) > 80);
    const named = best.filter(([first]) => /visit|active on/.test(first ?? ""));
    expect(named.length / best.length).toBeGreaterThan(0.8);
  });

  it("withholds itself where nothing tells leads apart", async () => {
    let published = 0;
    for (let seed = 0; seed < 3; seed++) {
      const idle = madeUpHistory(madeUpPeople({ people: 900, seed, kind: "idle leads" }));
      const { card } = await scorer.train(idle, { asOf, seed: 1 });
      if (card.verdict === "published") published++;
    }
    expect(published).toBe(0);
  });

  it("counts beforehand, and refuses with the count that is missing", async () => {
    const few = madeUpHistory(people.slice(0, 60));
    const preview = await scorer.preview?.(few, { asOf });
    expect(preview?.needed).toBe(50);
    expect(preview?.positives).toBeLessThan(50);
    const refusal = scorer.train(few, { asOf, seed: 1 });
    await expect(refusal).rejects.toThrow(
      /^lead-score: to learn from, needs 50 conversions, there are (\d+): (\d+) are missing/,
    );
    await refusal.catch((error) => {
      expect(InchwormError.is(error, "insufficient-data")).toBe(true);
      const [found, missing] = error.message.match(/\d+/g).slice(1).map(Number);
      expect(found + missing).toBe(50);
    });
    await expect(scorer.train(madeUpHistory([]), { asOf, seed: 1 })).rejects.toThrow(/no history/);
  });

  it("takes any event for a goal", async () => {
    const signing = people.map((person) => ({ ...person, form: person.order ?? [], order: [] }));
    const forms = leadScore({ goal: { did: [{ type: "form" }] }, horizonDays: 30 });
    const preview = await forms.preview?.(madeUpHistory(signing), { asOf });
    expect(preview).toEqual(await scorer.preview?.(history, { asOf }));
    expect(forms.fields[1].description).toContain("reach a submitted form within 30 days");
    expect(() => leadScore({ goal: { did: [] } })).toThrow(/names no event/);
    expect(() => leadScore({ goal: { did: [{ type: "jump" as never }] } })).toThrow(/"jump"/);
    expect(() => leadScore({ horizonDays: 0.5 })).toThrow(
      'lead-score: "horizonDays" must be an integer ≥ 1, got 0.5.',
    );
  });
});

describe("percentiles", () => {
  it("go from 0 to 100, equals alike, one alone in the middle", () => {
    expect([...percentiles(Float64Array.of(0.3, 0.1, 0.2))]).toEqual([100, 0, 50]);
    expect([...percentiles(Float64Array.of(0.2, 0.2, 0.1, 0.9))]).toEqual([50, 50, 0, 100]);
    expect([...percentiles(Float64Array.of(0.7))]).toEqual([50]);
    expect(percentiles(new Float64Array(0))).toHaveLength(0);
  });
});
