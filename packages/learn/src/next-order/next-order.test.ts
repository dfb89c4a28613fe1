import { describe, expect, it } from "vitest";
import { random } from "../random.js";
import { nextOrder } from "./next-order.js";
import { plantedShop } from "./planted.fixture.js";

const truth = { location: 3.4, trust: 0.8, shape: 4, scale: 1.5, stop: 0.8, stay: 3 };
const shop = plantedShop(truth, { customers: 4000, seed: 5 });
const fitted = nextOrder().fit(shop);

const share = (rows: readonly number[], holds: (row: number) => boolean) =>
  rows.filter(holds).length / rows.length;
const everybody = Array.from(shop.next.keys());

describe("nextOrder on customers whose parameters are known", () => {
  it("finds the parameters", async () => {
    const { parameters, weekdays, priorShare } = await fitted;
    expect(parameters.location).toBeCloseTo(truth.location, 1);
    expect(Math.abs(Math.log(parameters.trust / truth.trust))).toBeLessThan(0.15);
    expect(parameters.scale / parameters.shape).toBeCloseTo(truth.scale / truth.shape, 1);
    expect(parameters.stop / (parameters.stop + parameters.stay)).toBeCloseTo(0.8 / 3.8, 1);
    expect(Array.from(weekdays)).toEqual(new Array(7).fill(1));
    expect(priorShare).toBeLessThan(0.02);
  });

  it("has windows that cover what they say, for those who come back", async () => {
    const { date } = (await fitted).forecast(shop);
    const back = everybody.filter((row) => shop.next[row] < Infinity);
    const covered = (level: number) => {
      const [low, high] = [date((1 - level) / 2), date((1 + level) / 2)];
      return share(
        back,
        (row) => Math.floor(low[row]) <= shop.next[row] && shop.next[row] <= Math.floor(high[row]),
      );
    };
    // whole days at both ends count as inside, which adds a little to narrow windows
    expect(covered(0.8)).toBeGreaterThan(0.78);
    expect(covered(0.8)).toBeLessThan(0.82);
    expect(covered(0.5)).toBeGreaterThan(0.48);
    expect(covered(0.5)).toBeLessThan(0.54);
    const middle = date(0.5);
    expect(share(back, (row) => shop.next[row] + 0.5 <= middle[row])).toBeCloseTo(0.5, 1);
  });

  it("gives probabilities that come true, of an order soon and of one ever", async () => {
    const forecast = (await fitted).forecast(shop);
    for (const [probability, happened] of [
      [forecast.within(7), (row: number) => shop.next[row] < 7],
      [forecast.within(30), (row: number) => shop.next[row] < 30],
      [forecast.again, (row: number) => shop.next[row] < Infinity],
    ] as const)
      for (let tenth = 0; tenth < 10; tenth++) {
        const rows = everybody.filter(
          (row) => probability[row] >= tenth / 10 && probability[row] < (tenth + 1) / 10,
        );
        if (rows.length < 200) continue;
        const expected = rows.reduce((sum, row) => sum + probability[row], 0) / rows.length;
        expect(Math.abs(share(rows, happened) - expected)).toBeLessThan(
          4 * Math.sqrt((expected * (1 - expected)) / rows.length) + 0.01,
        );
      }
  });

  it("is not misled by the gaps that happen to be closed, which are the short ones", async () => {
    const { parameters } = await fitted;
    const closed: number[] = [];
    for (const row of everybody)
      for (let at = shop.offsets[row] + 1; at < shop.offsets[row + 1]; at++)
        closed.push(Math.log(Math.max(0.5, shop.days[at] - shop.days[at - 1])));
    const naive = closed.reduce((sum, gap) => sum + gap, 0) / closed.length;
    expect(naive).toBeLessThan(truth.location - 0.3);
    expect(parameters.location).toBeGreaterThan(truth.location - 0.1);
  });

  it("is consistent: quantiles undo probabilities, and those who may never come back wait longer", async () => {
    const { date, quantile, within, again, orders } = (await fitted).forecast(shop);
    const [half, median] = [quantile(0.5), date(0.5)];
    const reached = within(half);
    for (const row of everybody.slice(0, 500)) {
      expect(orders[row]).toBeGreaterThan(0);
      if (again[row] <= 0.5) expect(half[row]).toBe(Infinity);
      else expect(reached[row]).toBeCloseTo(0.5, 2);
      expect(half[row]).toBeGreaterThanOrEqual(median[row]);
    }
  });
});

