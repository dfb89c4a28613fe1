import { describe, expect, it } from "vitest";
import { random } from "../random.js";
import { qini, upliftAt } from "./qini.js";
import { race } from "./race.js";

const of = (...values: number[]) => Float64Array.from(values);

describe("the Qini coefficient", () => {
  const treated = Uint8Array.of(1, 0, 1, 0, 1, 0);
  const outcome = of(1, 0, 0, 0, 0, 1);

  it("is the area by hand", () => {
    // V(k) = 1, 1, 1, 1, 1, 0 in this order: area above a straight line to (6, 0) is 0.5 + 4 + 0.5
    // the perfect order is row 0, then 1 to 4, then row 5: the very same
    expect(qini(of(6, 5, 4, 3, 2, 1), { treated, outcome })).toBeCloseTo(1, 12);
    expect(qini(of(1, 2, 3, 4, 5, 6), { treated, outcome })).toBeLessThan(0);
  });

  it("agrees with scikit-uplift 0.5.1 on untied scores", () => {
    // numpy.random-free: a linear congruential series, the same in bench/peers/uplift.py
    let state = 1;
    const next = () => {
      state = (state * 16807) % 2147483647;
      return state / 2147483647;
    };
    const rows = 1000;
    const scores = new Float64Array(rows);
    const arm = new Uint8Array(rows);
    const y = new Float64Array(rows);
    for (let row = 0; row < rows; row++) {
      scores[row] = next();
      arm[row] = next() < 0.4 ? 1 : 0;
      y[row] = next() < 0.1 + 0.3 * scores[row] * arm[row] ? 1 : 0;
    }
    expect(qini(scores, { treated: arm, outcome: y })).toBeCloseTo(0.1503780645201745, 10);
    expect(upliftAt(0.3, scores, { treated: arm, outcome: y })).toBeCloseTo(
      0.32777361319340326,
      10,
    );
  });

  it("takes rows of one score together: their order tells nothing", () => {
    const scores = of(2, 2, 2, 1, 1, 1);
    const turned = [5, 4, 3, 2, 1, 0];
    const of_ = (values: ArrayLike<number>) => Float64Array.from(turned, (row) => values[row]);
    const straight = { treated, outcome };
    const reversed = { treated: Uint8Array.from(of_(treated)), outcome: of_(outcome) };
    expect(qini(of_(scores), reversed)).toBeCloseTo(qini(scores, straight), 12);
    expect(upliftAt(0.3, of_(scores), reversed)).toBeCloseTo(upliftAt(0.3, scores, straight), 12);
    expect(qini(new Float64Array(6), straight)).toBe(0);
    expect(upliftAt(0.5, new Float64Array(6), straight)).toBeCloseTo(0, 12);
  });

  it("is not defined where nothing varies or one arm is missing", () => {
    expect(qini(of(1, 2), { treated: Uint8Array.of(1, 0), outcome: of(0, 0) })).toBeNaN();
    expect(qini(of(1, 2), { treated: Uint8Array.of(1, 1), outcome: of(1, 0) })).toBeNaN();
  });

  it("weighs arms of unequal chances as if they had been equal", () => {
    const { uniform } = random(5);
    const rows = 20_000;
    const x = Float64Array.from({ length: rows }, uniform);
    const chance = x.map((value) => 0.2 + 0.6 * value);
    const arm = Uint8Array.from(chance, (value) => Number(uniform() < value));
    // the outcome follows x alone; only the treated have more of it
    const y = x.map((value) => Number(uniform() < value));
    const weights = chance.map((value, row) => 0.5 / (arm[row] === 1 ? value : 1 - value));
    expect(Math.abs(upliftAt(0.999, x, { treated: arm, outcome: y }))).toBeGreaterThan(0.15);
    expect(Math.abs(upliftAt(0.999, x, { treated: arm, outcome: y, weights }))).toBeLessThan(0.02);
    expect(Math.abs(qini(x, { treated: arm, outcome: y, weights }))).toBeLessThan(0.03);
  });
});

describe("the race", () => {
  it("gives intervals that hold for all learners together", () => {
    const { uniform, normal } = random(3);
    let outside = 0;
    const runs = 60;
    for (let run = 0; run < runs; run++) {
      const rows = 300;
      const treated = Uint8Array.from({ length: rows }, () => Number(uniform() < 0.5));
      const outcome = Float64Array.from({ length: rows }, () => Number(uniform() < 0.3));
      const names = ["t-learner", "x-learner", "dr-learner", "r-learner", "response"] as const;
      const ranks = new Map(
        names.map((name) => [name, [Float64Array.from({ length: rows }, normal)]] as const),
      );
      const results = race({ ranks }, { treated, outcome }, { seed: run, resamples: 100 });
      if (results.some(({ low, high }) => low > 0 || high < 0)) outside++;
    }
    // five separate 95 % intervals would leave 0 out in 23 % of the runs
    expect(outside / runs).toBeLessThan(0.15);
  });
});
