import { expect, it } from "vitest";
import { corrected } from "./human-labels.js";

it("takes the latest word of each window in place of what was observed", () => {
  const given = {
    contacts: Int32Array.of(1, 1, 1, 3, 4, 9),
    at: Float64Array.of(10, 15, 25, 12, 20, 12),
    labels: Uint8Array.of(1, 0, 1, 1, 1, 1),
    origins: {},
  };
  const contacts = Int32Array.of(1, 2, 3, 4, 5);
  const observed = Float64Array.of(1, 1, 1, 0, 0);
  expect(corrected(observed, contacts, given, { from: 10, to: 20 })).toEqual({
    labels: Float64Array.of(0, 1, 1, 0, 0), // the word on 4 is of the day after
    given: 2,
    changed: 1,
  });
  expect(observed[0]).toBe(1);
  expect(corrected(observed, contacts, given, { from: 20, to: 30 }).labels).toEqual(
    Float64Array.of(1, 1, 1, 1, 0),
  );
});
