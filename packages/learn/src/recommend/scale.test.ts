import { describe, expect, it } from "vitest";
import { random } from "../random.js";
import { contenders } from "./contenders.js";
import { blendReach, costs, grown, reach, shapeOf } from "./cost.js";
import { historiesOf } from "./histories.js";
import { plantedTastes } from "./planted.fixture.js";
import { raceRecommenders } from "./race.js";
import { someUsers } from "./sample.js";
import { shortened } from "./shortened.js";
import { transitions } from "./transitions.js";
import type { Interactions } from "./types.js";

const data = plantedTastes(300, 40, 7);

describe("histories in order", () => {
  it("are those of the same pairs in any order, and are not copied", () => {
    const sorted = historiesOf("test", data);
    const { indices, values, pointers } = sorted.entries;
    const users = new Int32Array(indices.length);
    for (let user = 0; user < data.userCount; user++)
      users.fill(user, pointers[user], pointers[user + 1]);
    const { segments = new Int32Array(0) } = data;
    const times = sorted.times ?? new Float64Array(0);
    const inOrder = { ...data, users, items: indices, weights: values, times, segments };
    const again = historiesOf("test", inOrder);
    expect(again).toEqual(sorted);
    expect(again.entries.indices).toBe(indices);
    expect(again.entries.values).toBe(values);
    // the first pair twice is out of order, and is one of its summed weight
    const twice = historiesOf("test", {
      ...inOrder,
      users: Int32Array.of(users[0], ...users),
      items: Int32Array.of(indices[0], ...indices),
      weights: Float32Array.of(2, ...values),
      times: Float64Array.of(0, ...times),
    });
    expect(twice.entries.indices).toEqual(indices);
    expect(twice.entries.values[0]).toBe(values[0] + 2);
  });
});

describe("some users", () => {
  it("come with all they had, and are the same for the same seed", () => {
    const most = Math.round(data.users.length / 3);
    const some = someUsers(data, most, 3);
    expect(some.users.length / most).toBeGreaterThan(0.8);
    expect(some.users.length / most).toBeLessThan(1.2);
    expect(someUsers(data, most, 3)).toEqual(some);
    expect(someUsers(data, data.users.length, 3)).toBe(data);
    const own = ({ users, items, weights, times, segments }: Interactions, user: number) => [
      segments?.[user],
      ...[...users.keys()]
        .filter((row) => users[row] === user)
        .map((row) => [items[row], weights?.[row], times?.[row]]),
    ];
    const theirs = new Set(
      Array.from({ length: data.userCount }, (_, user) => JSON.stringify(own(data, user))),
    );
    for (let user = 0; user < some.userCount; user++)
      expect(theirs.has(JSON.stringify(own(some, user)))).toBe(true);
  });
});

describe("histories that are too long to be paired", () => {
  const entries = {
    rows: 2,
    columns: 10,
    pointers: Int32Array.of(0, 6, 8),
    indices: Int32Array.of(0, 1, 2, 3, 4, 5, 2, 3),
    values: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8),
  };
  const of = (times?: Float64Array) => ({ entries, times, segments: undefined });
  it("keep what is latest, or entries far apart", () => {
    expect(shortened(of(), 40)).toBe(entries);
    const byTime = shortened(of(Float64Array.of(9, 1, 7, 8, 2, 3, 0, 0)), 14);
    expect([...byTime.indices]).toEqual([0, 2, 3, 2, 3]);
    expect([...byTime.values]).toEqual([1, 3, 4, 7, 8]);
    expect([...byTime.pointers]).toEqual([0, 3, 5]);
    expect([...shortened(of(), 14).indices]).toEqual([1, 3, 5, 2, 3]);
  });
});

describe("transitions", () => {
  it("are those of a plain count over pairs of each history", async () => {
    const draw = random(5);
    // many at the same time
    const times = Float64Array.from(data.users, () => draw.below(6));
    const histories = historiesOf("test", { ...data, times });
    const rules = { window: 3, stepHalfLife: 2, neighbours: 40, shrinkage: 5 };
    const { pointers, indices, values } = await transitions(histories, rules, {});
    const leads = Array.from({ length: 40 }, () => new Map<number, number>());
    const led = new Float64Array(40);
    const lead = (from: number, to: number, steps: number) => {
      const weight = 2 ** ((1 - steps) / 2);
      leads[from].set(to, (leads[from].get(to) ?? 0) + weight);
      led[from] += weight;
    };
    const { entries, times: last = new Float64Array(0) } = histories;
    for (let user = 0; user < entries.rows; user++) {
      const own = [...entries.indices.keys()]
        .slice(entries.pointers[user], entries.pointers[user + 1])
        .sort((one, other) => last[one] - last[other] || one - other);
      own.forEach((one, at) => {
        own.slice(at + 1, at + 4).forEach((other, after) => {
          lead(entries.indices[one], entries.indices[other], after + 1);
          if (last[one] === last[other])
            lead(entries.indices[other], entries.indices[one], after + 1);
        });
      });
    }
    leads.forEach((counts, item) => {
      const [from, to] = [pointers[item], pointers[item + 1]];
      expect([...indices.subarray(from, to)]).toEqual(
        [...counts.keys()].sort((one, other) => one - other),
      );
      for (let at = from; at < to; at++)
        expect(values[at]).toBeCloseTo((counts.get(indices[at]) ?? 0) / (led[item] + 5), 6);
    });
  });
});

describe("contenders", () => {
  const names = (items: number, pairs: number) => {
    const few = { ...data, itemCount: items };
    const full = grown(shapeOf(few), pairs);
    return { full, ...contenders(few, full, 1, 1) };
  };

  it("are all tried on what is small", () => {
    const { families, outOfReach } = names(40, 0);
    expect(families.map(({ name }) => name)).toEqual([
      "popularity",
      "item-knn",
      "rp3beta",
      "ease",
      "spectral",
      "ials",
      "sequence",
    ]);
    expect(outOfReach).toEqual([]);
  });

  it("are within reach of a million people's, and what is not is named", () => {
    const { families, outOfReach, full } = names(50_000, 8_000_000);
    expect(full.users).toBeGreaterThan(500_000);
    expect(outOfReach).toEqual(["ease (more than 20000 items)"]);
    for (const { settings } of families)
      for (const { seconds } of settings) expect(seconds).toBeLessThanOrEqual(reach);
    expect(costs.ials(full, 256, 40, 32)).toBeGreaterThan(reach);
    expect(blendReach).toBeGreaterThanOrEqual(reach);
    expect(names(50_000, 80_000_000_000).outOfReach).toContain("ials");
  });

  it("race on few of many, for what many are to learn", async () => {
    const race = await raceRecommenders(data, { seed: 1, k: 5, pairs: 8e10, threads: 1 });
    expect(race.outOfReach).toContain("ials");
    expect(race.models.map(({ name }) => name)).not.toContain("ials");
    expect(race.raced).toEqual({ users: 300, interactions: data.users.length });
  });
});
