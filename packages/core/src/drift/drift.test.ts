import { random } from "@inchworm/learn";
import type { ModelCard } from "@inchworm/spec";
import { describe, expect, it } from "vitest";
import { driftSince } from "./drift.js";
import type { Look } from "./look.js";
import { readReference, referenceOf } from "./reference.js";

const day = 86_400_000;
const card = (...drivers: string[]) =>
  ({ drivers: drivers.map((feature) => ({ feature, weight: 1 })) }) as unknown as ModelCard;

/** `shift` in standard deviations, by name. */
function look(
  seed: number,
  rows: number,
  names: readonly string[],
  shift: Readonly<Record<string, number>> = {},
): Look {
  const draws = random(seed);
  const values = (name: string) =>
    Float32Array.from(
      { length: rows },
      () =>
        Math.sqrt(-2 * Math.log(1 - draws.uniform())) * Math.cos(2 * Math.PI * draws.uniform()) +
        (shift[name] ?? 0),
    );
  return {
    asOf: 100 * day,
    rows,
    contacts: Int32Array.from({ length: rows }, (_, row) => row),
    features: new Map(names.map((name) => [name, values(name)])),
    scores: Float64Array.from(values("score")),
  };
}
const many = Array.from({ length: 40 }, (_, index) => `f${index}`);
const reference = (...looks: Look[]) => {
  const made = referenceOf(looks);
  if (!made) throw new Error("too few rows");
  // as it comes out of the store
  return readReference(JSON.parse(JSON.stringify(made))) as NonNullable<typeof made>;
};

describe("drift", () => {
  it("is no alarm in 95 % of cases when nothing has changed, with few people or more", () => {
    for (const [rows, rounds] of [
      [120, 60],
      [1000, 30],
    ]) {
      let alarms = 0;
      for (let round = 0; round < rounds; round++) {
        const before = reference(look(2 * round, rows, many));
        if (driftSince(before, look(2 * round + 1, rows, many), card())?.retrain) alarms++;
      }
      expect(alarms / rounds).toBeLessThanOrEqual(0.05);
    }
  });

  it("is found where it was planted, and named first", () => {
    const before = reference(look(1, 1000, many));
    const found = driftSince(before, look(2, 1000, many, { f7: 0.8 }), card());
    expect(found).toMatchObject({ retrain: true, rows: [1000, 1000], since: 100 * day });
    expect(found?.features[0]).toMatchObject({ name: "f7", moved: true });
    expect(found?.features.filter(({ moved }) => moved)).toHaveLength(1);
    expect(found?.because).toMatch(
      /^Moved since the training of 1970-04-11: f7 \(effect 0\.\d+, p < 0.001\)\. See that all of history still comes in, then train again\.$/,
    );
    const scores = driftSince(before, look(2, 1000, many, { score: 0.8 }), card());
    expect(scores?.score?.moved).toBe(true);
    expect(scores?.because).toMatch(/^Moved since .*: the scores/);
  });

  it("is no alarm for a sure but small shift among many people", () => {
    const before = reference(look(3, 10_000, ["f0"]));
    const found = driftSince(before, look(4, 10_000, ["f0"], { f0: 0.15 }), card());
    expect(found?.features[0].p).toBeLessThan(0.001);
    expect(found?.retrain).toBe(false);
    expect(found?.because).toMatch(/^Nothing has moved since/);
  });

  it("must go beyond what a feature did before the training anyway", () => {
    const season = [look(5, 2000, ["f0"]), look(6, 2000, ["f0"], { f0: 0.7 })];
    expect(
      driftSince(reference(season[0]), look(7, 2000, ["f0"], { f0: 0.6 }), card())?.retrain,
    ).toBe(true);
    const before = reference(...season);
    expect(driftSince(before, look(7, 2000, ["f0"], { f0: 0.6 }), card())?.retrain).toBe(false);
    expect(driftSince(before, look(8, 2000, ["f0"], { f0: 1.6 }), card())?.retrain).toBe(true);
  });

  it("of the calendar, or without weight in the model, is told and no more", () => {
    const names = ["tenure_days", "f0", "f1"];
    const before = reference(look(9, 1000, names));
    const grown = driftSince(before, look(10, 1000, names, { tenure_days: 2 }), card());
    expect(grown?.features[0]).toMatchObject({ name: "tenure_days", moved: true, clock: true });
    expect(grown?.retrain).toBe(false);
    expect(grown?.because).toMatch(/tenure_days has, as the calendar/);
    const idle = driftSince(before, look(11, 1000, names, { f1: 1 }), card("f0"));
    expect(idle?.retrain).toBe(false);
    expect(driftSince(before, look(11, 1000, names, { f1: 1 }), card("f1"))?.retrain).toBe(true);
  });

  it("has nothing to compare with too few people, another version or other features", () => {
    expect(referenceOf([look(12, 20, ["f0"])])).toBeUndefined();
    expect(readReference({ version: 2 })).toBeUndefined();
    expect(readReference(undefined)).toBeUndefined();
    const { asOf, rows, contacts, features } = look(13, 500, ["f0"]);
    const before = reference({ asOf, rows, contacts, features });
    expect(driftSince(before, look(14, 500, ["other"]), card())).toBeUndefined();
  });
});
