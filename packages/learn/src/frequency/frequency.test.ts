import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { frequencyConstraints, messageFrequency } from "./message-frequency.js";
import { planFrequency } from "./plan.js";
import { most, plantedFrequency, trueValue } from "./planted.fixture.js";
import { concaveBasis, convexBasis, fitShape } from "./shape.js";
import type { FrequencyLog } from "./types.js";

const value = { engagement: 1, subscription: 30 };
const people = 2500;
const planted = plantedFrequency({ seed: 1, people, weeks: 26, confounding: 0.8 });
const model = await messageFrequency({ most }).fit(planted.log);

/** Knows every true curve. */
function oracle({ engagement, risk, log }: typeof planted) {
  const curve = (of: typeof engagement, person: number) =>
    Float64Array.from({ length: most + 1 }, (_, messages) => of(person, messages));
  return {
    people: log.people,
    most,
    engagement: (person: number) => curve(engagement, person),
    risk: (person: number) => curve(risk, person),
  };
}

describe("messageFrequency", () => {
  it("plans what earns 95 % of the oracle's value, free and under a budget", () => {
    expect(model.evidence).toEqual({ engagement: "within-person", risk: "within-person" });
    for (const total of [Infinity, 2 * people, people]) {
      const budget = total === Infinity ? {} : { total };
      const plan = model.plan(value, budget);
      const best = planFrequency(oracle(planted), value, budget);
      expect(plan.total).toBeLessThanOrEqual(total);
      expect(plan.verdict).toBe("planned");
      const share = trueValue(planted, plan.messages, value) / best.value;
      expect(share).toBeGreaterThan(0.95);
      // no one number for all comes as near
      const constant = Array.from({ length: most + 1 }, (_, messages) => messages)
        .filter((messages) => messages * people <= total)
        .map((messages) => trueValue(planted, new Uint8Array(people).fill(messages), value));
      expect(Math.max(...constant) / best.value).toBeLessThan(0.9);
    }
  });

  it("is not fooled by engaged people being sent more, as rates by volume are", () => {
    const { log, engagement } = planted;
    const sums = new Float64Array(most + 1);
    const weeks = new Float64Array(most + 1);
    for (let row = 0; row < log.rows; row++) {
      sums[log.messages[row]] += log.engagement[row];
      weeks[log.messages[row]]++;
    }
    const naive = sums[5] / weeks[5] / (sums[1] / weeks[1]);
    let ours = 0;
    let true5 = 0;
    for (let person = 0; person < people; person++) {
      const curve = model.engagement(person);
      ours += curve[5] / curve[1] / people;
      true5 += engagement(person, 5) / engagement(person, 1) / people;
    }
    expect(Math.abs(ours / true5 - 1)).toBeLessThan(0.1);
    expect(naive / true5).toBeGreaterThan(1.4);
  });

  it("gives curves of the promised form to everybody", () => {
    for (let person = 0; person < people; person += 7) {
      const [engagement, risk] = [model.engagement(person), model.risk(person)];
      for (let messages = 1; messages <= model.most; messages++) {
        const [more, leaves] = [engagement, risk].map((one) => one[messages] - one[messages - 1]);
        expect(more).toBeGreaterThanOrEqual(0);
        expect(leaves).toBeGreaterThanOrEqual(0);
        if (messages < 2) continue;
        expect(more).toBeLessThanOrEqual(
          engagement[messages - 1] - engagement[messages - 2] + 1e-12,
        );
        expect(leaves).toBeGreaterThanOrEqual(risk[messages - 1] - risk[messages - 2] - 1e-12);
      }
    }
  });

  it("uses weeks drawn at random where there are enough", async () => {
    const drawn = { seed: 2, people: 3500, weeks: 12, confounding: 1, randomised: 0.9 };
    const scene = plantedFrequency(drawn);
    const fitted = await messageFrequency({ most }).fit(scene.log);
    expect(fitted.evidence).toEqual({ engagement: "randomised", risk: "randomised" });
    const share =
      trueValue(scene, fitted.plan(value).messages, value) /
      planFrequency(oracle(scene), value).value;
    expect(share).toBeGreaterThan(0.95);
  });

  it("leaves everybody at what they have where no week can tell, and cuts who engages least", async () => {
    const scene = plantedFrequency({
      seed: 3,
      people: 1500,
      weeks: 12,
      confounding: 0.8,
      steady: true,
    });
    const fitted = await messageFrequency({ most }).fit(scene.log);
    expect(fitted.evidence.engagement).toBe("between-people");
    const plan = fitted.plan(value);
    expect([plan.verdict, plan.value]).toEqual(["kept", Number.NaN]);
    const usual = new Map(
      scene.log.person.reduce(
        (rows, person, row) => rows.set(person, row),
        new Map<number, number>(),
      ),
    );
    for (const [person, row] of usual) expect(plan.messages[person]).toBe(scene.log.messages[row]);
    const half = fitted.plan(value, { total: plan.total / 2 });
    expect(half.total).toBe(Math.floor(plan.total / 2));
  });

  it("knows newcomers by their people alone, and tells how much is their own", async () => {
    const log: FrequencyLog = {
      ...planted.log,
      people: people + 1,
      segments: Int32Array.from([...(planted.log.segments ?? []), 1]),
    };
    const fitted = await messageFrequency({ most }).fit(log);
    expect(fitted.ownShare(people)).toBe(0);
    expect(fitted.engagement(people)[3]).toBeGreaterThan(0);
    const weeks = new Float64Array(people);
    for (const person of planted.log.person) weeks[person]++;
    const shares = (few: boolean) =>
      Array.from(weeks.keys())
        .filter((person) => (few ? weeks[person] < 5 : weeks[person] === 26))
        .map((person) => fitted.ownShare(person));
    expect(Math.max(...shares(true))).toBeLessThan(Math.max(...shares(false)) / 2);
    expect(Math.min(...shares(true))).toBeGreaterThan(0);
  });

  it("keeps each person's own limit, and takes nobody over a budget", () => {
    fc.assert(
      fc.property(fc.nat(3 * people), fc.infiniteStream(fc.nat(most)), (total, limits) => {
        const each = Uint8Array.from({ length: people }, () => limits.next().value as number);
        const plan = model.plan({ ...value, message: 0.01 }, { total, most: each });
        expect(plan.total).toBeLessThanOrEqual(total);
        expect(plan.messages.reduce((sum, one) => sum + one, 0)).toBe(plan.total);
        expect(plan.messages.every((one, person) => one <= each[person])).toBe(true);
        if (plan.price > 0) expect(plan.total).toBe(total);
      }),
      { numRuns: 12, seed: 1 },
    );
  });

  it("is the same when saved, loaded and fitted again, and leaves its input alone", async () => {
    const before = structuredClone(planted.log);
    const again = await messageFrequency({ most }).fit(planted.log);
    expect(planted.log).toEqual(before);
    expect(again.save()).toEqual(model.save());
    const loaded = messageFrequency().load(JSON.parse(JSON.stringify(model.save())));
    expect(loaded.plan(value, { total: 4000 })).toEqual(model.plan(value, { total: 4000 }));
    expect(loaded.save()).toEqual(model.save());
  });

  it("refuses foreign and damaged artifacts", () => {
    const artifact = JSON.parse(JSON.stringify(model.save()));
    const { load } = messageFrequency();
    for (const wrong of [
      null,
      { ...artifact, kind: "kmeans" },
      { ...artifact, version: 1 },
      { ...artifact, data: { ...artifact.data, risk: [1] } },
      { ...artifact, data: { ...artifact.data, engagement: [] } },
      { ...artifact, data: { ...artifact.data, risk: artifact.data.risk.slice(1) } },
      { ...artifact, data: { ...artifact.data, segments: artifact.data.segments.map(() => 99) } },
      {
        ...artifact,
        data: { ...artifact.data, evidence: { engagement: "hearsay", risk: "randomised" } },
      },
    ])
      expect(() => load(wrong)).toThrow(expect.objectContaining({ code: "artifact" }));
  });

  it("refuses what it cannot learn from", async () => {
    for (const wrong of [0, 51, 1.5])
      expect(() => messageFrequency({ most: wrong })).toThrow(/"most" must be an integer/);
    expect(Object.keys(frequencyConstraints)).toEqual(["most"]);
    const { log } = planted;
    const fit = (change: Partial<FrequencyLog>) => messageFrequency().fit({ ...log, ...change });
    await expect(fit({ messages: log.messages.with(4, 1.5) })).rejects.toThrow(
      "1.5 messages in row 4",
    );
    await expect(fit({ engagement: log.engagement.with(2, -1) })).rejects.toThrow("-1 in row 2");
    await expect(fit({ people: 5 })).rejects.toThrow("segments");
    await expect(fit({ messages: log.messages.map(() => 0) })).rejects.toThrow(
      "fewer than 50 weeks",
    );
    await expect(fit({ engagement: log.engagement.map(() => 0) })).rejects.toThrow(
      "nobody engaged",
    );
    expect(() => model.plan({ engagement: -1, subscription: 1 })).toThrow('"engagement"');
    expect(() => model.plan({ engagement: 1, subscription: new Float64Array(3) })).toThrow(
      "each of",
    );
    expect(() => model.engagement(people)).toThrow("none of the");
  });
});

