import { describe, expect, it } from "vitest";
import { LearnError } from "../error.js";
import { random } from "../random.js";
import { rfmRanks } from "./rfm.js";

describe("rfmRanks", () => {
  it("ranks ten different customers two by two, the most recent best", () => {
    const values = Float64Array.from({ length: 10 }, (_, row) => row);
    const ranks = rfmRanks({ recency: values, frequency: values, monetary: values });
    expect([...ranks.frequency]).toEqual([1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
    expect([...ranks.monetary]).toEqual([...ranks.frequency]);
    expect([...ranks.recency]).toEqual([5, 5, 4, 4, 3, 3, 2, 2, 1, 1]);
  });

  it("gives equal customers equal ranks, -0 and 0 among them", () => {
    const once = Float64Array.of(1, 1, 1, 1, 1, 1, 2, 2, 3, 9);
    const spent = Float64Array.of(0, -0, 0, -0, 5, 5, 5, 5, 5, 5);
    const { frequency, monetary } = rfmRanks({ recency: once, frequency: once, monetary: spent });
    expect([...frequency]).toEqual([3, 3, 3, 3, 3, 3, 4, 4, 5, 5]);
    expect([...monetary]).toEqual([2, 2, 2, 2, 5, 5, 5, 5, 5, 5]);
  });

  it("does not depend on the order of the customers", () => {
    const { below } = random(2);
    const values = Float64Array.from({ length: 500 }, () => below(40));
    const forwards = rfmRanks({ recency: values, frequency: values, monetary: values });
    const turned = values.toReversed();
    const backwards = rfmRanks({ recency: turned, frequency: turned, monetary: turned });
    expect(backwards.recency.toReversed()).toEqual(forwards.recency);
    expect(backwards.monetary.toReversed()).toEqual(forwards.monetary);
  });

  it("takes one customer, none, and refuses what is not a number", () => {
    const one = Float64Array.of(3);
    expect(rfmRanks({ recency: one, frequency: one, monetary: one }).recency).toEqual(
      Uint8Array.of(5),
    );
    const none = new Float64Array(0);
    expect(rfmRanks({ recency: none, frequency: none, monetary: none }).recency).toHaveLength(0);
    const gap = Float64Array.of(Number.NaN);
    expect(() => rfmRanks({ recency: one, frequency: gap, monetary: one })).toThrow(LearnError);
    expect(() => rfmRanks({ recency: one, frequency: none, monetary: one })).toThrow(
      '"frequency" has 0 values',
    );
  });
});