describe("nextOrder", () => {
  it("learns that groups differ, and by how much", async () => {
    const grouped = plantedShop(truth, { customers: 4000, seed: 6, groupShift: 0.8 });
    const [first, second] = (await nextOrder().fit(grouped)).groupShifts;
    expect(second - first).toBeCloseTo(0.8, 1);
    const alike = (await nextOrder().fit(shop)).groupShifts;
    expect(Math.abs(alike[1] - alike[0])).toBeLessThan(0.08);
  });

  it("learns that a shop is closed on Sundays", async () => {
    const closed = plantedShop(truth, { customers: 2000, seed: 7, closed: [0] });
    const model = await nextOrder().fit(closed);
    expect(model.weekdays[0]).toBeLessThan(0.1);
    // day 20,000 is a Friday: two days on it is Sunday
    const { within } = model.forecast(closed);
    const [saturday, sunday, monday] = [1, 2, 3].map((day) => {
      const [before, after] = [within(day), within(day + 1)];
      return after.reduce((sum, probability, row) => sum + probability - before[row], 0);
    });
    expect(sunday).toBeLessThan(saturday / 5);
    expect(sunday).toBeLessThan(monday / 5);
  });

  it("keeps to the lognormal where gaps are, and bends it where they are not", async () => {
    const { shapes } = (await fitted).save().data as { shapes: number[] };
    const knots = [0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95];
    for (const [index, knot] of knots.entries()) expect(shapes[index]).toBeCloseTo(knot, 1);

    // gaps without memory have more short ones and fewer long ones than any lognormal
    const { uniform } = random(8);
    const offsets = [0];
    const days: number[] = [];
    const waits: number[] = [];
    for (let customer = 0; customer < 3000; customer++) {
      let time = 20_000 - 600 * uniform();
      while (time < 20_000) {
        days.push(Math.floor(time));
        time -= 40 * Math.log(1 - uniform());
      }
      offsets.push(days.length);
      waits.push(Math.floor(time) - 20_000 + 0.5);
    }
    const memoryless = { offsets, days, asOf: 20_000 };
    const { date, again } = (await nextOrder().fit(memoryless)).forecast(memoryless);
    for (const level of [0.1, 0.3, 0.5, 0.7, 0.9]) {
      const by = date(level);
      const come = share(Array.from(waits.keys()), (row) => waits[row] <= by[row]);
      expect(Math.abs(come - level)).toBeLessThan(0.03);
    }
    expect(again.reduce((sum, probability) => sum + probability, 0) / 3000).toBeGreaterThan(0.97);
  });

  it("saves and loads to the same forecasts, and refuses what is foreign", async () => {
    const model = await fitted;
    const saved = JSON.parse(JSON.stringify(model.save()));
    const loaded = nextOrder().load(saved);
    expect(loaded.forecast(shop).date(0.5)).toEqual(model.forecast(shop).date(0.5));
    expect(loaded.save()).toEqual(model.save());
    for (const change of [
      { at: [1, 2] },
      { weekdays: [0, 0, 0, 0, 0, 0, 0] },
      { at: "x" },
      { shapes: new Array(68).fill(0.5) },
    ])
      expect(() => nextOrder().load({ ...saved, data: { ...saved.data, ...change } })).toThrow(
        /Not a usable next-order artifact/,
      );
    expect(() => nextOrder().load({ ...saved, kind: "kmeans" })).toThrow(/holds a model of kind/);
  });

  it("merges orders of one day, ignores what lies ahead, and says nothing of who has not ordered", async () => {
    const model = await fitted;
    const days = [19_900, 19_900, 19_950, 20_003];
    const once = model.forecast({ offsets: [0, 4, 4], days, asOf: 20_000 });
    const twice = model.forecast({ offsets: [0, 2, 2], days: [19_900, 19_950], asOf: 20_000 });
    expect(once.date(0.5)).toEqual(twice.date(0.5));
    expect(Array.from(once.orders)).toEqual([2, 0]);
    expect(once.elapsed[0]).toBe(50);
    expect(once.usualGap[0]).toBeCloseTo(50, 9);
    expect(once.again[1]).toBeNaN();
    expect(once.within(7)[1]).toBeNaN();
  });

  it("stands on its priors with a handful of customers, and says so", async () => {
    const model = await nextOrder().fit({ offsets: [0, 1, 3], days: [5, 1, 31], asOf: 40 });
    expect(model.priorShare).toBeGreaterThan(0.5);
    const { date, again } = model.forecast({ offsets: [0, 1], days: [30], asOf: 40 });
    expect(date(0.5)[0]).toBeGreaterThan(5);
    expect(date(0.5)[0]).toBeLessThan(400);
    expect(again[0]).toBeGreaterThan(0.1);
  });

  it("stays finite for a customer of ten years' daily orders, and for one silent for ten years", async () => {
    const daily = Array.from({ length: 3650 }, (_, day) => 16_000 + day);
    const model = await fitted;
    const { date, again } = model.forecast({
      offsets: [0, 3650, 3651],
      days: [...daily, 16_000],
      asOf: 19_650,
    });
    expect(date(0.5)[0]).toBeLessThan(2);
    expect(again[1]).toBeLessThan(0.2);
    expect(Number.isFinite(date(0.9)[1])).toBe(true);
  });

  it("refuses a history that does not fit together", async () => {
    const estimator = nextOrder();
    await expect(estimator.fit({ offsets: [0, 2], days: [1], asOf: 9 })).rejects.toThrow(/offsets/);
    await expect(estimator.fit({ offsets: [0, 2], days: [5, 1], asOf: 9 })).rejects.toThrow(
      /days of customer 0 must ascend/,
    );
    await expect(estimator.fit({ offsets: [0, 1], days: [9], asOf: 9 })).rejects.toThrow(
      /nobody .* has ordered/,
    );
    await expect(
      estimator.fit({ offsets: [0, 1], days: [1], asOf: 9, groups: [0, 1] }),
    ).rejects.toThrow(/2 groups for 1 customers/);
    await expect(estimator.fit(shop, { signal: AbortSignal.abort() })).rejects.toThrow(/Stopped/);
  });
});
