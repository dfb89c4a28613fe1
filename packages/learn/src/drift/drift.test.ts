import { describe, expect, it } from "vitest";
import { random } from "../random.js";
import { chiSquareTail } from "./chi-square.js";
import { histogram, recount } from "./histogram.js";
import { holm } from "./holm.js";
import { populationStability } from "./population-stability.js";

describe("the chi-square tail", () => {
  it("gives the quantiles of printed tables", () => {
    // Abramowitz & Stegun, table 26.8
    for (const [degrees, statistic, tail] of [
      [1, 3.84146, 0.05],
      [1, 10.8276, 0.001],
      [2, 5.99147, 0.05],
      [10, 18.307, 0.05],
      [10, 2.55821, 0.99],
      [19, 30.1435, 0.05],
      [19, 36.1908, 0.01],
      [100, 124.342, 0.05],
    ])
      expect(chiSquareTail(statistic, degrees)).toBeCloseTo(tail, 5);
    expect(chiSquareTail(0, 3)).toBe(1);
    expect(chiSquareTail(2, 2)).toBeCloseTo(Math.exp(-1), 12);
    expect(chiSquareTail(5000, 19)).toBe(0);
  });
});

describe("a histogram", () => {
  it("has equal bins, one for each of few values, and one for what is missing", () => {
    const even = histogram(Float32Array.from({ length: 1000 }, (_, index) => index));
    expect(even.counts).toEqual([...new Array(20).fill(50), 0]);
    const few = histogram([0, 0, 0, 0, 0, 0, 0, 1, 1, 2, Number.NaN]);
    expect(few).toEqual({ edges: [0, 1], counts: [7, 2, 1, 1] });
    expect(recount(few, [5, -3, 1.5, Number.NaN]).counts).toEqual([1, 0, 2, 1]);
    expect(histogram([]).counts).toEqual([0, 0]);
    expect(histogram([3, 3, 3]).counts).toEqual([3, 0]);
    expect(() => histogram([1], 1)).toThrow(/"bins" must be/);
  });
});

describe("population stability", () => {
  const normal = (draws: ReturnType<typeof random>, length: number, shift = 0) =>
    Float64Array.from(
      { length },
      () =>
        Math.sqrt(-2 * Math.log(1 - draws.uniform())) * Math.cos(2 * Math.PI * draws.uniform()) +
        shift,
    );
  const counts = (draws: ReturnType<typeof random>, length: number, rate: number) =>
    Float64Array.from({ length }, () => {
      let events = -1;
      for (let time = 0; time < 1; events++) time -= Math.log(1 - draws.uniform()) / rate;
      return events;
    });

  it("cries wolf in no more than 5 % of cases, large or small, smooth or not", () => {
    const draws = random(7);
    for (const [n, m] of [
      [100, 60],
      [500, 2000],
      [2000, 300],
    ])
      for (const draw of [
        (length: number) => normal(draws, length),
        (length: number) => counts(draws, length, 0.6),
        (length: number) =>
          normal(draws, length).map((value) => (draws.uniform() < 0.3 ? Number.NaN : value)),
      ]) {
        let alarms = 0;
        const rounds = 400;
        for (let round = 0; round < rounds; round++) {
          const reference = histogram(draw(n));
          if (populationStability(reference, recount(reference, draw(m))).p < 0.05) alarms++;
        }
        expect(alarms / rounds).toBeLessThan(0.08); // 5 % and three standard errors of the simulation
      }
  });

  it("finds a shift, and says how large it is whatever the size of the samples", () => {
    const draws = random(11);
    for (const rows of [2000, 50_000]) {
      const reference = histogram(normal(draws, rows));
      const moved = populationStability(reference, recount(reference, normal(draws, rows, 0.5)));
      expect(moved.p).toBeLessThan(1e-6);
      expect(moved.effect).toBeGreaterThan(0.18); // δ² = 0.25 before binning
      expect(moved.effect).toBeLessThan(0.3);
    }
  });

  it("calls a sure but tiny shift tiny", () => {
    const draws = random(13);
    const reference = histogram(normal(draws, 200_000));
    const tiny = populationStability(reference, recount(reference, normal(draws, 200_000, 0.05)));
    expect(tiny.p).toBeLessThan(1e-6);
    expect(tiny.effect).toBeLessThan(0.01);
  });

  it("has nothing to say of too little, and stays finite where a bin is empty", () => {
    const reference = histogram([1, 2, 3]);
    expect(populationStability(reference, recount(reference, []))).toMatchObject({ psi: 0, p: 1 });
    expect(populationStability(reference, recount(reference, [9, 9]))).toMatchObject({ p: 1 });
    const zeros = histogram(new Float64Array(500).fill(0));
    expect(populationStability(zeros, recount(zeros, new Float64Array(500)))).toMatchObject({
      p: 1,
    });
    const gone = populationStability(
      histogram([...new Array(300).fill(0), ...new Array(300).fill(1)]),
      { edges: [0], counts: [600, 0, 0] },
    );
    expect(Number.isFinite(gone.psi)).toBe(true);
    expect(gone.p).toBeLessThan(1e-10);
    expect(() => populationStability(reference, zeros)).toThrow(/different edges/);
  });

  it("sees values go missing", () => {
    const draws = random(17);
    const reference = histogram(normal(draws, 1000));
    const holed = normal(draws, 1000).map((value, row) => (row % 4 === 0 ? Number.NaN : value));
    expect(populationStability(reference, recount(reference, holed)).effect).toBeGreaterThan(0.3);
  });
});

describe("holm", () => {
  it("corrects as in a worked example", () => {
    expect(holm([0.01, 0.04, 0.03, 0.005]).map((p) => Math.round(p * 1e6) / 1e6)).toEqual([
      0.03, 0.06, 0.06, 0.02,
    ]);
    expect(holm([])).toEqual([]);
    expect(holm([0.9, 0.8])).toEqual([1, 1]);
  });
});
