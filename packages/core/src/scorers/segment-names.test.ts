import { describe, expect, it } from "vitest";
import { segmentNames, segmentOf } from "./segment-names.js";

describe("segmentOf", () => {
  it("has a name for every corner of the grid, and uses every name", () => {
    const used = new Set<string>();
    for (let recency = 1; recency <= 5; recency++)
      for (let frequency = 1; frequency <= 5; frequency++)
        for (let money = 1; money <= 5; money++)
          for (const newcomer of [true, false])
            used.add(segmentOf(recency, frequency, money, newcomer));
    expect([...used].sort()).toEqual(segmentNames.map(({ name }) => name as string).sort());
  });

  it("puts the obvious where they belong", () => {
    expect(segmentOf(5, 5, 5, false)).toBe("champions");
    expect(segmentOf(1, 1, 1, false)).toBe("hibernating");
    expect(segmentOf(1, 5, 5, false)).toBe("cannot lose");
    expect(segmentOf(2, 4, 4, false)).toBe("at risk");
    expect(segmentOf(5, 1, 1, true)).toBe("new");
    expect(segmentOf(5, 1, 1, false)).toBe("promising");
  });
});