describe("fitShape", () => {
  it("finds a curve by hand, whatever each member's height", () => {
    // two people, one ten times as lively; both do twice as much with one message as with none
    const rows = [0, 1, 2, 3];
    const curve = fitShape(concaveBasis(1), {
      rows,
      levels: Uint8Array.of(0, 1, 0, 1),
      counts: [1, 2, 10, 20],
      member: Int32Array.of(0, 0, 1, 1),
      members: 2,
    });
    expect(curve[1] / curve[0]).toBeCloseTo(2, 4);
  });

  it("does not take what all did more of in one week for an effect", () => {
    // in week 1 everybody was sent more and did twice as much; messages do nothing
    const rows = {
      rows: [0, 1, 2, 3, 4, 5],
      levels: Uint8Array.of(0, 2, 1, 2, 0, 1),
      counts: [10, 20, 10, 20, 10, 20],
      member: Int32Array.of(0, 0, 1, 1, 2, 2),
      members: 3,
    };
    const told = fitShape(concaveBasis(2), { ...rows, week: Int32Array.of(0, 1, 0, 1, 0, 1) });
    const untold = fitShape(concaveBasis(2), rows);
    expect(told[2] / told[0]).toBeLessThan(1.1);
    expect(untold[2] / untold[0]).toBeGreaterThan(1.9);
  });

  it("goes straight on where a curve may bend no more", () => {
    const [, ...steps] = convexBasis(4, 2).map((at) => at[2]);
    expect(steps).toEqual([0, 1, 2, 3]);
  });
});
